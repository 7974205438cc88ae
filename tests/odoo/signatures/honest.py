"""Files whose signatures are what they say, and those that nobody can tell of."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from .making import CMS, Case, by_hand, long_term, sign, stamp_document, with_answers
from .openssl_clock import OpensslClock
from .people import NOW, cast, pss
from .sheets import by_qpdf, sheet

WITHOUT_TIME = "a signature holds without its time-stamp, too: the time then counts as not proven"
PROVEN = "a trusted time-stamp proves that the signature is older than the end of its certificate"
WHO_ASKS = "whoever wants to know of a revocation for certain asks for it; here, it is told as not known"
LATE = "the time is proven, so it is certain that the signature came too late"
NOT_SIGNED = "what was filled into a form is not signed, and a permit is its words"


def cases(folder: Path) -> list[Case]:
    """With a folder for those that qpdf writes."""
    return [*_kinds(), *_written(folder), *_times(), *_by_openssl(folder), *_answers(), *_several(), *_people(), *_forms()]


def _kinds() -> list[Case]:
    plain = sheet()
    made = [Case(f"by {person}", sign(plain, person), "passed") for person in ("rsa2048", "rsa3072", "p256", "p384")]
    for person, digest in (("rsa2048", "sha384"), ("rsa3072", "sha512"), ("p256", "sha384"), ("p384", "sha384")):
        made.append(Case(f"{digest} by {person}", sign(plain, person, digest=digest), "passed"))
    made += [
        Case("PSS", sign(plain, "rsa2048", how=pss("sha256", 32)), "passed"),
        Case("PSS with SHA-512", sign(plain, "rsa3072", how=pss("sha512", 64), digest="sha512"), "passed"),
        Case(
            "PSS with a longer salt",
            sign(plain, "rsa2048", how=pss("sha256", 222)),
            "cannot_tell:algorithm",
            "ring knows one length of salt",
        ),
        Case("older rules", sign(plain, "rsa2048", subfilter=CMS), "passed"),
        Case("by hand", by_hand(plain), "passed"),
        Case(
            "in the field itself", by_hand(plain, direct=True), "passed", "pyHanko wants a signature to be an object of its own"
        ),
        Case("below another authority", sign(plain, "below_middle"), "passed"),
        Case("P-521", sign(plain, "p521"), "cannot_tell:algorithm", "ring knows no P-521"),
        Case(
            "SHA-512 by P-256", sign(plain, "p256", digest="sha512"), "cannot_tell:algorithm", "ring knows no SHA-512 with P-256"
        ),
        Case("visible", sign(plain, "p256", spec=SigFieldSpec("TTE1", on_page=0, box=(20, 20, 200, 80))), "passed"),
    ]
    return made


def _written(folder: Path) -> list[Case]:
    packed = by_qpdf(sheet(), folder, "--object-streams=generate")
    forms = by_qpdf(sheet(form=True), folder, "--object-streams=generate")
    return [
        Case("unsigned", sheet(), "cannot_tell:no_signature"),
        Case("table as a stream", sign(packed, "p256"), "passed"),
        Case("table as a stream, twice", sign(sign(packed, "p256"), "rsa2048", "TTE2"), "passed"),
        Case("form in an object stream", sign(sign(forms, "p256"), "p384", "TTE2"), "passed"),
        Case("linearised", sign(by_qpdf(sheet(), folder, "--linearize"), "p256"), "passed"),
        Case("linearised, twice", sign(sign(by_qpdf(sheet(), folder, "--linearize"), "p256"), "p384", "TTE2"), "passed"),
        Case("readable", sign(by_qpdf(sheet(), folder, "--qdf"), "p256"), "passed"),
        Case("encrypted", by_qpdf(sign(sheet(), "p256"), folder, "--encrypt", "", "owner", "256", "--"), "cannot_tell:encrypted",
             "pyHanko wants a password first, and the signature is gone in any case"),
        Case("space behind the end", sign(sheet(), "p256") + b"\n\n", "passed"),
    ]  # fmt: skip


def _times() -> list[Case]:
    plain, known = sheet(), cast()
    before_end = NOW - timedelta(days=40)
    service, old = known["time"].service, known["old_time"].service(before_end)
    lasting = long_term(plain, "p256")
    return [
        Case("B-T", sign(plain, "rsa2048", service=service()), "passed"),
        Case("B-T by older rules", sign(plain, "rsa2048", subfilter=CMS, service=service()), "passed"),
        Case("B-LT", lasting, "passed"),
        Case("B-LTA", stamp_document(lasting), "passed"),
        Case("B-LT, then another signer", long_term(lasting, "rsa2048", "TTE2"), "passed"),
        Case("time-stamp of the document alone", stamp_document(plain), "passed"),
        Case("time-stamp with a fraction", sign(plain, "p256", service=service(NOW.replace(microsecond=250_000))), "passed"),
        Case("time-stamp of strangers", sign(plain, "p256", service=known["stranger_time"].service()), "passed", WITHOUT_TIME),
        Case("time-stamp of one who may not", sign(plain, "p256", service=known["no_time"].service()), "passed", WITHOUT_TIME),
        Case("time-stamp, since expired", sign(plain, "p256", service=old), "passed", WITHOUT_TIME),
        Case("expired, with the time proven", sign(plain, "expired", service=service(before_end)), "passed", PROVEN),
        Case("expired before the time-stamp", sign(plain, "expired", service=service()), "cannot_tell:expired"),
        Case("revoked after the time-stamp", sign(plain, "revoked", service=service(before_end)), "passed", PROVEN),
        Case("revoked, as a list says", sign(plain, "revoked", subfilter=CMS), "cannot_tell:revoked_undated"),
        Case("revoked before the time-stamp", sign(plain, "revoked", service=service()), "failed:revoked",
             LATE),
        Case("before its certificate", sign(plain, "early", service=service()), "failed:not_yet_valid",
             "the time is proven, so it is certain that the signature came too early"),
    ]  # fmt: skip


def _by_openssl(folder: Path) -> list[Case]:
    plain, known = sheet(), cast()
    clocks = {
        "RSA": {"person": known["time"]},
        "P-384": {"person": known["time_p384"], "tsa_name": True},
        "older name of the certificate": {"person": known["time"], "ess": "sha1"},
    }
    return [
        Case(f"time by openssl, {name}", sign(plain, "p256", service=OpensslClock(folder=folder, **clock)), "passed")
        for name, clock in clocks.items()
    ]


def _answers() -> list[Case]:
    """What services say of single certificates, brought along in the file or in the signature."""
    plain, known = sheet(), cast()
    middle, good, bad = known["middle"], known["below_middle"], known["revoked_below"]
    signed, withdrawn, ago = sign(plain, good), sign(plain, bad), NOW - timedelta(days=20)
    stamped = sign(plain, bad, service=known["time"].service())
    spoken = middle.answers(good, by=known["speaker"])
    strange = middle.answers(good, by=known["stranger"])
    revoked = middle.answers(bad, revoked=ago)
    elsewhere = known["stranger_root"].answers(good, revoked=ago)
    return [
        Case("no answer", signed, "passed", None, "unknown"),
        Case("good, says its authority", with_answers(signed, middle.answers(good)), "passed", None, "good"),
        Case("good, says who speaks for it", with_answers(signed, spoken), "passed", None, "good"),
        Case("good, says a stranger", with_answers(signed, strange), "passed", WHO_ASKS, "unknown"),
        Case("revoked, says a stranger", with_answers(signed, elsewhere), "passed", WHO_ASKS, "unknown"),
        Case("good, of somebody else", with_answers(signed, middle.answers(bad)), "passed", WHO_ASKS, "unknown"),
        Case("revoked, says its authority", with_answers(withdrawn, revoked), "cannot_tell:revoked_undated", None, "revoked"),
        Case("revoked before its time-stamp", with_answers(stamped, revoked), "failed:revoked", LATE, "revoked"),
    ]


def _several() -> list[Case]:
    plain = sheet()
    two = sign(sign(plain, "rsa2048"), "p256", "TTE2")
    certified = {level: sign(plain, "p256", certify=True, docmdp_permissions=MDPPerm(level)) for level in (1, 2, 3)}
    waiting = _with_fields(plain, "TTE1", "TTE2")
    one_of_two = sign(waiting, "p256", "TTE1", existing=True)
    box = SigFieldSpec("TTE2", on_page=0, box=(20, 20, 200, 80))
    return [
        Case("two signers", two, "passed"),
        Case("three signers", sign(two, "p384", "TTE3"), "passed"),
        Case("one signer twice", sign(sign(plain, "p256"), "p256", "TTE2"), "passed"),
        Case("second one visible", sign(sign(plain, "p256"), "p384", "TTE2", spec=box), "passed"),
        Case("two that waited", sign(one_of_two, "p384", "TTE2", existing=True), "passed"),
        Case("one of two that waited", one_of_two, "passed"),
        Case("one more field waits", _with_fields(sign(plain, "p256"), "TTE2"), "passed"),
        *[Case(f"certified, P={level}", file, "passed") for level, file in certified.items()],
        Case("certified, P=1, then stamped", stamp_document(certified[1]), "passed"),
        Case("certified, P=1, then signed", sign(certified[1], "p384", "TTE2"), "failed:changed_after"),
        Case("certified, P=2, then signed", sign(certified[2], "p384", "TTE2"), "passed"),
        Case("certified, P=3, then signed", sign(certified[3], "p384", "TTE2"), "passed"),
        Case("certified, P=2, then signed visibly", sign(certified[2], "p384", "TTE2", spec=box), "failed:changed_after"),
        Case("second signer a stranger", sign(sign(plain, "p256"), "stranger", "TTE2"), "cannot_tell:untrusted"),
    ]


def _with_fields(file: bytes, *names: str) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(file))
    for name in names:
        append_signature_field(writer, SigFieldSpec(name))
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _people() -> list[Case]:
    plain = sheet()
    said = {
        "stranger": "untrusted",
        "alone": "untrusted",
        "expired": "expired",
        "early": "not_yet_valid",
        "revoked": "revoked_undated",
        "server": "usage",
        "sealing": "usage",
        "below_person": "usage",
    }
    made = [Case(f"signer: {person}", sign(plain, person), f"cannot_tell:{reason}") for person, reason in said.items()]
    made.append(Case("an authority is missing", sign(plain, "below_middle", with_chain=False), "cannot_tell:untrusted"))
    made.append(
        Case(
            "a key of 1,024 bits", sign(plain, "weak"), "failed:weak_key", "a key that others can work out is no proof of anybody"
        )
    )
    return made


def _forms() -> list[Case]:
    plain = sheet(form=True)
    certified = {level: sign(plain, "p256", certify=True, docmdp_permissions=MDPPerm(level)) for level in (1, 2)}
    locked = sign(plain, "p256", spec=SigFieldSpec("TTE1", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)))
    return [
        Case("with a form", sign(plain, "p256"), "passed"),
        Case("form filled in", _filled(sign(plain, "p256")), "cannot_tell:form_filled", NOT_SIGNED),
        Case(
            "form filled in, then signed again",
            sign(_filled(sign(plain, "p256")), "p384", "TTE2"),
            "cannot_tell:form_filled",
            NOT_SIGNED,
        ),
        Case("form filled in before it was signed", sign(_filled(plain), "p256"), "passed"),
        Case("certified, P=1, form filled in", _filled(certified[1]), "failed:changed_after"),
        Case("certified, P=2, form filled in", _filled(certified[2]), "cannot_tell:form_filled", NOT_SIGNED),
        Case("locked, form filled in", _filled(locked), "failed:changed_after"),
        Case("locked, then signed", sign(locked, "p384", "TTE2"), "failed:changed_after"),
    ]


def _filled(file: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(file))
    fields = [field.get_object() for field in writer.root["/AcroForm"]["/Fields"]]
    field = next(field for field in fields if field["/T"] == "nama")
    field[pdf_name("/V")] = generic.pdf_string("Orang Lain")
    writer.update_container(field)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
