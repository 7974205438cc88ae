"""How a provider tells a business: signed, one after the other, again and again until it is heard."""

import heapq
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlsplit

from providers.dialect import Dialect, Forgery
from providers.events import Event

PATIENCE_SECONDS = 10.0
"""So long the business may take to answer."""


@dataclass
class Callback:
    """A delivery and what came of it."""

    events: tuple[Event, ...]
    body: bytes
    signed: bytes
    """What the signature is of."""
    forgery: Forgery | None = None
    url: str | None = None
    """None: where the business wants all news."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    answers: list[int | None] = field(default_factory=list)
    """The status of each attempt; None: no answer."""
    accepted: bool = False
    over: bool = False
    """Whether there is no further attempt: what is forged has only one."""

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    @property
    def attempts(self) -> int:
        return len(self.answers)


class Webhooks:
    """What is posted is delivered by a thread, in its order but for what has to be repeated."""

    def __init__(self, dialect: Dialect, clock: Callable[[], float], changed: threading.Condition) -> None:
        self.callbacks: list[Callback] = []
        self.pause_seconds, self.longest_pause_seconds = 0.05, 1.0
        self.url: str | None = None
        self.ways: dict[str, str] = {}
        """Which addresses lead elsewhere in a test: an office's public one to the listener behind its proxy."""
        self._dialect, self._clock, self._changed = dialect, clock, changed
        self._held: list[Event] | None = None
        self._due: list[tuple[float, int, Callback]] = []
        self._numbers = count()
        self._over = False
        self._connection: HTTPConnection | None = None
        self._thread = threading.Thread(target=self._deliver, name="provider webhooks", daemon=True)

    def start(self) -> None:
        """Begins to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, whatever is left to be told."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
            busy = self._connection.sock if self._connection else None
        if busy:
            with suppress(OSError):
                busy.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def hold(self) -> None:
        """From now on news is kept until `release`."""
        with self._changed:
            self._held = self._held or []

    def release(self, size: int, backwards: bool, times: int) -> list[Callback]:
        """Posts what was kept, `size` in each delivery, the whole `times` over, and keeps nothing any more."""
        with self._changed:
            events, self._held = self._held or [], None
        if backwards:
            events.reverse()
        size = size if self._dialect.batches else 1
        batches = [events[at : at + size] for at in range(0, len(events), size)]
        return [self.post(batch) for _ in range(times) for batch in batches]

    def tell(self, events: Iterable[Event | None]) -> list[Callback]:
        """Each in a delivery of its own, now or with the next release; nobody hears it without an address."""
        news = [event for event in events if event and (event.url or self.url)]
        with self._changed:
            if self._held is not None:
                self._held += news
                return []
            return [self.post([event]) for event in news]

    def post(self, events: Sequence[Event], forgery: Forgery | None = None) -> Callback:
        """One delivery."""
        assert forgery is None or forgery in self._dialect.forgeries, f"its signatures do not show {forgery}"
        signed = self._dialect.compose(tuple(events), self._clock())
        body = signed + b" " if forgery == "body" else signed
        callback = Callback(tuple(events), body, signed, forgery, events[0].url)
        with self._changed:
            assert callback.url or self.url, "nobody has subscribed"
            self.callbacks.append(callback)
            self._queue(callback, 0)
        return callback

    @property
    def outstanding(self) -> int:
        """Deliveries that are not over yet."""
        return sum(not callback.over for callback in self.callbacks)

    def _queue(self, callback: Callback, seconds: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), callback))
        self._changed.notify_all()

    def _deliver(self) -> None:
        while callback := self._next():
            url = callback.url or self.url or ""
            answer = self._attempt(callback, url)
            with self._changed:
                callback.answers.append(answer)
                callback.accepted = answer is not None and self._dialect.heard(answer)
                again = not callback.accepted and not callback.forgery and self._dialect.repeats(url, callback.answers)
                callback.over = not again
                if again:
                    pause = self.pause_seconds * 2 ** min(callback.attempts - 1, 30)
                    self._queue(callback, min(pause, self.longest_pause_seconds))
                self._changed.notify_all()

    def _next(self) -> Callback | None:
        """Waits for the next that is due; None at the end."""
        with self._changed:
            while not self._over:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _attempt(self, callback: Callback, url: str) -> int | None:
        headers = {"Content-Type": self._dialect.content_type, "User-Agent": self._dialect.agent}
        if callback.forgery != "missing":
            headers |= self._dialect.sign(callback.id, url, callback.signed, self._clock(), callback.forgery)
        try:
            return call("POST", url, callback.body, headers, ways=self.ways, began=self._began)[0]
        except (OSError, HTTPException):
            return None
        finally:
            with self._changed:
                self._connection = None

    def _began(self, connection: HTTPConnection) -> None:
        with self._changed:
            self._connection = connection
            if self._over:
                raise ConnectionAbortedError


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    ways: dict[str, str] | None = None,
    began: Callable[[HTTPConnection], None] | None = None,
) -> tuple[int, bytes]:
    """The status and the body of the answer. Who stands for a public address hears by which name it was called."""
    headers = {"Host": urlsplit(url).netloc} | (headers or {})
    for public, listener in (ways or {}).items():
        if url.startswith(public):
            url = listener + url.removeprefix(public)
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ConnectionRefusedError(f"{url} leads nowhere in a test: see `lead`")
    connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=PATIENCE_SECONDS)
    try:
        connection.connect()
        if began:
            began(connection)
        connection.request(method, (parts.path or "/") + "?" * bool(parts.query) + parts.query, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
