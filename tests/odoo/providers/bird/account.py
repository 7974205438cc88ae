"""A business's workspace at Bird."""

from providers.account import Provider
from providers.bird.events import Dialect
from providers.bird.service import Service
from providers.messages import Identity


class Bird(Provider):
    """`sender_id` is a number with its `+`, `token` the API key (`bk_eu1_…`), `app_secret` the webhooks' secret (`whsec_…`).

    A text's name is its slug. All news goes where the business subscribed.
    """

    service = Service

    def speak(self, identity: Identity) -> Dialect:
        return Dialect(identity.app_secret)
