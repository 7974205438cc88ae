"""A business's account at Meta."""

import secrets
from http.client import HTTPException
from urllib.parse import urlencode

from providers.account import Provider
from providers.messages import Identity
from providers.meta.events import Dialect
from providers.meta.service import Service
from providers.webhooks import call


class HandshakeError(AssertionError):
    """The address did not answer as one must that Meta is to call."""


class Meta(Provider):
    """`sender_id` is the Phone Number ID, `business_id` that of the WhatsApp Business Account; `key_id` it has not."""

    service = Service

    def speak(self, identity: Identity) -> Dialect:
        return Dialect(identity.app_secret, identity.business_id)

    def subscribe(self, url: str, verify_token: str = "") -> None:
        """Raises HandshakeError unless the answer is 200 and exactly the challenge."""
        challenge = str(secrets.randbelow(10**10))
        query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
        try:
            status, said = call("GET", f"{url}{'&' if '?' in url else '?'}{query}", ways=self._webhooks.ways)
        except (OSError, HTTPException) as error:
            raise HandshakeError(f"{url} did not answer: {error!r}") from error
        if status != 200 or said != challenge.encode():
            raise HandshakeError(f"{url} answered {status} with {said[:100]!r}, not 200 with {challenge!r}")
        with self._changed:
            super().subscribe(url, verify_token)
