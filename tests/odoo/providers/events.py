"""What providers tell of in webhooks, and of whom; each writes it in its own words."""

import hashlib
from dataclasses import dataclass
from typing import Any

Code = int | str
"""With which a provider says why: each has its own."""


@dataclass(frozen=True)
class Event:
    """One piece of news."""

    kind: str
    """The provider's word for a status, or what else it is."""
    value: dict[str, Any]
    about: str | None = None
    """The id of the message."""
    topic: str = ""
    """Meta's `field`."""
    url: str | None = None
    """Where it is told if the message brought an address of its own."""


@dataclass(frozen=True)
class Number:
    """The business's own."""

    id: str
    display: str

    @property
    def digits(self) -> str:
        return digits(self.display)


@dataclass(frozen=True)
class Contact:
    """A person, as the business is shown one."""

    number: str
    """Digits."""
    name: str
    hidden: bool = False
    """Whether the person has a user name instead of a number that is shown."""
    renewed: int = 0
    """How often the person's id changed."""

    @property
    def user_id(self) -> str:
        """The business-scoped one."""
        return f"ID.{int.from_bytes(hashlib.sha256(f'{self.number}/{self.renewed}'.encode()).digest()[:8])}"


@dataclass(frozen=True)
class Sent:
    """The message that a status is about."""

    id: str
    reference: str | None = None
    category: str = "utility"
    receipts: str | None = None
    """The address that came with the message."""


def digits(text: str) -> str:
    """Without what is written between them."""
    return "".join(sign for sign in text if sign.isdigit())
