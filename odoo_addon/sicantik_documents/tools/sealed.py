"""A file sealed to the worker's public key: HPKE (RFC 9180) in base mode, with
DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM.

The body of an upload is the sender's point (65 bytes), the length of the sealed head
(4 bytes, big endian), the sealed head, and the sealed pieces, one after the other.
docs/interfaces.md has the form.
"""

import hmac
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

INFO = b"sicantik-companion upload 1"
# Of clear text, in all pieces but the last one.
PIECE_BYTES = 64 * 1024
# Of clear text, at most.
HEAD_BYTES = 8 * 1024
LENGTH_BYTES = 4

# What the messages are bound to.
HEAD, PIECE, LAST = b"head", b"piece", b"last"

_KEM = b"KEM" + (0x0010).to_bytes(2, "big")
_HPKE = b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (0x0010, 0x0001, 0x0002))
_VERSION = b"HPKE-v1"
_MODE_BASE = b"\x00"
_HASH_BYTES, _KEY_BYTES, _NONCE_BYTES = 32, 32, 12


class Sender:
    """The sender's context: seals one message after the other.

    ``public_key`` is the receiver's uncompressed point; ValueError where it is no point
    of the curve. ``own`` is the key of this one context; a test may give it.
    """

    def __init__(self, public_key, info=INFO, own=None):
        curve = ec.SECP256R1()
        receiver = ec.EllipticCurvePublicKey.from_encoded_point(curve, public_key)
        own = own or ec.generate_private_key(curve)
        # What goes before the messages: the sender's own point.
        self.point = own.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        exchanged = own.exchange(ec.ECDH(), receiver)
        key, self._nonce = _schedule(exchanged, self.point + public_key, info)
        self._aead = AESGCM(key)
        self._sequence = 0

    def seal(self, clear, bound_to):
        """The next message; 16 bytes longer than ``clear``."""
        nonce = int.from_bytes(self._nonce, "big") ^ self._sequence
        self._sequence += 1
        return self._aead.encrypt(nonce.to_bytes(_NONCE_BYTES, "big"), clear, bound_to)


def seal(public_key, head, pieces):
    """Yield the body: ``head`` (a dict), and ``pieces``, a list of the file's pieces of
    PIECE_BYTES, which is emptied meanwhile. So a file is in memory once.

    An empty file has one empty piece.
    """
    sender = Sender(public_key)
    message = sender.seal(json.dumps(head).encode(), HEAD)
    yield sender.point + len(message).to_bytes(LENGTH_BYTES, "big") + message
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        yield sender.seal(piece, PIECE if pieces else LAST)


def _schedule(exchanged, points, info):
    """``(key, base nonce)`` of a context, by RFC 9180, 4.1 and 5.1."""
    secret = _extract(_KEM, b"", b"eae_prk", exchanged)
    shared = _expand(_KEM, secret, b"shared_secret", points, _HASH_BYTES)
    hashes = [
        _extract(_HPKE, b"", label, text)
        for label, text in ((b"psk_id_hash", b""), (b"info_hash", info))
    ]
    context = _MODE_BASE + b"".join(hashes)
    secret = _extract(_HPKE, shared, b"secret", b"")
    return (
        _expand(_HPKE, secret, b"key", context, _KEY_BYTES),
        _expand(_HPKE, secret, b"base_nonce", context, _NONCE_BYTES),
    )


def _extract(suite, salt, label, material):
    return hmac.digest(salt, _VERSION + suite + label + material, "sha256")


def _expand(suite, pseudorandom, label, info, length):
    """At most one block, which is all that is asked for."""
    labelled = length.to_bytes(2, "big") + _VERSION + suite + label + info
    return hmac.digest(pseudorandom, labelled + b"\x01", "sha256")[:length]
