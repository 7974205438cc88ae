"""A business's account at Twilio."""

import hashlib

from providers.account import Provider
from providers.messages import Identity
from providers.twilio.events import Dialect
from providers.twilio.service import Service


class Twilio(Provider):
    """`business_id` is the Account SID, `key_id` and `token` an API key and its secret, `app_secret` the Auth Token.

    `sender_id` is a number with its `+`, or a Messaging Service, which sends from the number in `display`. A text's name is
    the SID of its Content; it has one language, and the places of a button and a document come after those of its body.
    Statuses go to the address that came with the message, or else where the business subscribed.
    """

    service = Service

    def speak(self, identity: Identity) -> Dialect:
        return Dialect(identity)


def content_sid(name: str, language: str) -> str:
    """The one that a text of that name has in these tests."""
    return "HX" + hashlib.sha256(f"{name}/{language}".encode()).hexdigest()[:32]
