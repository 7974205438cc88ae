"""The providers that an office may write by: ids and secrets of an account, made up, and the stand-in that knows them."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from providers.account import Provider
from providers.bird import Bird
from providers.meta import Meta
from providers.twilio import Twilio, content_sid
from providers.vonage import Vonage


@dataclass(frozen=True)
class Sender:
    """An account at one provider; its ids are those of Odoo's fields."""

    provider: str
    kit: Callable[..., Provider]
    ids: dict[str, str]
    token: str
    app_secret: str
    settings: tuple[str, ...]
    """The worker's settings that say where the provider is."""

    def open(self) -> Provider:
        """To be entered."""
        return self.kit(token=self.token, app_secret=self.app_secret, **self.ids)

    def environment(self, url: str) -> dict[str, str]:
        return {f"SICANTIK__WHATSAPP__{setting}": url for setting in self.settings}

    def text(self, name: str, language: str) -> str:
        """How the text that Meta knows by `name` is called there."""
        return content_sid(name, language) if self.provider == "twilio" else name


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


META = Sender(
    "meta",
    Meta,
    {"sender_id": "100000000000001", "business_id": "200000000000002"},
    "EAAcontohTokenAkses0123456789",
    "contoh-rahasia-aplikasi-0123456789abcdef",
    ("META_URL",),
)
TWILIO = Sender(
    "twilio",
    Twilio,
    {"sender_id": "+6283601009998", "business_id": f"AC{'1' * 32}", "key_id": f"SK{'2' * 32}"},
    "contoh-rahasia-kunci-0123456789",
    "contoh-token-akun-0123456789",
    ("TWILIO_URL", "TWILIO_CONTENT_URL"),
)
BIRD = Sender(
    "bird",
    Bird,
    {"sender_id": "+6283601009997"},
    "bk_eu1_contohkunci0123456789",
    "whsec_" + base64.b64encode(b"contoh rahasia webhook 1").decode(),
    ("BIRD_URL",),
)


@cache
def vonage() -> Sender:
    """With a key that is made once."""
    return Sender(
        "vonage",
        Vonage,
        {"sender_id": "6283601009996", "key_id": "5f0c4c1e-1111-4222-8333-444455556666"},
        _private_key(),
        "contoh-rahasia-tanda-tangan-0123456789abcdef",
        ("VONAGE_URL",),
    )
