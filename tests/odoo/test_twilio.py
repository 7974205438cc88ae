"""The stand-in of Twilio: it refuses and fails what the real one does, and Twilio's own kit is its client."""

import base64
import json
import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hearing import ANI, BUDI, Clock, Listener, ask, listening, number, words
from providers import Limits, answers
from providers.twilio import Twilio, content_sid

pytestmark = pytest.mark.one_version

ACCOUNT, KEY, TOKEN, SECRET = f"AC{'1' * 32}", f"SK{'2' * 32}", "rahasia-kunci", "rahasia-akun"
SENDER = "+6283601009999"
SERVICE = f"MG{'3' * 32}"
PUBLIC = "https://perizinan.example.go.id"
TEXT = content_sid("izin_terbit", "id")
WORDS = ("Ani 🌾", "IZIN/2026/0001")
CASES = 500


def open_twilio(clock: Clock, **more: Any) -> Twilio:
    ids = {"token": TOKEN, "app_secret": SECRET, "sender_id": SENDER, "business_id": ACCOUNT, "key_id": KEY}
    return Twilio(clock=clock, **(ids | more))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def twilio(clock: Clock) -> Iterator[Twilio]:
    with open_twilio(clock) as twilio:
        twilio.approve(TEXT, "id", 2, "Yth. {{1}}, izin {{2}} telah terbit.")
        twilio.retry_after(0.001, 0.004)
        yield twilio


@pytest.fixture
def listener(twilio: Twilio) -> Iterator[Listener]:
    with listening() as listener:
        twilio.subscribe(listener.url)
        yield listener


@pytest.fixture(scope="module")
def kit() -> Any:
    for name in ("rest", "request_validator", "base.exceptions", "http.http_client"):
        import_module(f"twilio.{name}")
    return import_module("twilio")


def client(kit: Any, twilio: Twilio) -> Any:
    """Twilio's own: what goes to any of its hosts goes to the stand-in."""

    class Here(kit.http.http_client.TwilioHttpClient):
        def request(self, method: str, url: str, *more: Any, **others: Any) -> Any:
            return super().request(method, twilio.url + "/" + url.split("/", 3)[3], *more, **others)

    return kit.rest.Client(KEY, TOKEN, ACCOUNT, http_client=Here())


def form(to: str = ANI, filled: tuple[str, ...] = WORDS, **more: str | None) -> dict[str, str]:
    variables = json.dumps({str(place + 1): value for place, value in enumerate(filled)})
    asked = {"To": f"whatsapp:+{to}", "From": f"whatsapp:{SENDER}", "ContentSid": TEXT, "ContentVariables": variables} | more
    return {name: value for name, value in asked.items() if value is not None}


def basic(name: str = KEY, secret: str = TOKEN) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def send(twilio: Twilio, asked: dict[str, str] | None = None, **headers: str) -> tuple[int, Any]:
    raw = urlencode(asked if asked is not None else form()).encode()
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | basic() | headers
    status, _, said = ask(twilio.url, "POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", raw, sent)
    return status, json.loads(said)


def get(twilio: Twilio, path: str, **headers: str) -> tuple[int, Any]:
    status, _, said = ask(twilio.url, "GET", path, None, basic() | headers)
    return status, json.loads(said)


def code(said: tuple[int, Any]) -> int:
    assert said[0] == said[1]["status"] and said[1]["message"] and said[1]["more_info"].endswith(str(said[1]["code"]))
    return said[1]["code"]


def statuses(listener: Listener) -> list[dict[str, str]]:
    return [{name: values[0] for name, values in parse_qs(hook.body.decode()).items()} for hook in listener.hooks]


def test_what_is_sound_is_taken_and_told_of(twilio: Twilio, listener: Listener) -> None:
    status, said = send(twilio)
    [taken] = twilio.taken
    assert status == 201 and said["sid"] == taken.id and said["status"] == "queued"
    assert (taken.to, taken.text, taken.language, taken.parameters) == (ANI, TEXT, "id", WORDS)
    assert taken.words == "Yth. Ani 🌾, izin IZIN/2026/0001 telah terbit."
    twilio.settle()
    told = statuses(listener)
    assert [one["MessageStatus"] for one in told] == ["sent", "delivered"]
    assert {(one["MessageSid"], one["To"], one["From"]) for one in told} == {(taken.id, f"whatsapp:+{ANI}", f"whatsapp:{SENDER}")}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (form(To=None), 21604),
        (form(To=f"+{ANI}"), 21910),
        (form(To="whatsapp:0836-0100-0001"), 21211),
        (form(To=f"whatsapp:{SENDER}"), 21211),
        (form(From=None), 21603),
        (form(From=SENDER), 21910),
        (form(From="whatsapp:+6283601009998"), 63007),
        (form(From=None, MessagingServiceSid=SERVICE), 21703),
        (form(ContentSid=None), 21654),
        (form(ContentSid=None, ContentVariables=None), 21619),
        (form(ContentSid="izin_terbit"), 21655),
        (form(ContentSid=content_sid("lain", "id")), 21655),
        (form(ContentVariables="{"), 21656),
        (form(ContentVariables='["a","b"]'), 21656),
        (form(ContentVariables='{"1":"a","2":""}'), 21656),
        (form(ContentVariables='{"1":"a","2":null}'), 21656),
        (form(ContentVariables='{"1":"a","2":2}'), 21656),
        (form(ContentVariables='{"1":"a","3":"b"}'), 21656),
        (form(StatusCallback="/webhooks"), 21609),
        (form(StatusCallback="https://kantor_a.example.go.id/x"), 21609),
        (form(Template="x"), 20001),
    ],
)
def test_what_twilio_would_refuse_is_refused(twilio: Twilio, asked: dict[str, str], expected: int) -> None:
    assert code(send(twilio, asked)) == expected
    assert [refused.code for refused in twilio.refused] == [expected] and not twilio.taken


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (form(filled=("a",)), 63028),
        (form(filled=("a", "b\nc")), 63013),
        (form(filled=("a", "b     c")), 63013),
        (form(filled=("a", "b" * 1024)), 63021),
        (form(ContentSid=None, ContentVariables=None, Body="Halo"), 63016),
    ],
)
def test_what_meta_would_refuse_fails_later(twilio: Twilio, listener: Listener, asked: dict[str, str], expected: int) -> None:
    assert send(twilio, asked)[0] == 201
    twilio.settle()
    [told] = statuses(listener)
    assert told["ErrorCode"] == str(expected) and told["MessageStatus"] in ("failed", "undelivered")
    assert [taken.fault for taken in twilio.taken] == [expected] and not twilio.refused


def test_nobody_else_and_nothing_else_is_served(twilio: Twilio) -> None:
    for name, secret in ((KEY, "x"), ("SKx", TOKEN), (ACCOUNT, TOKEN), (KEY, SECRET)):
        assert code(send(twilio, **basic(name, secret))) == 20003
    assert send(twilio, **basic(ACCOUNT, SECRET))[0] == 201
    assert code(send(twilio, **{"Content-Type": "application/json"})) == 20001
    other = ask(twilio.url, "POST", f"/2010-04-01/Accounts/AC{'9' * 32}/Messages.json", b"", basic())
    assert other[0] == 404 and json.loads(other[2])["code"] == 20404
    twilio.renew_token("lain")
    assert code(send(twilio)) == 20003


def test_what_a_check_asks_for(twilio: Twilio) -> None:
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    assert get(twilio, f"{account}.json")[0] == 401, "a standard API key does not read accounts"
    assert get(twilio, f"{account}.json", **basic(ACCOUNT, SECRET))[1]["status"] == "active"
    numbers = get(twilio, f"{account}/IncomingPhoneNumbers.json?PhoneNumber=%2B6283601009999")[1]["incoming_phone_numbers"]
    assert [one["phone_number"] for one in numbers] == [SENDER]
    assert get(twilio, f"{account}/IncomingPhoneNumbers.json?PhoneNumber=%2B1")[1]["incoming_phone_numbers"] == []
    [sender] = get(twilio, "/v2/Channels/Senders?Channel=whatsapp")[1]["senders"]
    assert (sender["sender_id"], sender["status"]) == (f"whatsapp:{SENDER}", "ONLINE")
    assert code(get(twilio, f"/v1/Services/{SERVICE}")) == 20404


def test_a_messaging_service_sends_from_its_number(clock: Clock) -> None:
    with open_twilio(clock, sender_id=SERVICE) as twilio, listening() as listener:
        twilio.approve(TEXT, "id", 2)
        twilio.subscribe(listener.url)
        status, said = send(twilio, form(From=None, MessagingServiceSid=SERVICE))
        assert status == 201 and (said["from"], said["messaging_service_sid"], said["status"]) == (None, SERVICE, "accepted")
        assert get(twilio, f"/v1/Services/{SERVICE}")[1]["sid"] == SERVICE
        twilio.settle()
        assert {(one["From"], one["MessagingServiceSid"]) for one in statuses(listener)} == {(f"whatsapp:{SENDER}", SERVICE)}


def test_limits_that_are_metas_are_told_of_later(twilio: Twilio, listener: Listener, clock: Clock) -> None:
    twilio.limits.people, twilio.limits.per_second = 1, 3
    assert [send(twilio)[0], send(twilio)[0], send(twilio, form(to=BUDI))[0]] == [201] * 3
    twilio.settle()
    assert sorted(one["MessageStatus"] for one in statuses(listener)) == ["delivered", "failed", "failed", "sent"]
    assert [broken.kind for broken in twilio.broken_limits()] == ["pair", "people"] and not twilio.twice()
    twilio.limits.per_second = 1
    assert code(send(twilio, form(to=number(1)))) == 20429


def test_texts_that_are_not_approved_fail_later_and_are_told_of(twilio: Twilio, listener: Listener) -> None:
    path = f"/v1/Content/{TEXT}/ApprovalRequests"
    for change, state, expected in (
        (twilio.review, "pending", 63016),
        (twilio.reject, "rejected", 63040),
        (twilio.pause, "paused", 63041),
        (twilio.disable, "disabled", 63042),
    ):
        change(TEXT, "id")
        assert get(twilio, path)[1]["whatsapp"]["status"] == state
        send(twilio)
        assert twilio.taken[-1].fault == expected
    twilio.settle()
    assert len(listener.hooks) == 4, "of texts nobody is told"


def test_a_button_and_a_document_take_the_places_after_the_body(twilio: Twilio) -> None:
    sid = content_sid("izin_berkas", "id")
    twilio.approve(sid, "id", 1, button=True, header=True)
    assert send(twilio, form(filled=("Ani", "abc/1", "izin.pdf"), ContentSid=sid))[0] == 201
    [taken] = twilio.taken
    assert (taken.parameters, taken.button, taken.header, taken.fault) == (("Ani",), "abc/1", ("izin.pdf", None), None)


def test_the_address_that_came_with_a_message_is_signed_as_it_is_public(twilio: Twilio, kit: Any) -> None:
    with listening() as listener:
        twilio.lead(PUBLIC, listener.host)
        address = f"{PUBLIC}/webhooks/whatsapp/twilio/5f0c?x=1"
        send(twilio, form(StatusCallback=address + "#rc=2&rp=all"))
        twilio.settle()
        validator = kit.request_validator.RequestValidator(SECRET)
        for hook in listener.hooks:
            assert hook.path == "/webhooks/whatsapp/twilio/5f0c?x=1" and hook.headers["Host"] == "perizinan.example.go.id"
            assert validator.validate(address, parameters(hook.body), hook.headers["X-Twilio-Signature"])
            assert not validator.validate(listener.host + hook.path, parameters(hook.body), hook.headers["X-Twilio-Signature"])
        assert len(listener.hooks) == 2


def test_who_answers_is_not_called_again_unless_the_address_says_so(twilio: Twilio) -> None:
    with listening() as listener:
        listener.codes = [500, 404, 500, 500, 200]
        for index, fragment in enumerate(("", "#rp=5xx&rc=3", "#rc=3&rp=all")):
            twilio.person(number(index)).never_answers()
            send(twilio, form(to=number(index), StatusCallback=listener.url + fragment))
            twilio.settle()
        assert [callback.answers for callback in twilio.callbacks] == [[500], [404], [500, 500, 200]]
    assert all(callback.over for callback in twilio.callbacks)


def parameters(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}


def test_twilios_kit_is_understood(twilio: Twilio, kit: Any) -> None:
    twilio.limits.per_second, twilio.limits.people = 10**6, None
    chance, own = random.Random(1), client(kit, twilio)
    for index in range(CASES):
        filled = (words(chance), words(chance))
        sent = own.messages.create(
            to=f"whatsapp:+{number(index)}",
            from_=f"whatsapp:{SENDER}",
            content_sid=TEXT,
            content_variables=json.dumps({"1": filled[0], "2": filled[1]}, ensure_ascii=chance.random() < 0.5),
            status_callback=f"{PUBLIC}/webhooks/{index}",
        )
        taken = twilio.taken[-1]
        assert (sent.sid, sent.to, sent.status) == (taken.id, f"whatsapp:+{taken.to}", "queued")
        assert (taken.to, taken.parameters) == (number(index), filled)
    assert len(twilio.taken) == CASES and not twilio.refused
    assert twilio.calls == {("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"): CASES}


def test_twilios_kit_reads_what_it_answers(twilio: Twilio, kit: Any) -> None:
    own = client(kit, twilio)
    for index in range(60):
        twilio.approve(content_sid(f"izin_{index}", "id"), "id", 0)
    texts = own.content.v1.content_and_approvals.list()
    assert len(texts) == 61 and {text.approval_requests["status"] for text in texts} == {"approved"}
    twilio.recategorize(TEXT, "id")
    assert own.content.v1.contents(TEXT).approval_fetch().fetch().whatsapp["category"] == "MARKETING"
    assert [one.phone_number for one in own.incoming_phone_numbers.list(phone_number=SENDER)] == [SENDER]
    assert [one.sender_id for one in own.messaging.v2.channels_senders.list(channel="whatsapp")] == [f"whatsapp:{SENDER}"]
    send(twilio)
    assert own.messages(twilio.taken[0].id).fetch().to == f"whatsapp:+{ANI}"
    twilio.script(answers.error(20500))
    with pytest.raises(kit.base.exceptions.TwilioRestException) as caught:
        own.messages.create(**{"to": f"whatsapp:+{BUDI}", "from_": f"whatsapp:{SENDER}", "content_sid": TEXT})
    assert (caught.value.status, caught.value.code) == (500, 20500)


def test_twilios_kit_tells_true_webhooks_from_forged_ones(twilio: Twilio, listener: Listener, kit: Any) -> None:
    chance, validator = random.Random(2), kit.request_validator.RequestValidator(SECRET)
    forged: list[bool] = []
    for index in range(CASES):
        kind = chance.choice([None, None, None, "secret", "body", "missing", "address"])
        if kind is None and chance.random() < 0.5:
            twilio.person(number(index)).writes(words(chance, 200))
        else:
            twilio.tell(chance.choice(["sent", "delivered", "read"]), f"SM{index:032x}", number(index), forgery=kind)
        forged.append(kind is not None)
    twilio.settle(30)
    valid = [
        validator.validate(listener.url, parameters(hook.body), hook.headers.get("X-Twilio-Signature", ""))
        for hook in listener.hooks
    ]
    assert valid == [not one for one in forged] and CASES > sum(forged) > 0


def test_limits_are_kept_by_who_opened_it(clock: Clock) -> None:
    with open_twilio(clock, limits=Limits(people=None, per_second=1, enforced=False)) as twilio:
        twilio.approve(TEXT, "id", 2)
        assert [send(twilio, form(to=number(index)))[0] for index in range(3)] == [201] * 3
        assert [broken.kind for broken in twilio.broken_limits()] == ["rate"] * 2
