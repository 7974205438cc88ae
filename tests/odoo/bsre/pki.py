"""An authority for tests, and what pyHanko makes with its certificates."""

import secrets
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

_DAYS = timedelta(days=30)
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


class Authority:
    """Its own key and certificate, and those that it gives out."""

    def __init__(self) -> None:
        self._key = _new_key()
        self._name = _named("CA Contoh untuk Pengujian")
        self._certificate = self._issue(self._name, self._key, is_authority=True)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def signer(self, name: str, email: str) -> signers.SimpleSigner:
        key = _new_key()
        certificate = self._issue(_named(name, email), key, is_authority=False)
        known = SimpleCertificateStore()
        known.register(_as_asn1(self._certificate))
        der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return signers.SimpleSigner(_as_asn1(certificate), keys.PrivateKeyInfo.load(der), known)

    def _issue(self, subject: x509.Name, key: rsa.RSAPrivateKey, *, is_authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
        usage |= {"digital_signature": not is_authority, "content_commitment": not is_authority}
        usage |= {"key_cert_sign": is_authority, "crl_sign": is_authority}
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAYS)
            .not_valid_after(now + _DAYS)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
        )
        if not is_authority:
            wanted = [ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENT_SIGNING]
            built = built.add_extension(x509.ExtendedKeyUsage(wanted), critical=False)
        return built.sign(self._key, hashes.SHA256())

    def verify(self, pdf: bytes) -> list[tuple[str, str, bool, bool]]:
        """Of each signature: whose, when, whether it is intact, and whether this authority made its certificate."""
        found = []
        trusts = ValidationContext(trust_roots=[_as_asn1(self._certificate)], allow_fetching=False)
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


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _named(name: str, email: str | None = None) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kantor Contoh"),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.EMAIL_ADDRESS, email)] if email else []))


def _as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
