"""The tokens that show who speaks: of the application to Vonage (RS256), and of Vonage to the business (HS256)."""

import base64
import binascii
import hashlib
import hmac
import json
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

_LONGEST_SECONDS = 24 * 3600
_SKEW_SECONDS = 60


class WrongTokenError(Exception):
    """A token that nobody takes."""


def check(token: str, application: str, private_key: str, now: float) -> None:
    """Raises WrongTokenError unless the application that has this key signed it, for now."""
    try:
        head, claims, signature = token.split(".")
        known = json.loads(_open(head))
        said = json.loads(_open(claims))
        _public_half(private_key).verify(_open(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
    except (ValueError, binascii.Error, InvalidSignature) as error:
        raise WrongTokenError(f"not signed by the application: {error!r}") from error
    if known.get("alg") != "RS256" or known.get("typ", "JWT") != "JWT":
        raise WrongTokenError(f"alg is {known.get('alg')!r}")
    if said.get("application_id") != application:
        raise WrongTokenError("of another application")
    if not isinstance(said.get("jti"), str) or not said["jti"]:
        raise WrongTokenError("jti is missing")
    begin, end = said.get("iat"), said.get("exp")
    if type(begin) is not int or type(end) is not int or end - begin > _LONGEST_SECONDS:
        raise WrongTokenError("iat and exp must be seconds, a day apart at most")
    if not begin - _SKEW_SECONDS <= now < end:
        raise WrongTokenError("not of now")


@cache
def new_private_key() -> str:
    """Made up, the same one all the time: making one takes long, too."""
    key = generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def signed(claims: dict[str, Any], secret: str) -> str:
    """A token of Vonage's."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    text = ".".join(_close(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{text}.{_close(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def _open(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _close(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _public_half(private_key: str) -> RSAPublicKey:
    """Reading one takes long."""
    key = load_pem_private_key(private_key.encode(), None)
    assert isinstance(key, RSAPrivateKey), "Vonage's applications have RSA keys"
    return key.public_key()
