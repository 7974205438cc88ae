"""The people whom a business writes to: what each does with what comes."""

import base64
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace

from meta import events
from meta.events import Contact, Event, Number, Sent
from meta.limits import Ledger
from meta.webhooks import Webhooks

NOT_ON_WHATSAPP = 131026


class Person:
    """Gets what is sent at once and does not read it, unless told otherwise."""

    def __init__(self, number: str, people: "People") -> None:
        self.contact = Contact(number, f"Pemohon {number[-4:]}")
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        self.error: int | None = None
        """With which `failed` comes."""
        self.early = False
        self._people = people

    def reads(self, skips_delivered: bool = False) -> "Person":
        """Reads everything; `skips_delivered`: within the chat already, so that Meta tells of no delivery."""
        return self._does("sent", "read") if skips_delivered else self._does("sent", "delivered", "read")

    def never_answers(self) -> "Person":
        """The telephone is off: sent, and no more."""
        return self._does("sent")

    def is_never_told_of(self) -> "Person":
        """Not one status comes."""
        return self._does()

    def is_not_on_whatsapp(self) -> "Person":
        """What is sent is taken, and fails."""
        return self.fails(NOT_ON_WHATSAPP)

    def fails(self, code: int, after: tuple[str, ...] = ()) -> "Person":
        """What is sent fails with that code, `after` these statuses."""
        self._does(*after, "failed")
        self.error = code
        return self

    def hides_number(self) -> "Person":
        """Has a user name: webhooks name the business-scoped id only."""
        self.contact = replace(self.contact, hidden=True)
        return self

    def hears_early(self) -> "Person":
        """The statuses of what is sent come before the answer to the request."""
        self.early = True
        return self

    def writes(self, body: str) -> str:
        """Sends a text to the business; returns its id."""
        return self._people.write(self, body)

    def changes_id(self) -> None:
        """Gets another business-scoped id, of which the business is told."""
        old = self.contact.user_id
        self.contact = replace(self.contact, renewed=self.contact.renewed + 1)
        self._people.renew(self, old)

    def _does(self, *statuses: str) -> "Person":
        self.statuses, self.error = statuses, None
        return self


class People:
    """All of them, by number."""

    def __init__(
        self, number: Number, clock: Callable[[], float], ledger: Ledger, webhooks: Webhooks, changed: threading.Condition
    ) -> None:
        self._known: dict[str, Person] = {}
        self._number, self._clock, self._ledger, self._webhooks = number, clock, ledger, webhooks
        self._changed = changed

    def person(self, number: str) -> Person:
        """Whoever has that number, however it is written."""
        digits = "".join(sign for sign in number if sign.isdigit())
        with self._changed:
            return self._known.setdefault(digits, Person(digits, self))

    def news(self, to: str, sent: Sent) -> list[Event]:
        """What becomes of a message."""
        person, now = self.person(to), self._clock()
        errors = {"failed": person.error}
        return [events.status(self._number, person.contact, sent, name, now, errors.get(name)) for name in person.statuses]

    def write(self, person: Person, body: str) -> str:
        number, identity = person.contact.number, message_id(person.contact.number)
        with self._changed:
            self._ledger.wrote(number, self._clock())
            self._webhooks.tell([events.text(self._number, person.contact, identity, body, self._clock())])
        return identity

    def renew(self, person: Person, old: str) -> None:
        identity = message_id(person.contact.number)
        self._webhooks.tell([events.changed_id(self._number, person.contact, old, identity, self._clock())])


def message_id(number: str) -> str:
    """Another one each time."""
    return "wamid." + base64.b64encode(b"\x1c\x18" + number.encode() + secrets.token_bytes(12)).decode()
