"""Authorities, signers and a service that gives the time, all for tests."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys, ocsp
from asn1crypto import x509 as asn1
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp as x509_ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.now(UTC).replace(microsecond=0)
LISTED = ("Dicabut", "Wayan", "Nyoman", "Nyoman Dicabut")
"""Whose certificates say where to ask: pyHanko looks at no list and no answer otherwise."""
_DAY = timedelta(days=1)
_DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_USAGES = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
]


def pss(digest: str, salt: int) -> SignedDigestAlgorithm:
    """With a salt of so many bytes."""
    inner = {"algorithm": digest}
    parameters = {"hash_algorithm": inner, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": inner}, "salt_length": salt}
    return SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


class Person:
    """A key, and what somebody says of it."""

    def __init__(self, name: str, key: Any, certificate: x509.Certificate, above: tuple["Person", ...]) -> None:
        self.name, self.key, self.certificate, self.above = name, key, certificate, above
        self.asn1 = asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def private(self) -> keys.PrivateKeyInfo:
        der = self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return keys.PrivateKeyInfo.load(der)

    def signer(self, *, how: SignedDigestAlgorithm | None = None, with_chain: bool = True) -> signers.SimpleSigner:
        known = SimpleCertificateStore()
        known.register_multiple([one.asn1 for one in self.above] if with_chain else [])
        return signers.SimpleSigner(self.asn1, self.private(), known, signature_mechanism=how)

    def service(self, at: datetime | None = None) -> DummyTimeStamper:
        known = SimpleCertificateStore()
        known.register_multiple([one.asn1 for one in self.above])
        return DummyTimeStamper(self.asn1, self.private(), known, fixed_dt=at)

    def revokes(self, *persons: "Person", at: datetime, made: datetime = NOW - _DAY) -> asn1_crl.CertificateList:
        built = x509.CertificateRevocationListBuilder(self.certificate.subject, made, NOW + 30 * _DAY)
        for person in persons:
            entry = x509.RevokedCertificateBuilder(person.certificate.serial_number, at)
            built = built.add_revoked_certificate(entry.build())
        made_list = built.add_extension(x509.CRLNumber(1), critical=False).sign(self.key, hashes.SHA256())
        return asn1_crl.CertificateList.load(made_list.public_bytes(serialization.Encoding.DER))

    def answers(self, person: "Person", *, revoked: datetime | None = None, by: "Person | None" = None) -> ocsp.OCSPResponse:
        """What became of somebody's certificate, said by this authority or by whom it is said to let speak."""
        speaker = by or self
        status = x509_ocsp.OCSPCertStatus.REVOKED if revoked else x509_ocsp.OCSPCertStatus.GOOD
        built = (
            x509_ocsp.OCSPResponseBuilder()
            .add_response(person.certificate, self.certificate, hashes.SHA1(), status, NOW - _DAY, NOW + 30 * _DAY, revoked, None)
            .responder_id(x509_ocsp.OCSPResponderEncoding.HASH, speaker.certificate)
            .certificates([speaker.certificate])
            .sign(speaker.key, hashes.SHA256())
        )
        return ocsp.OCSPResponse.load(built.public_bytes(serialization.Encoding.DER))


def _key(kind: str) -> Any:
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[kind])


def issue(
    name: str,
    by: Person | None = None,
    *,
    kind: str = "p256",
    is_authority: bool = False,
    start: datetime = NOW - 400 * _DAY,
    end: datetime = NOW + 400 * _DAY,
    usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    uses: tuple[Any, ...] | None = (ExtendedKeyUsageOID.EMAIL_PROTECTION, _DOCUMENTS),
    digest: Any = None,
    key: Any = None,
) -> Person:
    """A certificate by that authority, or by itself."""
    key = key or _key(kind)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DPMPTSP Contoh")]
    )
    granted = ("key_cert_sign", "crl_sign") if is_authority else usage
    built = (
        x509.CertificateBuilder(by.certificate.subject if by else subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{one: one in granted for one in _USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if name in LISTED:
        address = x509.UniformResourceIdentifier("http://crl.example.org/contoh.crl")
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.example.org/")
        )
        built = built.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        built = built.add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)]), critical=False
        )
    if uses and not is_authority:
        is_time = ExtendedKeyUsageOID.TIME_STAMPING in uses
        built = built.add_extension(x509.ExtendedKeyUsage(list(uses)), critical=is_time)
    if uses and ExtendedKeyUsageOID.OCSP_SIGNING in uses:
        built = built.add_extension(x509.OCSPNoCheck(), critical=False)
    certificate = built.sign(by.key if by else key, digest or hashes.SHA256())
    return Person(name, key, certificate, (by, *by.above) if by else ())


@cache
def cast() -> dict[str, Person]:
    """Everybody, by what they are in the play."""
    root = issue("CA Contoh", kind="rsa2048", is_authority=True)
    middle = issue("CA Antara", root, kind="p384", is_authority=True)
    clock = issue("CA Waktu", kind="p256", is_authority=True)
    stranger = issue("CA Asing", is_authority=True)
    # pyHanko's service has RSA only.
    time = {"kind": "rsa2048", "uses": (ExtendedKeyUsageOID.TIME_STAMPING,), "usage": ("digital_signature",)}
    return {
        "root": root,
        "middle": middle,
        "clock": clock,
        "stranger_root": stranger,
        "rsa2048": issue("Budi", root, kind="rsa2048"),
        "rsa3072": issue("Siti", root, kind="rsa3072"),
        "p256": issue("Wayan", root),
        "p384": issue("Ketut", root, kind="p384"),
        "p521": issue("Made", root, kind="p521"),
        "below_middle": issue("Nyoman", middle),
        "revoked_below": issue("Nyoman Dicabut", middle),
        "speaker": issue("Juru Bicara", middle, uses=(ExtendedKeyUsageOID.OCSP_SIGNING,), usage=("digital_signature",)),
        "weak": issue("Lemah", root, kind="rsa1024"),
        "expired": issue("Dahulu", root, end=NOW - 30 * _DAY),
        "early": issue("Kelak", root, start=NOW + 30 * _DAY),
        "revoked": issue("Dicabut", root),
        "server": issue("peladen", root, uses=(ExtendedKeyUsageOID.SERVER_AUTH,)),
        "sealing": issue("Kunci", root, usage=("key_encipherment",)),
        "below_person": issue("Palsu", issue("Bukan CA", root, usage=("digital_signature", "content_commitment"))),
        "stranger": issue("Orang Asing", stranger),
        "alone": issue("Sendiri"),
        "time": issue("Waktu", clock, **time),
        "time_p384": issue("Waktu Kurva", clock, **(time | {"kind": "p384"})),
        "old_time": issue("Waktu Lama", clock, end=NOW - 10 * _DAY, **time),
        "stranger_time": issue("Waktu Asing", stranger, **time),
        "no_time": issue("Bukan Waktu", clock, kind="rsa2048"),
    }


def write(folder: Path) -> None:
    """What an office would be given to trust."""
    everybody = cast()
    (folder / "root.pem").write_bytes(everybody["root"].pem())
    (folder / "clock.pem").write_bytes(everybody["clock"].pem())
    (folder / "revoked.crl").write_bytes(revoked().dump())


@cache
def revoked() -> asn1_crl.CertificateList:
    """The list of the authority."""
    everybody = cast()
    return everybody["root"].revokes(everybody["revoked"], at=NOW - 20 * _DAY)
