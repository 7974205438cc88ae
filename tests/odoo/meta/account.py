"""A business's account at Meta, as a test holds it: what is arranged, and what is looked at."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from meta import events
from meta.answers import Answer
from meta.events import Number, Sent
from meta.limits import Broken, Ledger, Limits
from meta.people import Person
from meta.server import Server
from meta.service import Refused, Service, Taken
from meta.webhooks import Callback, Forgery, Webhooks


class Meta:
    """`with Meta(token="t", app_secret="s", phone_number_id="1", business_id="2") as meta:` listens at `meta.url`.

    `clock` gives Unix seconds; limits go by it. `business_id` is that of the WhatsApp Business Account.
    """

    def __init__(
        self,
        *,
        token: str,
        app_secret: str,
        phone_number_id: str,
        business_id: str,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        display: str = "+62 836-0100-9999",
        verified_name: str = "Dinas Contoh",
    ) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._ledger = Ledger(self.limits)
        self._webhooks = Webhooks(app_secret, business_id, clock, self._changed)
        number = Number(phone_number_id, display)
        self._service = Service(token, number, verified_name, clock, self._ledger, self._webhooks, self._changed)
        self._server = Server(self._service, self._changed)

    def __enter__(self) -> "Meta":
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

    def approve(self, name: str, language: str, variables: int, body: str | None = None) -> None:
        """The text may be sent, also again; `body` has its parameters as {{1}}, {{2}} and so on."""
        with self._changed:
            self._webhooks.tell([self._service.texts.approve(name, language, variables, body, self._clock())])

    def pause(self, name: str, language: str) -> None:
        self._move(name, language, "PAUSED")

    def disable(self, name: str, language: str) -> None:
        self._move(name, language, "DISABLED")

    def reject(self, name: str, language: str, reason: str = "TAG_CONTENT_MISMATCH") -> None:
        self._move(name, language, "REJECTED", reason)

    def recategorize(self, name: str, language: str, category: str = "MARKETING") -> None:
        """Meta finds that the text is of another kind, and tells so."""
        with self._changed:
            self._webhooks.tell([self._service.texts.recategorize(name, language, category)])

    def change_limit(self, people: int | None, as_tier: bool = False) -> None:
        """The portfolio's limit is another one from now on, and the business is told."""
        with self._changed:
            self.limits.people = people
            self._webhooks.tell([events.capability(people, self.limits.tier if as_tier else None)])

    def person(self, number: str) -> Person:
        """Whoever has that number, however it is written."""
        return self._service.people.person(number)

    # Answers.

    def script(self, answer: Answer, times: int = 1, to: str | None = None, text: str | None = None) -> None:
        """The next `times` sound requests, or those to a person or of a text, are answered like that; the oldest first."""
        with self._changed:
            self._service.scripts.add(answer, times, self.person(to).contact.number if to else None, text)

    def go_on(self) -> None:
        """Answers that wait go out; if none does yet, the next that comes to wait."""
        self._service.go_on()

    # Webhooks.

    def subscribe(self, url: str, verify_token: str) -> None:
        """Webhooks go there from now on; raises HandshakeError if it does not answer as it must."""
        self._webhooks.subscribe(url, verify_token)

    def retry_after(self, seconds: float, longest: float) -> None:
        """How long the pause after an attempt that was not accepted is, and how long it grows, doubling."""
        self._webhooks.pause_seconds, self._webhooks.longest_pause_seconds = seconds, longest

    def hold(self) -> None:
        """Keeps what there is to be told, until `release`."""
        self._webhooks.hold()

    def release(self, size: int = 1, backwards: bool = False, times: int = 1) -> list[Callback]:
        """Tells what was kept: `size` in each delivery, in the wrong order, more than once."""
        self.wait_for(lambda: not self._service.leaving)
        return self._webhooks.release(size, backwards, times)

    def tell(
        self,
        status: str,
        identity: str,
        to: str,
        *,
        code: int | None = None,
        reference: str | None = None,
        phone_number_id: str | None = None,
        forgery: Forgery | None = None,
    ) -> Callback:
        """A status of any message: of one that nobody sent, of another number, or one that Meta never signed."""
        number = self._service.number
        if phone_number_id:
            number = Number(phone_number_id, number.display)
        event = events.status(number, self.person(to).contact, Sent(identity, reference), status, self._clock(), code)
        return self._webhooks.post([event], forgery)

    # What is looked at.

    @property
    def taken(self) -> list[Taken]:
        """Every message that it took, the oldest first."""
        return self._service.taken

    @property
    def refused(self) -> list[Refused]:
        """Every request that it did not take."""
        return self._service.refused

    @property
    def callbacks(self) -> list[Callback]:
        """Every delivery, with the status of each attempt."""
        return self._webhooks.callbacks

    def twice(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The person, the text and the parameters of what was taken more than once."""
        with self._changed:
            counted = Counter((one.to, one.text, one.parameters) for one in self.taken)
        return [key for key, times in counted.items() if times > 1]

    def broken_limits(self) -> list[Broken]:
        """Each message beyond a limit, whether it was refused or, with `limits.enforced = False`, taken."""
        with self._changed:
            return list(self._ledger.broken)

    def wait_for(self, met: Callable[[], object], seconds: float = 10.0) -> None:
        """Until that is so; AssertionError if it does not become so. `met` is asked whenever anything has happened."""
        with self._changed:
            assert self._changed.wait_for(met, seconds), f"not within {seconds} s"

    def settle(self, seconds: float = 10.0) -> None:
        """Waits until each delivery has been accepted, and those that are forged have been answered."""
        self.wait_for(lambda: not self._webhooks.outstanding and not self._service.leaving, seconds)

    def _move(self, name: str, language: str, state: str, reason: str = "NONE") -> None:
        with self._changed:
            self._webhooks.tell([self._service.texts.move(name, language, state, reason, self._clock())])
