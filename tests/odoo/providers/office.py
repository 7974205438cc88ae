"""One made-up office at each provider: its ids and secrets in the shapes that the provider gives out, and its stand-in.

The ids have the names of an account's fields in Odoo, the secrets those of the worker.
"""

import base64
from collections.abc import Callable
from typing import Any

from providers.account import Provider
from providers.bird import Bird
from providers.meta import Meta
from providers.twilio import Twilio, content_sid
from providers.vonage import Vonage, new_private_key

NAMES = ("meta", "twilio", "bird", "vonage")
NUMBER = "+6283601009999"
BUSINESS = "200000000000002"
"""The WhatsApp Business Account, which all of them reach."""
_IDS: dict[str, dict[str, str]] = {
    "meta": {"sender_id": "100000000000001", "business_id": BUSINESS},
    "twilio": {"sender_id": NUMBER, "business_id": f"AC{'0a' * 16}", "key_id": f"SK{'0b' * 16}"},
    "bird": {"sender_id": NUMBER},
    "vonage": {"sender_id": NUMBER.removeprefix("+"), "key_id": "5f0c4c1e-1111-4222-8333-444455556666"},
}
_SECRETS: dict[str, dict[str, str]] = {
    "meta": {"token": "EAAcontohTokenAkses0123456789", "app_secret": "contoh-rahasia-aplikasi-0123456789abcdef"},
    "twilio": {"token": "contohRahasiaKunciApi0123456789", "app_secret": "c0c0a0a0c0c0a0a0c0c0a0a0c0c0a0a0"},
    "bird": {
        "token": "bk_eu1_contoh0123456789abcdef",
        "app_secret": "whsec_" + base64.b64encode(b"contoh rahasia webhook 1").decode(),
    },
    "vonage": {"app_secret": "contohRahasiaTandaTangan0123456789abcdef"},
}
_PROVIDERS: dict[str, type[Provider]] = {"meta": Meta, "twilio": Twilio, "bird": Bird, "vonage": Vonage}


def ids(provider: str) -> dict[str, str]:
    """`sender_id`, and `business_id` and `key_id` where the provider has them."""
    return dict(_IDS[provider])


def secrets(provider: str) -> dict[str, str]:
    """`token` and `app_secret`."""
    made: dict[str, Callable[[], str]] = {"token": new_private_key} if provider == "vonage" else {}
    return {name: make() for name, make in made.items()} | _SECRETS[provider]


def open_at(provider: str, **more: Any) -> Provider:
    """Its stand-in, to be entered, knowing that office."""
    known = {"business_id": BUSINESS} | ids(provider) | secrets(provider)
    return _PROVIDERS[provider](**(known | {"display": "+62 836-0100-9999"} | more))


def text_name(provider: str, name: str, language: str) -> str:
    """What a text is called there."""
    return content_sid(name, language) if provider == "twilio" else name
