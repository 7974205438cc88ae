"""What the four stand-ins of WhatsApp's providers do alike: answers that go wrong, webhooks that come as they like."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from importlib import import_module
from urllib.parse import parse_qs, urlencode

import pytest
from hearing import ANI, BUDI, Clock, Heard, Listener, ask, listening, number
from providers import Limits, Portfolio, Provider, answers, office
from providers.answers import Answer
from providers.bird import Bird
from providers.meta import Meta
from providers.twilio import Twilio
from providers.vonage import Vonage

pytestmark = pytest.mark.one_version

SENDER = office.NUMBER.removeprefix("+")
WORDS = ("Ani", "IZIN/2026/0001")


@dataclass
class Case:
    """One provider as a plain client knows it."""

    provider: Provider
    path: str
    text: str
    limited: int | str
    success: int
    question: str
    token: str

    def ask(self, to: str = ANI) -> tuple[int, dict[str, str], bytes]:
        headers, raw = _asked(self.provider, self.text, to, self.token)
        return ask(self.provider.url, "POST", self.path, raw, headers)

    def identity(self, said: bytes) -> str | None:
        """Of the message, as an answer names it."""
        found = json.loads(said)
        if isinstance(self.provider, Meta):
            return next((one["id"] for one in found["messages"]), None)
        return next((found[name] for name in ("sid", "message_uuid", "id") if name in found), None)

    def told(self, hook: Heard) -> tuple[str, str]:
        """Whose status a webhook tells, and which."""
        if isinstance(self.provider, Twilio):
            form = parse_qs(hook.body.decode())
            return form["MessageSid"][0], form["MessageStatus"][0]
        found = json.loads(hook.body)
        if isinstance(self.provider, Meta):
            [status] = found["entry"][0]["changes"][0]["value"]["statuses"]
            return status["id"], status["status"]
        if isinstance(self.provider, Bird):
            return found["data"]["whatsapp_id"], found["type"].removeprefix("whatsapp.")
        return found["message_uuid"], found["status"].replace("submitted", "sent").replace("rejected", "failed")


_QUESTIONS = {
    "meta": f"/v26.0/{office.ids('meta')['sender_id']}",
    "twilio": "/v2/Channels/Senders",
    "bird": "/v1/whatsapp/numbers",
    "vonage": "/v1/users",
}
"""What a check may ask for."""
_KINDS: dict[str, tuple[str, int | str, int]] = {
    "meta": (f"/v26.0/{office.ids('meta')['sender_id']}/messages", 130429, 200),
    "twilio": (f"/2010-04-01/Accounts/{office.ids('twilio')['business_id']}/Messages.json", 20429, 201),
    "bird": ("/v1/whatsapp/messages", "rate_limit_error", 202),
    "vonage": ("/v1/messages", 1000, 202),
}
"""Where messages go, what says that there are too many, and what says that all is well."""


@pytest.fixture(params=office.NAMES)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    clock, name = Clock(), request.param
    token = office.secrets(name)["token"]
    if name == "vonage":
        claims = {"application_id": office.ids(name)["key_id"], "iat": int(clock()), "exp": int(clock()) + 900, "jti": "1"}
        token = import_module("jwt").encode(claims, token, "RS256")
    with office.open_at(name, clock=clock) as provider:
        text = office.text_name(name, "izin_terbit", "id")
        provider.approve(text, "id", 2, "Yth. {{1}}, izin {{2}} telah terbit.")
        provider.retry_after(0.001, 0.004)
        path, limited, success = _KINDS[name]
        yield Case(provider, path, text, limited, success, _QUESTIONS[name], token)


@pytest.fixture
def listener(case: Case) -> Iterator[Listener]:
    with listening() as listener:
        if isinstance(case.provider, Meta):
            listener.get = lambda path: (200, parse_qs(path)["hub.challenge"][0])
        case.provider.subscribe(listener.url)
        yield listener


def _asked(provider: Provider, text: str, to: str, token: str) -> tuple[dict[str, str], bytes]:
    parameters = [{"type": "text", "text": word} for word in WORDS]
    components = [{"type": "body", "parameters": parameters}]
    if isinstance(provider, Twilio):
        basic = base64.b64encode(f"{office.ids('twilio')['key_id']}:{token}".encode()).decode()
        variables = json.dumps({str(place + 1): word for place, word in enumerate(WORDS)})
        form = {"To": f"whatsapp:+{to}", "From": f"whatsapp:+{SENDER}", "ContentSid": text, "ContentVariables": variables}
        return {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()
    if isinstance(provider, Meta):
        template = {"name": text, "language": {"policy": "deterministic", "code": "id"}, "components": components}
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": to,
            "type": "template",
            "template": template,
        }
    elif isinstance(provider, Bird):
        template = {"slug": text, "language": "id", "components": components}
        body = {"to": f"+{to}", "from": f"+{SENDER}", "template": template}
    else:
        body = {"channel": "whatsapp", "message_type": "template", "to": to, "from": SENDER}
        body |= {"template": {"name": text, "parameters": list(WORDS)}, "whatsapp": {"locale": "id"}}
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, json.dumps(body).encode()


def test_a_message_is_taken_once_and_told_of(case: Case, listener: Listener) -> None:
    case.provider.person(ANI).reads()
    status, _, said = case.ask()
    [taken] = case.provider.taken
    assert (status, case.identity(said)) == (case.success, taken.id)
    assert (taken.to, taken.text, taken.language, taken.parameters) == (ANI, case.text, "id", WORDS)
    case.provider.settle()
    assert [case.told(hook) for hook in listener.hooks] == [(taken.id, name) for name in ("sent", "delivered", "read")]
    assert case.provider.calls == {("POST", case.path): 1} and not case.provider.refused


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (answers.html(), 0),
        (answers.html(502, takes=True), 1),
        (answers.malformed(), 1),
        (answers.without_id(), 1),
        (answers.late(0.01), 1),
        (answers.slow(0.01), 1),
    ],
)
def test_odd_answers(case: Case, answer: Answer, taken: int) -> None:
    case.provider.script(answer)
    status, _, said = case.ask()
    assert status == (answer.status or case.success) and len(case.provider.taken) == taken
    if answer.empty:
        assert case.identity(said) is None
    assert case.ask(BUDI)[0] == case.success


@pytest.mark.parametrize("after", ["7", None])
def test_too_many_with_and_without_when_to_come_again(case: Case, after: str | None) -> None:
    case.provider.script(answers.error(case.limited, retry_after=after), times=2)
    assert [case.ask()[0], case.ask()[0], case.ask()[0]] == [429, 429, case.success]
    assert [refused.scripted for refused in case.provider.refused] == [True, True] and len(case.provider.taken) == 1
    case.provider.script(answers.error(case.limited, retry_after=after))
    assert case.ask(BUDI)[1].get("Retry-After") == after


def test_questions_go_wrong_as_messages_do(case: Case) -> None:
    headers, _ = _asked(case.provider, case.text, ANI, case.token)
    case.provider.script_questions(answers.error(case.limited, retry_after="7"))
    case.provider.script_questions(answers.html(503))
    case.provider.script_questions(answers.malformed())
    case.provider.script_questions(answers.slow(0.01))
    asked = [ask(case.provider.url, "GET", case.question, None, headers) for _ in range(5)]
    assert [status for status, _, _ in asked] == [429, 503, 200, 200, 200] and asked[0][1]["Retry-After"] == "7"
    with pytest.raises(ValueError):
        json.loads(asked[2][2])
    assert asked[3][2] == asked[4][2] and case.provider.calls == {("GET", case.question): 5}
    case.provider.script_questions(answers.dropped())
    with pytest.raises((HTTPException, OSError)):
        ask(case.provider.url, "GET", case.question, None, headers)
    assert case.ask()[0] == case.success, "messages go on as they were"


def test_success_with_an_error_inside(case: Case) -> None:
    known = {Meta: 131016, Twilio: 63016, Bird: "undeliverable", Vonage: 1030}
    case.provider.script(answers.error_in_ok(known[type(case.provider)]))
    status, _, said = case.ask()
    assert status == case.success and (b"error" in said or b"detail" in said)
    assert not case.provider.taken


def test_a_connection_ends_before_and_after_the_message_was_taken(case: Case, listener: Listener) -> None:
    case.provider.script(answers.unread())
    case.provider.script(answers.dropped())
    for count in (0, 1):
        with pytest.raises((HTTPException, OSError)):
            case.ask()
        assert len(case.provider.taken) == count
    case.provider.settle()
    assert [case.told(hook)[1] for hook in listener.hooks] == ["sent", "delivered"]


def test_statuses_come_before_the_answer(case: Case, listener: Listener) -> None:
    case.provider.person(ANI).hears_early()
    listener.wait = threading.Event()
    said: list[int] = []
    thread = threading.Thread(target=lambda: said.append(case.ask()[0]))
    thread.start()
    case.provider.wait_for(lambda: case.provider.callbacks)
    assert not said
    listener.wait.set()
    thread.join(10)
    assert said == [case.success] and [callback.answers for callback in case.provider.callbacks] == [[200], [200]]


def test_statuses_come_backwards_and_twice(case: Case, listener: Listener) -> None:
    case.provider.hold()
    for index in range(3):
        case.provider.person(number(index)).reads()
        case.ask(number(index))
    assert not case.provider.callbacks
    case.provider.release(backwards=True, times=2)
    case.provider.settle()
    assert [case.told(hook)[1] for hook in listener.hooks] == ["read", "delivered", "sent"] * 6
    assert len({case.told(hook)[0] for hook in listener.hooks}) == 3


def test_what_people_do(case: Case, listener: Listener) -> None:
    people = [case.provider.person(number(index)) for index in range(5)]
    people[0].reads(skips_delivered=True)
    people[1].is_not_on_whatsapp()
    people[2].never_answers()
    people[3].is_never_told_of()
    people[4].hides_number()
    for index in range(5):
        assert case.ask(number(index))[0] == case.success
    case.provider.settle()
    told: dict[str, list[str]] = {}
    for identity, status in map(case.told, listener.hooks):
        told.setdefault(identity, []).append(status.replace("undelivered", "failed"))
    ids = [taken.id for taken in case.provider.taken]
    assert told == {ids[0]: ["sent", "read"], ids[1]: ["failed"], ids[2]: ["sent"], ids[4]: ["sent", "delivered"]}
    assert not any(number(4).encode() in hook.body for hook in listener.hooks)


def test_forged_ones_come_once_and_only_those_that_its_signatures_show(case: Case, listener: Listener) -> None:
    shown = case.provider.forgeries
    listener.codes = [401] * len(shown)
    for forgery in sorted(shown):
        callback = case.provider.tell("read", "wam_x", ANI, forgery=forgery)
        case.provider.settle()
        assert callback.answers == [401] and not callback.accepted
    for forgery in {"secret", "missing", "body", "old", "address"} - shown:
        with pytest.raises(AssertionError):
            case.provider.tell("read", "wam_x", ANI, forgery=forgery)


def test_what_people_write_reaches_who_subscribed(case: Case, listener: Listener) -> None:
    case.provider.person(ANI).writes("BERHENTI 🙏 é")
    case.provider.settle()
    [hook] = listener.hooks
    text = parse_qs(hook.body.decode())["Body"][0] if isinstance(case.provider, Twilio) else hook.body.decode()
    assert "BERHENTI 🙏 é" in text and (ANI in hook.body.decode())


def test_a_code_that_the_provider_has_not_is_told_at_once(case: Case) -> None:
    for code in (999_999, "no_such_error"):
        with pytest.raises((KeyError, AssertionError)):
            case.provider.script(answers.error(code))
    with pytest.raises(KeyError):
        case.provider.person(ANI).fails("no_such_error")
    assert case.ask()[0] == case.success


def test_who_sends_for_the_same_business_shares_its_people() -> None:
    portfolio, clock = Portfolio(), Clock()
    with (
        office.open_at("meta", portfolio=portfolio, clock=clock, limits=Limits(people=2)) as meta,
        office.open_at("twilio", portfolio=portfolio, clock=clock, limits=Limits(people=2)) as twilio,
    ):
        token = office.secrets("meta")["token"]
        meta.approve("izin_terbit", "id", 2)
        name = office.text_name("twilio", "izin_terbit", "id")
        twilio.approve(name, "id", 2)
        kinds = {meta: ("izin_terbit", _KINDS["meta"][0], token)}
        kinds[twilio] = (name, _KINDS["twilio"][0], office.secrets("twilio")["token"])
        for provider, to in ((meta, 0), (twilio, 0), (twilio, 1), (twilio, 2), (meta, 3), (meta, 1)):
            text, path, secret = kinds[provider]
            headers, raw = _asked(provider, text, number(to), secret)
            ask(provider.url, "POST", path, raw, headers)
        assert [(one.kind, one.to) for one in twilio.broken_limits()] == [("people", number(2))]
        assert [(one.kind, one.to) for one in meta.broken_limits()] == [("people", number(3))]
        assert [taken.to for taken in meta.taken] == [number(0), number(1)]


def test_nothing_is_left_running() -> None:
    before = set(threading.enumerate())
    for name in office.NAMES:
        with office.open_at(name) as provider:
            provider.wait_for(lambda: True)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("provider")]
