"""How a provider may answer instead of as usual: `meta.script(answers.error(131016), times=2)`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from providers.events import Code

_PAGE = b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>"


@dataclass(frozen=True)
class Answer:
    """Made by the functions below."""

    takes: bool
    """Whether the message is taken all the same."""
    status: int | None = None
    """None: as the provider usually answers that."""
    code: Code | None = None
    """One of the provider's own."""
    details: str = ""
    in_ok: bool = False
    """Whether the error comes as if all were well."""
    empty: bool = False
    """Whether the answer leaves out which message it is about."""
    body: bytes | None = None
    """None: the error's, or what is answered to a message that is taken."""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    reads: bool = True
    """Whether the request is read at all."""
    begins: bool = True
    """Whether anything is answered."""
    waits: bool = False
    """Before the answer, or after half of its body if `half`; until `seconds` are over or the test says `meta.go_on()`."""
    seconds: float | None = None
    half: bool = False


def error(code: Code, status: int | None = None, retry_after: str | None = None, details: str = "") -> Answer:
    """One of the provider's errors; `retry_after` as the header has it: seconds or a date."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Answer(False, status, code, details, headers=headers)


def error_in_ok(code: Code) -> Answer:
    """The status of success, and an error in it."""
    return Answer(False, code=code, in_ok=True)


def html(status: int = 500, takes: bool = False) -> Answer:
    """A page, as what stands before the service answers."""
    return Answer(takes, status, body=_PAGE, content_type="text/html; charset=utf-8")


def without_id() -> Answer:
    """Success that names no message, though it was taken."""
    return Answer(True, empty=True)


def malformed(takes: bool = True) -> Answer:
    """Success and half a JSON."""
    return Answer(takes, body=b'{"messages":[{"to":"62', content_type="application/json")


def dropped() -> Answer:
    """The connection is closed without an answer; the message was taken."""
    return Answer(True, begins=False)


def unread() -> Answer:
    """The connection is closed before the request is read; nothing was taken."""
    return Answer(False, reads=False, begins=False)


def late(seconds: float | None = None) -> Answer:
    """The message is taken; the answer comes after `seconds`, or when the test says so."""
    return Answer(True, waits=True, seconds=seconds)


def slow(seconds: float | None = None) -> Answer:
    """The same with half of the body at once."""
    return Answer(True, waits=True, seconds=seconds, half=True)


@dataclass
class _Script:
    answer: Answer
    times: int
    to: str | None
    text: str | None


class Scripts:
    """Answers that were chosen, each for so many requests; the oldest first. Not for several threads at once."""

    def __init__(self) -> None:
        self._scripts: list[_Script] = []
        self._for_questions: list[_Script] = []

    def add(self, answer: Answer, times: int, to: str | None, text: str | None) -> None:
        """For anyone and any text where there is none."""
        assert answer.reads or to is text is None, "what is not read has no person and no text"
        self._scripts.append(_Script(answer, times, to, text))

    def add_for_questions(self, answer: Answer, times: int) -> None:
        """For whatever is asked but messages."""
        assert answer.reads and not answer.in_ok and not answer.empty, "that is for messages"
        self._for_questions.append(_Script(answer, times, None, None))

    def next_for_question(self) -> Answer | None:
        """How a question is answered; None: as usual."""
        return self._use(self._for_questions, lambda _script: True)

    def unread(self) -> bool:
        """Whether the next request is not read."""
        return self._use(self._scripts, lambda script: not script.answer.reads) is not None

    def next(self, to: str, text: str) -> Answer | None:
        """How a sound request is answered; None: as usual."""
        fits = lambda script: script.answer.reads and script.to in (None, to) and script.text in (None, text)  # noqa: E731
        return self._use(self._scripts, fits)

    def _use(self, scripts: list[_Script], fits: Callable[[_Script], bool]) -> Answer | None:
        for script in scripts:
            if script.times > 0 and fits(script):
                script.times -= 1
                return script.answer
        return None
