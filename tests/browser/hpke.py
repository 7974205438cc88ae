"""Opens what a browser sealed: HPKE (RFC 9180) in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

Written from the RFC by itself, with Python's own HMAC and `cryptography`; held by what an independent library sealed.
"""

import base64
import hmac

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

INFO = b"sicantik-companion secret 1"
POINT_BYTES = 65
"""An uncompressed point on P-256."""
_KEM = b"KEM" + bytes.fromhex("0010")
_HPKE = b"HPKE" + bytes.fromhex("0010 0001 0002")


def open_secret(private_key: str, database_uuid: str, name: str, sealed: str) -> str:
    """The secret; `InvalidTag` where it is none of this key, this database and this name."""
    raw = base64.b64decode(sealed, validate=True)
    own = ec.derive_private_key(int.from_bytes(base64.b64decode(private_key)), ec.SECP256R1())
    point, ciphertext = raw[:POINT_BYTES], raw[POINT_BYTES:]
    shared_x = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    numbers = own.public_key().public_numbers()
    public = b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)
    shared = _expand(_KEM, _extract(_KEM, b"", b"eae_prk", shared_x), b"shared_secret", point + public, 32)
    context = b"\0" + _extract(_HPKE, b"", b"psk_id_hash", b"") + _extract(_HPKE, b"", b"info_hash", INFO)
    secret = _extract(_HPKE, shared, b"secret", b"")
    key, nonce = _expand(_HPKE, secret, b"key", context, 32), _expand(_HPKE, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, f"{database_uuid}\n{name}".encode()).decode()


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, pseudorandom: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(pseudorandom, labelled + b"\x01", "sha256")[:length]
