"""A business's application at Vonage."""

from providers.account import Provider
from providers.messages import Identity
from providers.vonage.events import Dialect
from providers.vonage.service import Service


class Vonage(Provider):
    """`sender_id` is a number in digits, `key_id` the application's id, `token` its private key.

    `app_secret` is the signature secret, `business_id` that of the WhatsApp Business Account whose texts can be asked for.
    Statuses go to the address that came with the message, or else where the business subscribed.
    """

    service = Service

    def speak(self, identity: Identity) -> Dialect:
        return Dialect(identity)
