"""Opens what Odoo sealed, as the worker does: HPKE (RFC 9180) in base mode, written
from the RFC by itself and not from what it holds."""

import hmac
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

INFO = b"sicantik-companion upload 1"
POINT, TAG, PIECE = 65, 16, 65536
KEM, HPKE = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"


def public_point(private_key):
    numbers = private_key.public_key().public_numbers()
    return b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


def open_body(private_key, raw):
    """``(head, clear bytes)``; InvalidTag where anything of it was changed."""
    point, rest = raw[:POINT], raw[POINT:]
    key, base = _context(private_key, point)
    length = int.from_bytes(rest[:4], "big")
    messages, rest = [(rest[4 : 4 + length], b"head")], rest[4 + length :]
    while rest:
        one, rest = rest[: PIECE + TAG], rest[PIECE + TAG :]
        messages.append((one, b"piece" if rest else b"last"))
    opened = []
    for sequence, (message, bound_to) in enumerate(messages):
        nonce = (int.from_bytes(base, "big") ^ sequence).to_bytes(12, "big")
        opened.append(AESGCM(key).decrypt(nonce, message, bound_to))
    return json.loads(opened[0]), b"".join(opened[1:])


def _context(private_key, point):
    curve = ec.SECP256R1()
    public = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    exchanged = private_key.exchange(ec.ECDH(), public)
    both = point + public_point(private_key)
    secret = _expand(
        KEM, _extract(KEM, b"", b"eae_prk", exchanged), b"shared_secret", both, 32
    )
    context = b"\x00" + _extract(HPKE, b"", b"psk_id_hash", b"")
    context += _extract(HPKE, b"", b"info_hash", INFO)
    secret = _extract(HPKE, secret, b"secret", b"")
    return (
        _expand(HPKE, secret, b"key", context, 32),
        _expand(HPKE, secret, b"base_nonce", context, 12),
    )


def _extract(suite, salt, label, material):
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite, key, label, info, length):
    text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01"
    return hmac.digest(key, text, "sha256")[:length]
