"""A business's account at a provider, as a test holds it: what is arranged, and what is looked at."""

import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from providers.answers import Answer
from providers.dialect import Dialect, Forgery
from providers.events import Code, Number, Sent
from providers.limits import Broken, Ledger, Limits, Portfolio
from providers.messages import Identity, Refused, Taken
from providers.people import Person
from providers.server import Server
from providers.service import Service
from providers.texts import Text
from providers.webhooks import Callback, Webhooks


class Provider(ABC):
    """`with Meta(token="t", app_secret="s", sender_id="1", business_id="2") as meta:` listens at `meta.url`.

    The ids and secrets are those of an account in Odoo; a provider asks for the ones that it has. `clock` gives Unix seconds;
    limits go by it. Accounts of one business share its `portfolio`.
    """

    service: type[Service]

    def __init__(
        self,
        *,
        token: str,
        app_secret: str,
        sender_id: str,
        business_id: str = "",
        key_id: str = "",
        limits: Limits | None = None,
        portfolio: Portfolio | None = None,
        clock: Callable[[], float] = time.time,
        display: str = "+62 836-0100-9999",
        verified_name: str = "Dinas Contoh",
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        identity = Identity(sender_id, business_id, key_id, token, app_secret, display, verified_name)
        number = Number(sender_id, display)
        self._dialect = self.speak(identity)
        self._webhooks = Webhooks(self._dialect, clock, self._changed)
        ledger = Ledger(self.limits, self.service.LIMIT_CODES, portfolio or Portfolio())
        self._service = self.service(identity, number, clock, ledger, self._webhooks, self._dialect, self._changed)
        self._server = Server(self._service, self._changed)

    @abstractmethod
    def speak(self, identity: Identity) -> Dialect:
        """How it tells its news."""

    def __enter__(self) -> Self:
        self._webhooks.start()
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._service.end()
        self._webhooks.stop()
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # The account.

    def renew_token(self, token: str) -> None:
        """The old one is refused from now on."""
        self._service.token = token

    def rate(self, quality: str) -> None:
        """GREEN, YELLOW, RED or UNKNOWN."""
        self._service.quality_rating = quality

    def approve(
        self, name: str, language: str, variables: int, body: str | None = None, *, button: bool = False, header: bool = False
    ) -> None:
        """The text may be sent, also again; `body` has its parameters as {{1}}, {{2}} and so on.

        `button`: one whose address ends in a parameter; `header`: a document above the text.
        """
        with self._changed:
            self._told_of(self._service.texts.approve(name, language, variables, body, button, header))

    def review(self, name: str, language: str) -> None:
        """Nobody has said yet whether it may be sent."""
        self._move(name, language, "pending")

    def pause(self, name: str, language: str) -> None:
        self._move(name, language, "paused")

    def disable(self, name: str, language: str) -> None:
        self._move(name, language, "disabled")

    def reject(self, name: str, language: str, reason: str = "TAG_CONTENT_MISMATCH") -> None:
        self._move(name, language, "rejected", reason)

    def recategorize(self, name: str, language: str, category: str = "marketing") -> None:
        """Meta finds that the text is of another kind."""
        with self._changed:
            old = next(text.category for text in self._service.texts.named(name) if text.language == language)
            text = self._service.texts.recategorize(name, language, category)
            self._webhooks.tell([self._dialect.text_category(text, old)])

    def change_limit(self, people: int | None, as_tier: bool = False) -> None:
        """The portfolio's limit is another one from now on, and the business is told where the provider does so."""
        with self._changed:
            self.limits.people = people
            self._webhooks.tell([self._dialect.capability(people, self.limits.tier if as_tier else None)])

    def person(self, number: str) -> Person:
        """Whoever has that number, however it is written."""
        return self._service.people.person(number)

    # Answers.

    def script(self, answer: Answer, times: int = 1, to: str | None = None, text: str | None = None) -> None:
        """The next `times` sound requests, or those to a person or of a text, are answered like that; the oldest first.

        KeyError if the provider has no such code.
        """
        with self._changed:
            if answer.code is not None and not answer.in_ok:
                self._service.refusal(answer.code, "", {})
            self._service.scripts.add(answer, times, self.person(to).contact.number if to else None, text)

    def script_questions(self, answer: Answer, times: int = 1) -> None:
        """The next `times` questions of a check, of whoever may ask, are answered like that."""
        with self._changed:
            self._service.scripts.add_for_questions(answer, times)

    def go_on(self) -> None:
        """Answers that wait go out; if none does yet, the next that comes to wait."""
        self._service.go_on()

    # Webhooks.

    def subscribe(self, url: str, verify_token: str = "") -> None:
        """Webhooks go there from now on; Meta demands a handshake and raises HandshakeError."""
        self._webhooks.url = url

    def lead(self, public: str, listener: str) -> None:
        """What is told to an address that begins with `public` goes to `listener`: the office's proxy is left out.

        Whatever is signed is signed for the public one.
        """
        self._webhooks.ways[public] = listener

    def retry_after(self, seconds: float, longest: float) -> None:
        """How long the pause after an attempt that was not accepted is, and how long it grows, doubling."""
        self._webhooks.pause_seconds, self._webhooks.longest_pause_seconds = seconds, longest

    def hold(self) -> None:
        """Keeps what there is to be told, until `release`."""
        self._webhooks.hold()

    def release(self, size: int = 1, backwards: bool = False, times: int = 1) -> list[Callback]:
        """Tells what was kept: `size` in each delivery if the provider does that, in the wrong order, more than once."""
        self.wait_for(lambda: not self._service.leaving)
        return self._webhooks.release(size, backwards, times)

    def tell(
        self,
        status: str,
        identity: str,
        to: str,
        *,
        code: Code | None = None,
        reference: str | None = None,
        sender_id: str | None = None,
        forgery: Forgery | None = None,
        url: str | None = None,
    ) -> Callback:
        """A status of any message: of one that nobody sent, of another number, or one that the provider never signed."""
        number = Number(sender_id, self._service.number.display) if sender_id else None
        sent = Sent(identity, reference, receipts=url)
        return self._webhooks.post([self._service.people.status(self.person(to), sent, status, code, number)], forgery)

    # What is looked at.

    @property
    def forgeries(self) -> frozenset[Forgery]:
        """What `tell` may forge: what the provider's signatures show."""
        return self._dialect.forgeries

    @property
    def taken(self) -> list[Taken]:
        """Every message that it took, the oldest first."""
        return self._service.taken

    @property
    def refused(self) -> list[Refused]:
        """Every request that it did not take."""
        return self._service.refused

    @property
    def calls(self) -> Counter[tuple[str, str]]:
        """How often each method and path was asked for, whatever was answered."""
        return self._service.calls

    @property
    def callbacks(self) -> list[Callback]:
        """Every delivery, with the status of each attempt."""
        return self._webhooks.callbacks

    def twice(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The person, the text and the parameters of what reached somebody more than once."""
        with self._changed:
            counted = Counter((one.to, one.text, one.parameters) for one in self.taken if one.fault is None)
        return [key for key, times in counted.items() if times > 1]

    def broken_limits(self) -> list[Broken]:
        """Each message beyond a limit, whether it was refused or, with `limits.enforced = False`, taken."""
        with self._changed:
            return list(self._service.ledger.broken)

    def wait_for(self, met: Callable[[], object], seconds: float = 10.0) -> None:
        """Until that is so; AssertionError if it does not become so. `met` is asked whenever anything has happened."""
        with self._changed:
            assert self._changed.wait_for(met, seconds), f"not within {seconds} s"

    def settle(self, seconds: float = 10.0) -> None:
        """Waits until each delivery is over: accepted, given up, or answered if it is forged."""
        self.wait_for(lambda: not self._webhooks.outstanding and not self._service.leaving, seconds)

    def _move(self, name: str, language: str, state: str, reason: str | None = None) -> None:
        with self._changed:
            self._told_of(self._service.texts.move(name, language, state, reason))

    def _told_of(self, text: Text) -> None:
        self._webhooks.tell([self._dialect.text_state(text, self._clock())])
