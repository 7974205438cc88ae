"""What pyHanko says of a file, in the worker's words."""

from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .people import cast, revoked

_ORDER = ("failed", "cannot_tell", "passed")
_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False, extd_key_usage={"email_protection"}
)


def judge(file: bytes) -> tuple[str, str]:
    """`passed`, `failed` or `cannot_tell`, and what it says."""
    try:
        reader = PdfFileReader(BytesIO(file))
        found = list(reader.embedded_signatures)
        said = [_one(signature, reader) for signature in found]
    except Exception as error:  # whatever a forged file leads to
        return "failed", f"{type(error).__name__}: {error}"[:300]
    if not said:
        return "cannot_tell", "no signature"
    verdict = min((one for one, _ in said), key=_ORDER.index)
    return verdict, " | ".join(words for _, words in said)[:600]


def _context(root: str, reader: PdfFileReader) -> ValidationContext:
    """With what the file brings along."""
    lists = [revoked()] if root == "root" else []
    given = {"trust_roots": [cast()[root].asn1], "allow_fetching": False, "revocation_mode": "soft-fail"}
    try:
        found = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ValidationContext(crls=[one.dump() for one in lists], **given)
    return ValidationContext(
        crls=[*(one.dump() for one in lists), *(one.get_object().data for one in found.crls)],
        ocsps=[one.get_object().data for one in found.ocsps],
        other_certs=list(found.load_certs()),
        **given,
    )


def _one(signature, reader: PdfFileReader) -> tuple[str, str]:
    if signature.sig_object["/SubFilter"] == "/ETSI.RFC3161":
        status = validate_pdf_timestamp(signature, _context("clock", reader))
        is_allowed, stamp = not isinstance(status.diff_result, SuspiciousModification), None
    else:
        status = validate_pdf_signature(
            signature, _context("root", reader), ts_validation_context=_context("clock", reader), key_usage_settings=_USAGE
        )
        is_allowed, stamp = status.docmdp_ok, status.timestamp_validity
    words = status.summary() + f" {status.coverage.name}"
    is_whole = status.coverage.value >= SignatureCoverageLevel.ENTIRE_REVISION.value
    if not (status.intact and status.valid and is_allowed and is_whole):
        return "failed", words
    if stamp is not None and not (stamp.intact and stamp.valid):
        return "failed", words
    if not status.trusted or (stamp is not None and not stamp.trusted):
        return "cannot_tell", f"{words} {status.trust_problem_indic}"
    return "passed", words
