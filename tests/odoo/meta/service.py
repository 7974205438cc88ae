"""What the Cloud API does with a request: takes the message, refuses it, or answers as a script wants it."""

import hmac
import json
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit

from meta import errors
from meta.answers import Answer, Scripts
from meta.errors import RefusalError
from meta.events import Event, Number, Sent
from meta.limits import Ledger
from meta.people import People, message_id
from meta.request import Request, parse
from meta.server import Reply
from meta.texts import Texts
from meta.webhooks import PATIENCE_SECONDS, Webhooks

_PATH = re.compile(r"/v\d+\.\d+/([^/]+)(/messages)?")
_DEFAULT_FIELDS = "verified_name,display_phone_number,quality_rating"


@dataclass(frozen=True)
class Taken:
    """A message that is Meta's now."""

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


@dataclass(frozen=True)
class Refused:
    """A request that was not taken, and why."""

    code: int | None
    """None: scripted, and no error of Meta's."""
    details: str
    at: float
    to: str | None = None
    text: str | None = None
    scripted: bool = False


class Service:
    """Of one number."""

    def __init__(
        self,
        token: str,
        number: Number,
        verified_name: str,
        clock: Callable[[], float],
        ledger: Ledger,
        webhooks: Webhooks,
        changed: threading.Condition,
    ) -> None:
        self.token, self.number, self.verified_name, self.clock = token, number, verified_name, clock
        self.quality_rating = "GREEN"
        self.taken: list[Taken] = []
        self.refused: list[Refused] = []
        self.texts, self.scripts = Texts(), Scripts()
        self.people = People(number, clock, ledger, webhooks, changed)
        self._ledger, self._webhooks, self._changed = ledger, webhooks, changed
        self.leaving = 0
        """Messages that were taken, and of which nobody was told yet."""
        self._waiting = self._gone_on = 0
        self._ended = False

    def end(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def go_on(self) -> None:
        """Answers that wait go out; AssertionError if none comes to wait."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._waiting, PATIENCE_SECONDS), "no answer waits"
            self._gone_on += 1
            self._changed.notify_all()

    def wait(self, seconds: float | None) -> None:
        """Until then, or until they go on."""
        with self._changed:
            before = self._gone_on
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._ended or self._gone_on > before, seconds)
            self._waiting -= 1

    def is_unread(self) -> bool:
        """Whether the next request is not even read."""
        with self._changed:
            return self.scripts.unread()

    def get(self, path: str, headers: Message) -> Reply:
        """The number's own data."""
        try:
            parts = urlsplit(path)
            self._admit(parts.path, headers, messages=False)
            known = {
                "id": self.number.id,
                "display_phone_number": self.number.display,
                "verified_name": self.verified_name,
                "quality_rating": self.quality_rating,
                "whatsapp_business_manager_messaging_limit": self._ledger.limits.tier,
            }
            asked = ",".join(parse_qs(parts.query).get("fields", [_DEFAULT_FIELDS])).split(",")
            if unknown := [name for name in asked if name not in known]:
                raise RefusalError(100, f"Tried accessing nonexisting field ({unknown[0]})")
        except RefusalError as refusal:
            return self._refuse(refusal, None)
        return Reply(200, _json({name: known[name] for name in [*asked, "id"]}))

    def post(self, path: str, headers: Message, raw: bytes) -> Reply:
        """A message."""
        request = None
        try:
            self._admit(urlsplit(path).path, headers, messages=True)
            request = parse(headers.get("Content-Type", ""), raw)
            if request.to == self.number.digits:
                raise RefusalError(131021)
            with self._changed:
                self.texts.asked(request)
                answer = self.scripts.next(request.to, request.text)
                if answer and not answer.takes:
                    return self._refuse_scripted(answer, request)
                taken = self._take(request)
        except RefusalError as refusal:
            return self._refuse(refusal, request)
        return self._accept(request, taken, answer)

    def _admit(self, path: str, headers: Message, messages: bool) -> None:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(token.encode(), self.token.encode()):
            raise RefusalError(190, "Cannot parse access token")
        found = _PATH.fullmatch(path)
        if not found or bool(found[2]) is not messages:
            raise RefusalError(100, f"Unknown path components: {path}")
        if found[1] != self.number.id:
            raise RefusalError(100, f"Object with ID '{found[1]}' does not exist")

    def _take(self, request: Request) -> Taken:
        now, text = self.clock(), self.texts.asked(request)
        if code := self._ledger.exceeded(request.to, now):
            raise RefusalError(code)
        self._ledger.take(request.to, now)
        taken = Taken(
            id=message_id(request.to),
            to=request.to,
            text=request.text,
            language=request.language,
            parameters=request.parameters,
            reference=request.reference,
            at=now,
            words=text.words(request.parameters),
            category=text.category,
        )
        self.taken.append(taken)
        self._changed.notify_all()
        return taken

    def _accept(self, request: Request, taken: Taken, answer: Answer | None) -> Reply:
        """The news leaves after the answer, unless that is late, or the person's telephone is fast."""
        person = self.people.person(taken.to)
        news = self.people.news(taken.to, Sent(taken.id, taken.reference, taken.category.lower()))
        at_once = person.early or (answer is not None and answer.waits)
        if at_once:
            callbacks = self._webhooks.tell(news)
            if person.early:
                with self._changed:
                    tried = lambda: self._ended or all(callback.attempts for callback in callbacks)  # noqa: E731
                    self._changed.wait_for(tried, PATIENCE_SECONDS)
        contact = {"input": request.asked, "wa_id": taken.to, "user_id": person.contact.user_id}
        message = {"id": taken.id, "message_status": "accepted"}
        body = _json({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})
        after = None if at_once else self._later(news)
        if answer is None:
            return Reply(200, body, after=after)
        return Reply(answer.status, answer.body or body, answer.content_type, answer.headers, answer, after)

    def _later(self, news: list[Event]) -> Callable[[], None]:
        with self._changed:
            self.leaving += 1

        def tell() -> None:
            with self._changed:
                self._webhooks.tell(news)
                self.leaving -= 1
                self._changed.notify_all()

        return tell

    def _refuse(self, refusal: RefusalError, request: Request | None) -> Reply:
        to, text = (request.to, request.text) if request else (None, None)
        self._note(Refused(refusal.code, refusal.details, self.clock(), to, text))
        return Reply(errors.http_status(refusal.code), _json(errors.answered(refusal.code, refusal.details, _trace())))

    def _refuse_scripted(self, answer: Answer, request: Request) -> Reply:
        self._note(Refused(answer.code, answer.details, self.clock(), request.to, request.text, scripted=True))
        body = answer.body or b""
        if answer.code is not None:
            body = _json(errors.answered(answer.code, answer.details or errors.title(answer.code), _trace()))
        return Reply(answer.status, body, answer.content_type, answer.headers, answer)

    def _note(self, refused: Refused) -> None:
        with self._changed:
            self.refused.append(refused)
            self._changed.notify_all()


def _trace() -> str:
    return "A" + secrets.token_urlsafe(16)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
