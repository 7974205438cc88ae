"""Signatures as pyHanko makes them, and as nobody should."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from .people import Person, cast, revoked
from .sheets import CATALOG, PAGE, objects, update

PADES, CMS = SigSeedSubFilter.PADES, SigSeedSubFilter.ADOBE_PKCS7_DETACHED
HOLE = 12_000


@dataclass
class Case:
    """A file, and what the worker is to say of it: a verdict, with the code of its reason."""

    name: str
    file: bytes
    expected: str
    why: str | None = None
    """Where pyHanko says something else on purpose."""
    revocation: str | None = None
    """What is known of the first signer's certificate."""


class _Heedless(signers.PdfSigner):
    """Signs also what says that nothing more may be signed."""

    def _enforce_certification_constraints(self, reader: Any) -> None:
        pass


def sign(
    file: bytes,
    person: Person | str,
    field: str = "TTE1",
    *,
    subfilter: SigSeedSubFilter = PADES,
    digest: str = "sha256",
    service: Any = None,
    spec: SigFieldSpec | None = None,
    how: SignedDigestAlgorithm | None = None,
    with_chain: bool = True,
    existing: bool = False,
    **more: Any,
) -> bytes:
    """A further signature, as pyHanko makes it."""
    person = cast()[person] if isinstance(person, str) else person
    writer = IncrementalPdfFileWriter(BytesIO(file))
    settings = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        subfilter=subfilter,
        name=person.name,
        reason="Persetujuan",
        location="Kantor",
        **more,
    )
    signer = _Heedless(settings, person.signer(how=how, with_chain=with_chain), timestamper=service, new_field_spec=spec)
    return signer.sign_pdf(writer, existing_fields_only=existing).getbuffer().tobytes()


def long_term(file: bytes, person: str, field: str = "TTE1", **more: Any) -> bytes:
    """With certificates and lists in the file."""
    known = cast()
    lists = [revoked().dump(), known["clock"].revokes(at=known["root"].certificate.not_valid_before_utc).dump()]
    context = ValidationContext(
        trust_roots=[known["root"].asn1, known["clock"].asn1], crls=lists, allow_fetching=False, revocation_mode="hard-fail"
    )
    return sign(
        file, person, field, service=known["time"].service(), embed_validation_info=True, validation_context=context, **more
    )


def with_answers(file: bytes, *answers: Any) -> bytes:
    """Brings them along for those who look later."""
    written = BytesIO(file)
    lists = [asn1_crl.CertificateList.load(revoked().dump())]
    DocumentSecurityStore.add_dss(written, sig_contents=None, certs=[cast()["middle"].asn1], ocsps=list(answers), crls=lists)
    return written.getvalue()


def stamp_document(file: bytes, person: str = "time", box: tuple[int, int, int, int] | None = None) -> bytes:
    """A time-stamp of the whole document; with a box it takes room on the page, which none needs."""
    writer = IncrementalPdfFileWriter(BytesIO(file))
    if box:
        append_signature_field(writer, SigFieldSpec("Waktu1", on_page=0, box=box))
    stamper = signers.PdfTimeStamper(cast()[person].service(), field_name="Waktu1")
    return stamper.timestamp_pdf(writer, "sha256").getbuffer().tobytes()


def cms(digest: bytes, person: Person | str, *, algorithm: str = "sha256", pades: bool = True) -> bytes:
    """A signature over that digest, without a file."""
    person = cast()[person] if isinstance(person, str) else person
    made = person.signer().async_sign(digest, algorithm, use_pades=pades)
    return asyncio.run(made).dump()


def by_hand(
    file: bytes,
    person: Person | str = "p256",
    *,
    ranges: Callable[[int, int, int], list[int]] | None = None,
    wrapped: Callable[[bytes], bytes] = lambda made: made,
    extra: bytes = b"",
    subfilter: bytes = b"ETSI.CAdES.detached",
    pades: bool = True,
    listed: bool = True,
    behind: bytes = b"",
    flags: int = 3,
    algorithm: str = "sha256",
    direct: bool = False,
    maker: Callable[[bytes], bytes] | None = None,
    range_key: bytes = b"/ByteRange",
) -> bytes:
    """A signature whose every part may be wrong: which bytes it covers (given where the hole begins, where it ends, and how
    long the file is), what becomes of the CMS, what else stands in the dictionary."""
    room = b"[%s]" % (b" " * 60)
    signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s /M (D:20261101120000Z) %s %s /Contents <%s> %s >>" % (
        subfilter, range_key, room, b"0" * HOLE, extra,
    )  # fmt: skip
    value = signature if direct else b"200 0 R"
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (TTE1) /V %s /Rect [0 0 0 0] /F 132 /P 3 0 R >>" % value
    made = objects()
    fields = b"[201 0 R]" if listed else b"[]"
    catalog = made[CATALOG][:-2] + b" /AcroForm << /Fields %s /SigFlags %d >> >>" % (fields, flags)
    page = made[PAGE].replace(b"9 0 R]", b"9 0 R 201 0 R]")
    changed = {201: widget, CATALOG: catalog, PAGE: page} | ({} if direct else {200: signature})
    prepared = update(file, changed) + behind
    start = prepared.index(b"<" + b"0" * HOLE)
    end = start + HOLE + 2
    numbers = (ranges or (lambda start, end, size: [0, start, end, size - end]))(start, end, len(prepared))
    prepared = prepared.replace(room, (b"[%s]" % b" ".join(b"%d" % number for number in numbers)).ljust(len(room)))
    covered = b"".join(prepared[at : at + length] for at, length in zip(numbers[::2], numbers[1::2], strict=False) if at >= 0)
    inside = (
        maker(covered)
        if maker
        else wrapped(cms(hashlib.new(algorithm, covered).digest(), person, algorithm=algorithm, pades=pades))
    )
    return prepared[:start] + (b"<" + inside.hex().encode()).ljust(HOLE + 1, b"0") + b">" + prepared[end:]
