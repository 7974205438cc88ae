"""How Meta tells a business: signed, one after the other, again and again until it is heard.

<https://developers.facebook.com/docs/graph-api/webhooks/getting-started>
"""

import hashlib
import heapq
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from meta.events import Event

PATIENCE_SECONDS = 10.0
"""So long the business may take to answer."""
Forgery = Literal["secret", "missing", "body"]
"""Signed with another secret, not signed, changed after it was signed."""


class HandshakeError(AssertionError):
    """The address did not answer as one must that Meta is to call."""


@dataclass
class Callback:
    """A delivery and what came of it."""

    events: tuple[Event, ...]
    body: bytes
    signature: str | None
    forged: bool = False
    answers: list[int | None] = field(default_factory=list)
    """The status of each attempt; None: no answer."""

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    @property
    def attempts(self) -> int:
        return len(self.answers)

    @property
    def accepted(self) -> bool:
        return bool(self.answers) and self.answers[-1] == 200

    @property
    def over(self) -> bool:
        """Whether there is no further attempt: what is forged has only one."""
        return self.accepted or (self.forged and bool(self.answers))


class Webhooks:
    """One address. What is posted is delivered by a thread, in its order but for what has to be repeated."""

    def __init__(self, secret: str, account: str, clock: Callable[[], float], changed: threading.Condition) -> None:
        self.callbacks: list[Callback] = []
        self.pause_seconds, self.longest_pause_seconds = 0.05, 1.0
        self._secret, self._account, self._clock = secret, account, clock
        self._changed = changed
        self._url: str | None = None
        self._held: list[Event] | None = None
        self._due: list[tuple[float, int, Callback]] = []
        self._numbers = count()
        self._over = False
        self._connection: HTTPConnection | None = None
        self._thread = threading.Thread(target=self._deliver, name="meta webhooks", daemon=True)

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

    def subscribe(self, url: str, verify_token: str) -> None:
        """The handshake; raises HandshakeError unless the answer is 200 and exactly the challenge."""
        challenge = str(secrets.randbelow(10**10))
        query = urlencode({"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token})
        try:
            status, said = _call("GET", url, query=query)
        except (OSError, HTTPException) as error:
            raise HandshakeError(f"{url} did not answer: {error!r}") from error
        if status != 200 or said != challenge.encode():
            raise HandshakeError(f"{url} answered {status} with {said[:100]!r}, not 200 with {challenge!r}")
        with self._changed:
            self._url = url

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
        batches = [events[at : at + size] for at in range(0, len(events), size)]
        return [self.post(batch) for _ in range(times) for batch in batches]

    def tell(self, events: Sequence[Event]) -> list[Callback]:
        """Each in a delivery of its own, now or with the next release; nobody hears it without an address."""
        with self._changed:
            if self._held is not None:
                self._held += events
                return []
            return [self.post([event]) for event in events] if self._url else []

    def post(self, events: Sequence[Event], forgery: Forgery | None = None) -> Callback:
        """One delivery."""
        body = json.dumps(self._compose(events), ensure_ascii=False, separators=(",", ":")).encode()
        secret = secrets.token_hex() if forgery == "secret" else self._secret
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        if forgery == "body":
            body += b" "
        callback = Callback(tuple(events), body, None if forgery == "missing" else signature, forgery is not None)
        with self._changed:
            assert self._url, "nobody has subscribed"
            self.callbacks.append(callback)
            self._queue(callback, 0)
        return callback

    @property
    def outstanding(self) -> int:
        """Deliveries that were not accepted yet."""
        return sum(not callback.over for callback in self.callbacks)

    def _compose(self, events: Sequence[Event]) -> dict[str, Any]:
        """Several events use all that the format has: two entries, changes in them, and statuses side by side in a change."""
        middle = (len(events) + 1) // 2
        entries = []
        for part in (events[:middle], events[middle:]):
            changes: list[dict[str, Any]] = []
            for event in part:
                last = changes[-1] if changes else None
                if last and event.field == last["field"] == "messages" and _joined(last["value"], event.value):
                    continue
                changes.append({"value": {key: _copied(value) for key, value in event.value.items()}, "field": event.field})
            if changes:
                entries.append({"id": self._account, "time": int(self._clock()), "changes": changes})
        return {"object": "whatsapp_business_account", "entry": entries}

    def _queue(self, callback: Callback, seconds: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), callback))
        self._changed.notify_all()

    def _deliver(self) -> None:
        while callback := self._next():
            answer = self._attempt(callback)
            with self._changed:
                callback.answers.append(answer)
                if not callback.over:
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

    def _attempt(self, callback: Callback) -> int | None:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        if callback.signature:
            headers["X-Hub-Signature-256"] = callback.signature
        try:
            return _call("POST", self._url or "", callback.body, headers, began=self._began)[0]
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


def _call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    query: str = "",
    began: Callable[[HTTPConnection], None] | None = None,
) -> tuple[int, bytes]:
    parts = urlsplit(url)
    assert parts.scheme == "http" and parts.hostname, f"{url} is no http address"
    connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=PATIENCE_SECONDS)
    path = (parts.path or "/") + "?" * bool(parts.query or query) + "&".join(filter(None, (parts.query, query)))
    try:
        connection.connect()
        if began:
            began(connection)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _joined(value: dict[str, Any], more: dict[str, Any]) -> bool:
    """Puts the second to the first if both are statuses of the same number."""
    if "statuses" not in value or "statuses" not in more or value["metadata"] != more["metadata"]:
        return False
    value["statuses"] += more["statuses"]
    if new := [contact for contact in more.get("contacts", []) if contact not in value.get("contacts", [])]:
        value["contacts"] = value.get("contacts", []) + new
    return True


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
