"""Who a business is, what it asks for, and what became of that: the same for every provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

from providers.events import Code


@dataclass(frozen=True)
class Identity:
    """Of whom the business is at a provider, and how it proves that; what a provider does not know is empty."""

    sender_id: str
    business_id: str
    key_id: str
    token: str
    app_secret: str
    display: str
    verified_name: str


@dataclass(frozen=True)
class Request:
    """A message as the client asked for it."""

    asked: str
    """To whom, as it was written."""
    to: str
    """The digits of it."""
    text: str
    language: str
    parameters: tuple[str, ...]
    reference: str | None = None
    """What comes back with each status."""
    button: str | None = None
    """What ends the address of the text's button."""
    header: tuple[str, str | None] | None = None
    """The document's address and its name."""
    receipts: str | None = None
    """Where this message's statuses are told."""


@dataclass(frozen=True)
class Taken:
    """A message that is the provider's now."""

    id: str
    to: str
    """Digits."""
    text: str
    language: str
    parameters: tuple[str, ...]
    reference: str | None
    at: float
    words: str | None
    """What the person reads, if the text came with its body."""
    category: str
    button: str | None = None
    header: tuple[str, str | None] | None = None
    fault: Code | None = None
    """Why it reaches nobody, of which only a webhook tells."""


@dataclass(frozen=True)
class Refused:
    """A request that was not taken, and why."""

    code: Code | None
    """None: scripted, and no error of the provider's."""
    details: str
    at: float
    to: str | None = None
    text: str | None = None
    scripted: bool = False


@dataclass(frozen=True)
class Call:
    """A request apart from its body."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Message

    def asked(self, name: str, otherwise: str = "") -> str:
        """A value of the query."""
        return self.query.get(name, [otherwise])[0]
