"""The people whom a business writes to: what each does with what comes."""

import threading
from collections.abc import Callable
from dataclasses import replace

from providers.dialect import Dialect
from providers.events import Code, Contact, Event, Number, Sent, digits
from providers.limits import Ledger
from providers.webhooks import Webhooks


class Person:
    """Gets what is sent at once and does not read it, unless told otherwise."""

    def __init__(self, number: str, people: "People") -> None:
        self.contact = Contact(number, f"Pemohon {number[-4:]}")
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        self.error: Code | None = None
        """With which `failed` comes."""
        self.early = False
        self._people = people

    def reads(self, skips_delivered: bool = False) -> "Person":
        """Reads everything; `skips_delivered`: within the chat already, so that nobody tells of a delivery."""
        return self._does("sent", "read") if skips_delivered else self._does("sent", "delivered", "read")

    def never_answers(self) -> "Person":
        """The telephone is off: sent, and no more."""
        return self._does("sent")

    def is_never_told_of(self) -> "Person":
        """Not one status comes."""
        return self._does()

    def is_not_on_whatsapp(self) -> "Person":
        """What is sent is taken, and fails."""
        return self.fails(self._people.not_on_whatsapp)

    def fails(self, code: Code, after: tuple[str, ...] = ()) -> "Person":
        """What is sent fails with that code of the provider's, `after` these statuses; KeyError if it has no such code."""
        self._people.status(self, Sent(""), "failed", code)
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
        """Gets another business-scoped id, of which the business is told where the provider does so."""
        old = self.contact.user_id
        self.contact = replace(self.contact, renewed=self.contact.renewed + 1)
        self._people.renew(self, old)

    def _does(self, *statuses: str) -> "Person":
        self.statuses, self.error = statuses, None
        return self


class People:
    """All of them, by number."""

    def __init__(
        self,
        number: Number,
        clock: Callable[[], float],
        ledger: Ledger,
        webhooks: Webhooks,
        dialect: Dialect,
        not_on_whatsapp: Code,
        changed: threading.Condition,
    ) -> None:
        self.not_on_whatsapp = not_on_whatsapp
        self._known: dict[str, Person] = {}
        self._number, self._clock, self._ledger, self._webhooks = number, clock, ledger, webhooks
        self._dialect, self._changed = dialect, changed

    def person(self, number: str) -> Person:
        """Whoever has that number, however it is written."""
        with self._changed:
            return self._known.setdefault(digits(number), Person(digits(number), self))

    def news(self, to: str, sent: Sent, fault: Code | None) -> list[Event]:
        """What becomes of a message, or of one that has a fault."""
        person = self.person(to)
        if fault is not None:
            return [self.status(person, sent, "failed", fault)]
        return [self.status(person, sent, name, person.error if name == "failed" else None) for name in person.statuses]

    def status(self, person: Person, sent: Sent, name: str, code: Code | None, number: Number | None = None) -> Event:
        """A single one."""
        return self._dialect.status(number or self._number, person.contact, sent, name, self._clock(), code)

    def write(self, person: Person, body: str) -> str:
        number = person.contact.number
        identity = self._dialect.message_id(number)
        with self._changed:
            self._ledger.wrote(number, self._clock())
            self._webhooks.tell([self._dialect.text(self._number, person.contact, identity, body, self._clock())])
        return identity

    def renew(self, person: Person, old: str) -> None:
        identity = self._dialect.message_id(person.contact.number)
        self._webhooks.tell([self._dialect.changed_id(self._number, person.contact, old, identity, self._clock())])
