"""What a provider says in its own way: its news, and how it is signed."""

from typing import Literal, Protocol

from providers.events import Code, Contact, Event, Number, Sent
from providers.texts import Text

Forgery = Literal["secret", "missing", "body", "old", "address"]
"""Signed with another secret, not signed, changed after it was signed, signed long ago, signed for another address."""


class Dialect(Protocol):
    """One provider's."""

    batches: bool
    """Whether a delivery may hold several events."""
    forgeries: frozenset[Forgery]
    """Those that its signatures show."""
    agent: str
    content_type: str

    def status(self, number: Number, contact: Contact, sent: Sent, name: str, at: float, code: Code | None) -> Event:
        """`sent`, `delivered`, `read`, or `failed` with the code."""

    def text(self, number: Number, contact: Contact, identity: str, body: str, at: float) -> Event:
        """What a person wrote."""

    def changed_id(self, number: Number, contact: Contact, old: str, identity: str, at: float) -> Event | None:
        """A person's id is another one now; None: nobody is told."""

    def text_state(self, text: Text, at: float) -> Event | None:
        """A text is in another state; None: nobody is told."""

    def text_category(self, text: Text, old: str) -> Event | None:
        """A text is in another category; None: nobody is told."""

    def capability(self, people: int | None, tier: str | None) -> Event | None:
        """The portfolio's limit is another one; None: nobody is told."""

    def message_id(self, number: str) -> str:
        """Another one each time."""

    def compose(self, events: tuple[Event, ...], at: float) -> bytes:
        """The body of a delivery."""

    def sign(self, identity: str, url: str, body: bytes, at: float, forgery: Forgery | None) -> dict[str, str]:
        """The headers that say who sends it; of what is not signed, or changed afterwards, others take care."""

    def heard(self, status: int) -> bool:
        """Whether that answer ends it."""

    def repeats(self, url: str, answers: list[int | None]) -> bool:
        """Whether it is told again after those, of which the last was not heard."""


class Silent:
    """Who tells nobody of texts, limits and ids."""

    def changed_id(self, number: Number, contact: Contact, old: str, identity: str, at: float) -> Event | None:
        return None

    def text_state(self, text: Text, at: float) -> Event | None:
        return None

    def text_category(self, text: Text, old: str) -> Event | None:
        return None

    def capability(self, people: int | None, tier: str | None) -> Event | None:
        return None
