"""What every provider does with a request: takes the message, refuses it, or answers as a script wants it.

What belongs to one provider alone is asked of its own service, which is made of this one.
"""

import json
import re
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from providers.answers import Answer, Scripts
from providers.dialect import Dialect
from providers.events import Code, Event, Number, Sent
from providers.limits import Kind, Ledger
from providers.messages import Call, Identity, Refused, Request, Taken
from providers.people import People, Person
from providers.refusal import RefusalError
from providers.server import Reply
from providers.texts import Texts
from providers.webhooks import PATIENCE_SECONDS, Webhooks


class Service(ABC):
    """Of one number."""

    LIMIT_CODES: ClassVar[Mapping[Kind, Code]]
    TOLD_LATER: ClassVar[frozenset[Kind]] = frozenset()
    """The limits of which only a webhook tells, because the provider takes the message and Meta does not."""
    NOT_ON_WHATSAPP: ClassVar[Code]

    def __init__(
        self,
        identity: Identity,
        number: Number,
        clock: Callable[[], float],
        ledger: Ledger,
        webhooks: Webhooks,
        dialect: Dialect,
        changed: threading.Condition,
    ) -> None:
        self.identity, self.number, self.clock, self.dialect = identity, number, clock, dialect
        self.token = identity.token
        self.quality_rating = "GREEN"
        self.taken: list[Taken] = []
        self.refused: list[Refused] = []
        self.calls: Counter[tuple[str, str]] = Counter()
        self.texts, self.scripts, self.ledger = Texts(), Scripts(), ledger
        self.people = People(number, clock, self.ledger, webhooks, dialect, self.NOT_ON_WHATSAPP, changed)
        self._webhooks, self._changed = webhooks, changed
        self.leaving = 0
        """Messages that were taken, and of which nobody was told yet."""
        self._waiting = self._gone_on = 0
        self._ended = False

    @abstractmethod
    def admit(self, call: Call) -> None:
        """Raises RefusalError for a stranger."""

    @abstractmethod
    def read(self, call: Call, raw: bytes) -> Request:
        """The message; RefusalError if that is no address for one, or no message."""

    @abstractmethod
    def judge(self, request: Request) -> tuple[Code | None, str, str | None]:
        """Its fault of which a webhook will tell, its category and its words; RefusalError for what is not even taken."""

    @abstractmethod
    def questions(self) -> list[tuple[str, Callable[..., Any]]]:
        """Paths, and who answers: with the request and the groups of its path, as JSON; None: there is no such thing."""

    @abstractmethod
    def nowhere(self, path: str) -> RefusalError:
        """What is said of a path that leads nowhere."""

    @abstractmethod
    def accepted(self, request: Request, taken: Taken, empty: bool) -> tuple[int, dict[str, Any]]:
        """What is answered to a message; `empty`: without its id."""

    @abstractmethod
    def refusal(self, code: Code, details: str, more: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What is answered to a request that is not taken."""

    @abstractmethod
    def refusal_in_ok(self, code: Code, details: str, request: Request) -> tuple[int, dict[str, Any]]:
        """The same with the status of success."""

    def advice(self, code: Code) -> dict[str, str]:
        """Headers that come with a refusal of the provider's own."""
        return {}

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
        """What a check asks for."""
        call = self._called("GET", path, headers)
        try:
            self.admit(call)
            with self._changed:
                said, answer = _json(self._look_up(call)), self.scripts.next_for_question()
                if answer is None:
                    return Reply(200, said)
                if answer.code is not None:
                    return self._refuse_scripted(answer, None)
                return Reply(answer.status or 200, answer.body or said, answer.content_type, answer.headers, answer)
        except RefusalError as refusal:
            return self._refuse(refusal, None)

    def post(self, path: str, headers: Message, raw: bytes) -> Reply:
        """A message."""
        call, request = self._called("POST", path, headers), None
        try:
            self.admit(call)
            request = self.read(call, raw)
            with self._changed:
                fault, category, words = self.judge(request)
                answer = self.scripts.next(request.to, request.text)
                if answer and not answer.takes:
                    return self._refuse_scripted(answer, request)
                taken = self._take(request, fault, category, words)
        except RefusalError as refusal:
            return self._refuse(refusal, request)
        return self._accept(request, taken, answer)

    def _look_up(self, call: Call) -> Any:
        for pattern, answer in self.questions():
            found = re.fullmatch(pattern, call.path)
            said = answer(call, *found.groups()) if found else None
            if said is not None:
                return said
        raise self.nowhere(call.path)

    def _called(self, method: str, path: str, headers: Message) -> Call:
        parts = urlsplit(path)
        with self._changed:
            self.calls[method, unquote(parts.path)] += 1
        return Call(method, unquote(parts.path), parse_qs(parts.query, keep_blank_values=True), headers)

    def _take(self, request: Request, fault: Code | None, category: str, words: str | None) -> Taken:
        now = self.clock()
        if kind := self.ledger.exceeded(request.to, now):
            if kind not in self.TOLD_LATER:
                raise RefusalError(self.LIMIT_CODES[kind])
            fault = fault or self.LIMIT_CODES[kind]
        if fault is None:
            self.ledger.take(request.to, now)
        taken = Taken(
            id=self.dialect.message_id(request.to),
            to=request.to,
            text=request.text,
            language=request.language,
            parameters=request.parameters,
            reference=request.reference,
            at=now,
            words=words,
            category=category,
            button=request.button,
            header=request.header,
            fault=fault,
        )
        self.taken.append(taken)
        self._changed.notify_all()
        return taken

    def _accept(self, request: Request, taken: Taken, answer: Answer | None) -> Reply:
        """The news leaves after the answer, unless that is late, or the person's telephone is fast."""
        person = self.people.person(taken.to)
        sent = Sent(taken.id, taken.reference, taken.category, request.receipts)
        news = self.people.news(taken.to, sent, taken.fault)
        at_once = person.early or (answer is not None and answer.waits)
        if at_once:
            self._tell_now(person, news)
        after = None if at_once else self._later(news)
        status, said = self.accepted(request, taken, empty=False)
        meant = (status, _json(said))
        if answer is None:
            return Reply(*meant, meant=meant, after=after)
        if answer.empty:
            said = self.accepted(request, taken, empty=True)[1]
        body = answer.body if answer.body is not None else _json(said)
        return Reply(answer.status or status, body, answer.content_type, answer.headers, answer, meant, after)

    def _tell_now(self, person: Person, news: list[Event]) -> None:
        callbacks = self._webhooks.tell(news)
        if person.early:
            with self._changed:
                tried = lambda: self._ended or all(callback.attempts for callback in callbacks)  # noqa: E731
                self._changed.wait_for(tried, PATIENCE_SECONDS)

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
        status, said = self.refusal(refusal.code, refusal.details, refusal.more)
        return Reply(status, _json(said), headers=self.advice(refusal.code))

    def _refuse_scripted(self, answer: Answer, request: Request | None) -> Reply:
        to, text = (request.to, request.text) if request else (None, None)
        self._note(Refused(answer.code, answer.details, self.clock(), to, text, scripted=True))
        if answer.code is None:
            return Reply(answer.status or 200, answer.body or b"", answer.content_type, answer.headers, answer)
        if answer.in_ok and request:
            status, said = self.refusal_in_ok(answer.code, answer.details, request)
        else:
            status, said = self.refusal(answer.code, answer.details, {})
        return Reply(answer.status or status, _json(said), answer.content_type, answer.headers, answer)

    def _note(self, refused: Refused) -> None:
        with self._changed:
            self.refused.append(refused)
            self._changed.notify_all()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
