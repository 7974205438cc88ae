"""An authority for tests, and what pyHanko makes with its certificates."""

import secrets
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from signatures.people import issue


class Authority:
    """Its own key and certificate, and those that it gives out."""

    def __init__(self) -> None:
        self._own = issue("CA Contoh untuk Pengujian", kind="rsa2048", is_authority=True)
        self.pem = self._own.pem().decode()

    def signer(self, name: str) -> signers.SimpleSigner:
        return issue(name, self._own, kind="rsa2048").signer()

    def verify(self, pdf: bytes) -> list[tuple[str, str, bool, bool]]:
        """Of each signature: whose, when, whether it is intact, and whether this authority made its certificate."""
        found = []
        trusts = ValidationContext(trust_roots=[self._own.asn1], allow_fetching=False)
        for embedded in PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures:
            status = validate_pdf_signature(embedded, trusts)
            when = embedded.self_reported_timestamp
            name = embedded.signer_cert.subject.native["common_name"]
            intact = status.intact and status.valid and status.docmdp_ok
            found.append((name, when.isoformat() if when else "", bool(intact), status.trusted))
        return found


def sign(pdf: bytes, signer: signers.SimpleSigner, reason: str | None, location: str | None) -> bytes:
    """The file with one more signature behind its own bytes."""
    about = signers.PdfSignatureMetadata(
        field_name=f"Tanda-{secrets.token_hex(4)}",
        reason=reason,
        location=location,
        name=signer.subject_name,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    return signers.PdfSigner(about, signer).sign_pdf(writer).getvalue()
