"""The stand-in of Meta's Cloud API: it refuses what the real one refuses, answers as it is told, and is heard in the end."""

import hashlib
import hmac
import json
import random
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hearing import ANI, BUDI, Clock, Listener, ask, number, words
from providers import Limits, answers
from providers.answers import Answer
from providers.limits import DAY
from providers.meta import HandshakeError, Meta

pytestmark = pytest.mark.one_version

TOKEN, SECRET, VERIFY = "token-0001", "secret-0001", "verify-0001"
NUMBER, BUSINESS = "100200300400500", "500400300200100"
TEXT = ("izin_terbit", "id", 2)
CASES = 500
WORDS = ("Ani 🌾", "IZIN/2026/0001")


class Hearer(Listener):
    def __init__(self) -> None:
        super().__init__()
        self.challenge: Callable[[str], tuple[int, str]] = lambda challenge: (200, challenge)

    def get(self, path: str) -> tuple[int, str]:
        asked = parse_qs(urlsplit(path).query)
        known = asked["hub.mode"] == ["subscribe"] and asked["hub.verify_token"] == [VERIFY]
        return self.challenge(asked["hub.challenge"][0]) if known else (403, "")

    @property
    def heard(self) -> list[tuple[bytes, str | None]]:
        return [(hook.body, hook.headers.get("X-Hub-Signature-256")) for hook in self.hooks]

    def statuses(self) -> list[dict[str, Any]]:
        return [
            status
            for body, _ in self.heard
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
            for status in change["value"].get("statuses", [])
        ]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meta(clock: Clock) -> Iterator[Meta]:
    with Meta(token=TOKEN, app_secret=SECRET, sender_id=NUMBER, business_id=BUSINESS, clock=clock) as meta:
        meta.approve(*TEXT, body="Yth. {{1}}, izin {{2}} telah terbit.")
        meta.retry_after(0.001, 0.004)
        yield meta


@pytest.fixture
def listener(meta: Meta) -> Iterator[Hearer]:
    listener = Hearer()
    meta.subscribe(listener.url, VERIFY)
    yield listener
    listener.close()


def body(to: str = ANI, words: tuple[str, ...] = WORDS, **more: Any) -> dict[str, Any]:
    parameters = [{"type": "text", "text": word} for word in words]
    template = {
        "name": "izin_terbit",
        "language": {"policy": "deterministic", "code": "id"},
        "components": [{"type": "body", "parameters": parameters}],
    }
    start = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": "template"}
    return {**start, "template": template, **more}


def call(meta: Meta, method: str, path: str, raw: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return ask(meta.url, method, path, raw, {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"} | headers)


def send(meta: Meta, asked: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    raw = json.dumps(asked if asked is not None else body()).encode()
    status, _, said = call(meta, "POST", f"/v26.0/{NUMBER}/messages", raw, **headers)
    return status, json.loads(said)


def code(said: tuple[int, Any]) -> int:
    """None of the errors may come without what Meta's have."""
    error = said[1]["error"]
    assert error["message"].startswith(f"(#{error['code']}) ") and error["type"] == "OAuthException" and error["fbtrace_id"]
    assert error["error_data"]["messaging_product"] == "whatsapp" and error["error_data"]["details"]
    return error["code"]


def test_what_is_sound_is_taken_and_told_of(meta: Meta, listener: Hearer) -> None:
    status, said = send(meta, body(to=f"+{ANI}", biz_opaque_callback_data="m-1"))
    [taken] = meta.taken
    assert status == 200 and said["messages"] == [{"id": taken.id, "message_status": "accepted"}]
    assert said["contacts"][0]["input"] == f"+{ANI}" and said["contacts"][0]["wa_id"] == ANI
    assert taken.id.startswith("wamid.") and (taken.to, taken.text, taken.language) == (ANI, "izin_terbit", "id")
    assert (taken.parameters, taken.reference) == (WORDS, "m-1")
    assert taken.words == "Yth. Ani 🌾, izin IZIN/2026/0001 telah terbit."
    meta.settle()
    assert [told["status"] for told in listener.statuses()] == ["sent", "delivered"]
    assert {(told["id"], told["recipient_id"], told["biz_opaque_callback_data"]) for told in listener.statuses()} == {
        (taken.id, ANI, "m-1")
    }
    assert not meta.twice() and not meta.broken_limits() and not meta.refused


def spoilt(*path: Any, to: Any = None, drop: bool = False) -> dict[str, Any]:
    """A sound message but for one place."""
    asked = body()
    at: Any = asked
    for step in path[:-1]:
        at = at[step]
    if drop:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return asked


FIRST = ("template", "components", 0, "parameters", 0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (spoilt("messaging_product", drop=True), 131008),
        (spoilt("messaging_product", to="sms"), 100),
        (spoilt("recipient_type", drop=True), 131008),
        (spoilt("recipient_type", to="group"), 100),
        (spoilt("to", drop=True), 131008),
        (spoilt("to", to="0836-0100-0001"), 131009),
        (spoilt("to", to=6283601008001), 100),
        (spoilt("to", to="6283601009999"), 131021),
        (spoilt("type", to="text"), 131051),
        (spoilt("template", "language", "policy", drop=True), 131008),
        (spoilt("template", "language", "policy", to="fallback"), 100),
        (spoilt("template", "language", "code", to="id_ID"), 132001),
        (spoilt("template", "name", to="izin_terbit_2"), 132001),
        (spoilt("template", "namespace", to="x"), 100),
        (spoilt("template", "components", to={}), 100),
        (spoilt("template", "components", drop=True), 132000),
        (spoilt("template", "components", 0, "type", to="header"), 132012),
        (spoilt("template", "components", 0, "parameters", 1, to={"type": "currency", "text": "x"}), 132012),
        (spoilt("template", "components", to=body()["template"]["components"] * 2), 100),
        (spoilt(*FIRST, "text", to=""), 131008),
        (spoilt(*FIRST, "text", to="  "), 131008),
        (spoilt(*FIRST, "text", drop=True), 131008),
        (spoilt(*FIRST, "text", to=7), 132012),
        (spoilt(*FIRST, "text", to="a\nb"), 132012),
        (spoilt(*FIRST, "text", to="a\tb"), 132012),
        (spoilt(*FIRST, "text", to="a     b"), 132012),
        (spoilt(*FIRST, "text", to="a" * 1024), 132005),
        (spoilt(*FIRST, "parameter_name", to="name"), 100),
        (body(words=("one",)), 132000),
        (body(words=("one", "two", "three")), 132000),
        (body(biz_opaque_callback_data="x" * 513), 100),
    ],
)
def test_what_meta_would_refuse_is_refused(meta: Meta, asked: dict[str, Any], expected: int) -> None:
    assert code(send(meta, asked)) == expected
    assert [refused.code for refused in meta.refused] == [expected] and not meta.taken


def test_four_blanks_and_511_more_signs_are_taken(meta: Meta) -> None:
    assert send(meta, body(words=("a    b", "c"), biz_opaque_callback_data="x" * 512))[0] == 200


def test_nobody_else_and_nothing_else_is_served(meta: Meta) -> None:
    raw = json.dumps(body()).encode()
    path = f"/v26.0/{NUMBER}/messages"
    for given, headers, expected in (
        (path, {"Authorization": "Bearer other"}, (401, 190)),
        (path, {"Authorization": f"Basic {TOKEN}"}, (401, 190)),
        (path, {"Content-Type": "application/x-www-form-urlencoded"}, (400, 100)),
        (f"/v26/{NUMBER}/messages", {}, (400, 100)),
        ("/v26.0/1/messages", {}, (400, 100)),
        (f"/v26.0/{NUMBER}/media", {}, (400, 100)),
        (f"/v26.0/{NUMBER}", {}, (400, 100)),
    ):
        status, _, said = call(meta, "POST", given, raw, **headers)
        assert (status, json.loads(said)["error"]["code"]) == expected
    assert json.loads(call(meta, "POST", path, b"{")[2])["error"]["code"] == 100
    assert json.loads(call(meta, "GET", path)[2])["error"]["code"] == 100
    meta.renew_token("token-0002")
    assert code(send(meta)) == 190 and send(meta, Authorization="Bearer token-0002")[0] == 200


def test_a_text_is_paused_disabled_and_approved_again(meta: Meta, listener: Hearer) -> None:
    meta.pause("izin_terbit", "id")
    assert code(send(meta)) == 132015
    meta.disable("izin_terbit", "id")
    assert code(send(meta)) == 132016
    meta.reject("izin_terbit", "id")
    assert code(send(meta)) == 132001
    meta.approve(*TEXT)
    meta.recategorize("izin_terbit", "id")
    assert send(meta)[0] == 200
    meta.change_limit(2000)
    meta.change_limit(None, as_tier=True)
    meta.settle()
    told = [json.loads(heard)["entry"][0]["changes"][0] for heard, _ in listener.heard]
    values = [change["value"] for change in told if change["field"] == "message_template_status_update"]
    assert [value["event"] for value in values] == ["PAUSED", "DISABLED", "REJECTED", "APPROVED"]
    assert {(value["message_template_name"], value["message_template_language"]) for value in values} == {("izin_terbit", "id")}
    [moved] = [change["value"] for change in told if change["field"] == "template_category_update"]
    assert (moved["previous_category"], moved["new_category"]) == ("UTILITY", "MARKETING")
    assert {status["pricing"]["category"] for status in listener.statuses()} == {"marketing"}
    limits = [change["value"] for change in told if change["field"] == "business_capability_update"]
    assert [limit["max_daily_conversations_per_business"] for limit in limits] == [2000, "TIER_UNLIMITED"]


def test_the_number_tells_what_it_is_asked_for(meta: Meta) -> None:
    path = f"/v26.0/{NUMBER}"
    fields = "display_phone_number,verified_name,quality_rating,whatsapp_business_manager_messaging_limit"
    status, _, said = call(meta, "GET", f"{path}?fields={fields}")
    assert status == 200 and json.loads(said) == {
        "display_phone_number": "+62 836-0100-9999",
        "verified_name": "Dinas Contoh",
        "quality_rating": "GREEN",
        "whatsapp_business_manager_messaging_limit": "TIER_250",
        "id": NUMBER,
    }
    meta.rate("RED")
    meta.change_limit(10_000)
    asked = f"{path}?fields=quality_rating%2Cwhatsapp_business_manager_messaging_limit"
    assert list(json.loads(call(meta, "GET", asked)[2]).values()) == ["RED", "TIER_10K", NUMBER]
    assert code((400, json.loads(call(meta, "GET", f"{path}?fields=pin")[2]))) == 100
    assert call(meta, "GET", path, Authorization="Bearer other")[0] == 401


def test_the_number_takes_so_many_a_second(meta: Meta, clock: Clock) -> None:
    for index in range(80):
        assert send(meta, body(to=number(index)))[0] == 200
    assert code(send(meta, body(to=number(80)))) == 130429
    clock.now += 0.99
    assert code(send(meta, body(to=number(80)))) == 130429
    clock.now += 0.01
    assert send(meta, body(to=number(80)))[0] == 200
    assert [(broken.code, broken.to) for broken in meta.broken_limits()] == [(130429, number(80))] * 2


def test_one_person_gets_one_in_six_seconds_and_makes_up_for_a_burst(meta: Meta, clock: Clock) -> None:
    assert send(meta)[0] == 200 and send(meta, body(to=BUDI))[0] == 200
    clock.now += 5.9
    assert code(send(meta)) == 131056 and not meta.twice()
    clock.now += 0.1
    assert send(meta)[0] == 200 and meta.twice() == [(ANI, "izin_terbit", WORDS)]
    meta.limits.pair_burst = 2
    assert [send(meta)[0] for _ in range(3)] == [200, 200, 429]
    clock.now += 6
    assert [send(meta)[0] for _ in range(2)] == [200, 429]


def test_so_many_people_a_day_and_those_that_wrote_do_not_count(meta: Meta, clock: Clock) -> None:
    meta.limits.people = 2
    meta.person(number(3)).writes("Halo")
    assert send(meta, body(to=number(3)))[0] == 200
    assert [send(meta, body(to=number(index)))[0] for index in range(2)] == [200, 200]
    assert code(send(meta, body(to=number(2)))) == 131064
    clock.now += DAY - 1
    assert send(meta, body(to=number(0)))[0] == 200, "known today already"
    assert code(send(meta, body(to=number(2)))) == 131064
    clock.now += 1
    assert send(meta, body(to=number(2)))[0] == 200, "a day after the second person's only message"
    assert code(send(meta, body(to=number(1)))) == 131064, "the first one's last message is a second old"
    assert code(send(meta, body(to=number(3)))) == 131064, "wrote more than a day ago"
    meta.limits.people = None
    assert send(meta, body(to=number(1)))[0] == 200


def test_limits_that_are_not_enforced_are_noted() -> None:
    limits = Limits(per_second=1, enforced=False)
    with Meta(token=TOKEN, app_secret=SECRET, sender_id=NUMBER, business_id=BUSINESS, clock=Clock(), limits=limits) as meta:
        meta.approve(*TEXT)
        assert [send(meta, body(to=number(index)))[0] for index in range(3)] == [200] * 3
        assert len(meta.taken) == 3 and [broken.code for broken in meta.broken_limits()] == [130429] * 2


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        (answers.error(131000), 500, 131000),
        (answers.error(131048), 400, 131048),
        (answers.error(130429, retry_after="7"), 429, 130429),
        (answers.error(4, status=400), 400, 4),
        (answers.error(200), 403, 200),
        (answers.error_in_ok(131016), 200, 131016),
    ],
)
def test_an_error_is_answered_as_often_as_wanted(meta: Meta, answer: Answer, status: int, expected: int) -> None:
    meta.script(answer, times=2)
    path, raw = f"/v26.0/{NUMBER}/messages", json.dumps(body()).encode()
    for _ in range(2):
        given, headers, said = call(meta, "POST", path, raw)
        assert (given, code((given, json.loads(said)))) == (status, expected)
        assert headers.get("Retry-After") == answer.headers.get("Retry-After")
    assert send(meta)[0] == 200
    assert len(meta.taken) == 1 and [refused.scripted for refused in meta.refused] == [True] * 2
    assert not meta.broken_limits()


def test_a_script_is_for_a_person_or_a_text_and_for_what_is_sound(meta: Meta) -> None:
    meta.approve("izin_ditolak", "id", 2)
    meta.script(answers.error(131021), to=f"+{BUDI}")
    meta.script(answers.error(132007), text="izin_ditolak")
    assert send(meta)[0] == 200
    assert code(send(meta, body(to=BUDI, words=()))) == 132000, "unsound: the script waits"
    assert code(send(meta, body(to=BUDI))) == 131021
    assert send(meta, body(to=BUDI))[0] == 200
    other = body(to=number(9))
    other["template"]["name"] = "izin_ditolak"
    assert code(send(meta, other)) == 132007
    assert send(meta, other)[0] == 200


@pytest.mark.parametrize(
    ("answer", "status", "taken"),
    [
        (answers.html(), 500, 0),
        (answers.html(502, takes=True), 502, 1),
        (answers.malformed(), 200, 1),
        (answers.without_id(), 200, 1),
    ],
)
def test_odd_answers(meta: Meta, answer: Answer, status: int, taken: int) -> None:
    meta.script(answer)
    given, headers, said = call(meta, "POST", f"/v26.0/{NUMBER}/messages", json.dumps(body()).encode())
    nothing = b'{"messaging_product": "whatsapp", "contacts": [], "messages": []}'
    assert (given, headers["Content-Type"], said) == (status, answer.content_type, answer.body or nothing)
    assert len(meta.taken) == taken


def test_a_connection_ends_after_the_message_was_taken(meta: Meta, listener: Hearer) -> None:
    meta.script(answers.dropped())
    with pytest.raises((HTTPException, OSError)):
        send(meta)
    assert len(meta.taken) == 1
    meta.settle()
    assert [told["status"] for told in listener.statuses()] == ["sent", "delivered"]


def test_a_connection_ends_before_the_message_was_read(meta: Meta) -> None:
    meta.script(answers.unread())
    with pytest.raises((HTTPException, OSError)):
        send(meta)
    assert not meta.taken and not meta.refused and send(meta)[0] == 200


@pytest.mark.parametrize("answer", [answers.late(), answers.slow()])
def test_an_answer_waits_while_the_person_has_the_message(meta: Meta, listener: Hearer, answer: Answer) -> None:
    meta.script(answer)
    said: list[tuple[int, Any]] = []
    thread = threading.Thread(target=lambda: said.append(send(meta)))
    thread.start()
    meta.wait_for(lambda: len(meta.callbacks) == 2 and all(callback.accepted for callback in meta.callbacks))
    assert len(meta.taken) == 1 and not said
    meta.go_on()
    thread.join(10)
    assert said[0][1]["messages"][0]["id"] == meta.taken[0].id


def test_an_answer_comes_late_by_itself(meta: Meta) -> None:
    meta.script(answers.late(0.01))
    meta.script(answers.slow(0.01))
    assert send(meta)[0] == 200 and send(meta, body(to=BUDI))[0] == 200


def test_nothing_is_left_running() -> None:
    before = set(threading.enumerate())
    with Meta(token=TOKEN, app_secret=SECRET, sender_id=NUMBER, business_id=BUSINESS) as meta:
        meta.approve(*TEXT)
        listener = Hearer()
        listener.wait = threading.Event()
        meta.subscribe(listener.url, VERIFY)
        meta.person(BUDI).writes("Halo")
        meta.wait_for(lambda: meta.callbacks)
        meta.script(answers.late())
        failed: list[Exception] = []

        def ask() -> None:
            try:
                send(meta)
            except (HTTPException, OSError) as error:
                failed.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        idle = HTTPConnection("127.0.0.1", int(meta.url.rpartition(":")[2]))
        idle.connect()
        meta.wait_for(lambda: meta.taken)
    asking.join(10)
    listener.wait.set()
    listener.close()
    idle.close()
    left = [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("provider")]
    assert not asking.is_alive() and not left


def test_the_handshake_is_strict(meta: Meta, listener: Hearer) -> None:
    with pytest.raises(HandshakeError, match="answered 403"):
        meta.subscribe(listener.url, "another")
    for wrong in (
        lambda challenge: (200, f'"{challenge}"'),
        lambda challenge: (200, f"{challenge}\n"),
        lambda challenge: (201, challenge),
        lambda _: (200, ""),
    ):
        listener.challenge = wrong
        with pytest.raises(HandshakeError):
            meta.subscribe(listener.url, VERIFY)
    with pytest.raises(HandshakeError, match="did not answer"):
        meta.subscribe("http://127.0.0.1:1/", VERIFY)


def signed(raw: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()


def test_the_raw_bytes_are_signed_with_what_no_ascii_has(meta: Meta, listener: Hearer) -> None:
    meta.person(ANI).writes("BERHENTI 🙏 é")
    meta.settle()
    [(raw, signature)] = listener.heard
    assert "BERHENTI 🙏 é".encode() in raw and signature == signed(raw)
    value = json.loads(raw)["entry"][0]["changes"][0]["value"]
    assert value["metadata"] == {"display_phone_number": "6283601009999", "phone_number_id": NUMBER}
    assert value["messages"][0]["from"] == ANI and value["contacts"][0]["wa_id"] == ANI


def test_forged_ones_are_told_from_true_ones_and_come_once(meta: Meta, listener: Hearer) -> None:
    listener.codes = [401] * 3
    for forgery in ("secret", "missing", "body"):
        callback = meta.tell("read", "wamid.x", ANI, forgery=forgery)
        meta.settle()
        raw, signature = listener.heard[-1]
        assert signature != signed(raw) and callback.answers == [401]
    assert listener.heard[1][1] is None and not any(callback.accepted for callback in meta.callbacks)


def test_what_people_do(meta: Meta, listener: Hearer) -> None:
    people = [meta.person(number(index)) for index in range(6)]
    people[0].reads()
    people[1].reads(skips_delivered=True)
    people[2].is_not_on_whatsapp()
    people[3].never_answers()
    people[4].is_never_told_of()
    people[5].fails(131049, after=("sent",))
    for index in range(6):
        assert send(meta, body(to=number(index)))[0] == 200
    meta.settle()
    told: dict[str, list[str]] = {}
    for status in listener.statuses():
        told.setdefault(status["recipient_id"], []).append(status["status"])
    assert told == {
        number(0): ["sent", "delivered", "read"],
        number(1): ["sent", "read"],
        number(2): ["failed"],
        number(3): ["sent"],
        number(5): ["sent", "failed"],
    }
    errors = [status["errors"][0] for status in listener.statuses() if status["status"] == "failed"]
    assert [error["code"] for error in errors] == [131026, 131049]
    assert all(error["title"] and error["message"] and error["error_data"]["details"] and error["href"] for error in errors)


def test_a_person_without_a_number_is_known_by_an_id_that_may_change(meta: Meta, listener: Hearer) -> None:
    person = meta.person(ANI).hides_number()
    send(meta)
    meta.settle()
    person.writes("Halo")
    before = person.contact.user_id
    person.changes_id()
    meta.settle()
    assert all("recipient_id" not in status and status["recipient_user_id"] == before for status in listener.statuses())
    assert all(ANI.encode() not in raw for raw, _ in listener.heard)
    changed = json.loads(listener.heard[-1][0])["entry"][0]["changes"][0]["value"]["messages"][0]
    assert changed["type"] == "system" and changed["from_user_id"] == before
    assert changed["system"]["user_id"] == person.contact.user_id != before


def test_statuses_come_before_the_answer(meta: Meta, listener: Hearer) -> None:
    meta.person(ANI).hears_early()
    listener.wait = threading.Event()
    said: list[tuple[int, Any]] = []
    thread = threading.Thread(target=lambda: said.append(send(meta)))
    thread.start()
    meta.wait_for(lambda: meta.callbacks)
    assert not said
    listener.wait.set()
    thread.join(10)
    assert said[0][0] == 200 and [callback.answers for callback in meta.callbacks] == [[200], [200]]


def test_batches_in_the_wrong_order_and_twice(meta: Meta, listener: Hearer) -> None:
    meta.hold()
    for index in range(3):
        send(meta, body(to=number(index)))
    assert not meta.callbacks
    callbacks = meta.release(size=4, backwards=True, times=2)
    meta.settle()
    assert [callback.kinds for callback in callbacks] == [["delivered", "sent", "delivered", "sent"], ["delivered", "sent"]] * 2
    assert len(json.loads(listener.heard[0][0])["entry"]) == 2
    assert [status["status"] for status in listener.statuses()] == ["delivered", "sent"] * 6
    send(meta, body(to=number(3)))
    meta.settle()
    assert len(meta.callbacks) == 6, "held no more"


def test_of_what_nobody_sent_and_of_another_number(meta: Meta, listener: Hearer) -> None:
    meta.tell("delivered", "wamid.unknown", ANI, sender_id="999")
    meta.tell("failed", "wamid.unknown", ANI, code=131026)
    meta.settle()
    values = [json.loads(raw)["entry"][0]["changes"][0]["value"] for raw, _ in listener.heard]
    assert [value["metadata"]["phone_number_id"] for value in values] == ["999", NUMBER]
    assert {status["id"] for status in listener.statuses()} == {"wamid.unknown"}


def test_it_is_told_again_until_it_is_heard(meta: Meta, listener: Hearer) -> None:
    listener.codes = [500, 503, 404, 302, 201]
    meta.person(ANI).writes("Halo")
    meta.settle()
    [callback] = meta.callbacks
    assert callback.answers == [500, 503, 404, 302, 201, 200] and callback.attempts == 6 and callback.accepted
    assert len({raw for raw, _ in listener.heard}) == 1, "the same bytes each time"


def test_who_is_away_is_told_later(meta: Meta, listener: Hearer) -> None:
    listener.close()
    meta.person(ANI).writes("Halo")
    meta.wait_for(lambda: meta.callbacks[0].attempts > 2)
    assert set(meta.callbacks[0].answers) == {None} and not meta.callbacks[0].accepted
    again = Hearer()
    meta.subscribe(again.url, VERIFY)
    meta.settle()
    assert len(again.heard) == 1
    again.close()


def test_nobody_hears_what_nobody_subscribed_to(meta: Meta) -> None:
    send(meta)
    meta.settle()
    assert not meta.callbacks


def test_many_at_once_lose_nothing(meta: Meta, listener: Hearer) -> None:
    clients = [
        threading.Thread(
            target=lambda first: [send(meta, body(to=number(first + index))) for index in range(10)], args=(10 * at,)
        )
        for at in range(8)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join(30)
    meta.settle(30)
    assert len({taken.id for taken in meta.taken}) == 80 and len(listener.statuses()) == 160


@pytest.fixture(scope="module")
def pywa() -> Any:
    """A client of Meta's that others wrote: Meta has none for Python."""
    for name in ("client", "errors", "utils", "types.message_status", "types.templates"):
        import_module(f"pywa.{name}")
    return import_module("pywa")


@pytest.fixture
def client(pywa: Any, meta: Meta) -> Iterator[Any]:
    meta.limits.per_second, meta.limits.people = 10**6, None
    with import_module("httpx").Client() as session:
        plain = session.request

        def request(*where: Any, json: Any = None, **more: Any) -> Any:
            """Meta's OpenAPI demands it, the live interface and pywa do not."""
            if json:
                json["template"]["language"]["policy"] = "deterministic"
            return plain(*where, json=json, **more)

        session.request = request
        client = pywa.client.WhatsApp(phone_id=NUMBER, token=TOKEN, session=session)
        session.base_url = f"{meta.url}/v26.0"
        yield client


def test_another_client_of_meta_is_understood(meta: Meta, pywa: Any, client: Any) -> None:
    chance, types = random.Random(1), pywa.types.templates
    for index in range(CASES):
        filled = (words(chance), words(chance))
        sent = client.send_template(
            to=number(index),
            name=TEXT[0],
            language=types.TemplateLanguage.INDONESIAN,
            params=[types.BodyText.params(*filled)],
            tracker=f"m-{index}",
        )
        taken = meta.taken[-1]
        assert (sent.id, taken.to, taken.parameters, taken.reference) == (taken.id, number(index), filled, f"m-{index}")
    assert len(meta.taken) == CASES and not meta.refused and not meta.twice()


def test_another_client_of_meta_reads_what_it_tells(meta: Meta, listener: Hearer, pywa: Any) -> None:
    statuses, templates = pywa.types.message_status, pywa.types.templates
    stranger: Any = type("Client", (), {"_usr_cls": None})()
    meta.person(ANI).reads()
    send(meta, body(biz_opaque_callback_data="m-1"))
    meta.settle()
    read = [statuses.MessageStatus.from_update(stranger, json.loads(raw)) for raw, _ in listener.heard]
    assert [status.status.value for status in read] == ["sent", "delivered", "read"]
    assert {(status.id, status.tracker, status.from_user.wa_id) for status in read} == {(meta.taken[0].id, "m-1", ANI)}
    meta.disable("izin_terbit", "id")
    meta.recategorize("izin_terbit", "id")
    meta.settle()
    disabled, moved = (json.loads(raw) for raw, _ in listener.heard[-2:])
    assert templates.TemplateStatusUpdate.from_update(stranger, disabled).new_status == "DISABLED"
    assert templates.TemplateCategoryUpdate.from_update(stranger, moved).new_category == "MARKETING"


def test_another_client_of_meta_tells_true_webhooks_from_forged_ones(meta: Meta, listener: Hearer, pywa: Any) -> None:
    chance = random.Random(2)
    forged: list[bool] = []
    for index in range(CASES):
        kind = chance.choice([None, None, "secret", "body", "missing"])
        meta.tell("delivered", "wamid.x", number(index), reference=words(chance), forgery=kind)
        forged.append(kind is not None)
    meta.settle(30)
    valid = [
        bool(signature) and pywa.utils.webhook_updates_validator(SECRET, raw, signature) for raw, signature in listener.heard
    ]
    assert valid == [not one for one in forged] and 0 < sum(forged) < CASES


def test_another_client_of_meta_knows_its_errors(meta: Meta, pywa: Any) -> None:
    for given in (0, 4, 190, 130429, 131026, 131056, 131064, 132000, 132001, 132012, 132015, 132016, 135000):
        meta.script(answers.error(given))
        said = send(meta, body(to=BUDI))
        assert type(pywa.errors.WhatsAppError.from_dict(said[1]["error"])) is not pywa.errors.WhatsAppError


def test_a_button_and_a_document_come_with_the_text_that_has_them(meta: Meta) -> None:
    meta.approve("izin_berkas", "id", 1, button=True, header=True)
    asked = body(words=("Ani",))
    asked["template"]["name"] = "izin_berkas"
    assert code(send(meta, asked)) == 131008
    button = {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "abc/1"}]}
    document = {"link": "https://kantor.example.go.id/izin.pdf", "filename": "izin.pdf"}
    header = {"type": "header", "parameters": [{"type": "document", "document": document}]}
    asked["template"]["components"].append(button)
    assert code(send(meta, asked)) == 132012
    asked["template"]["components"].insert(0, header)
    assert send(meta, asked)[0] == 200
    [taken] = meta.taken
    assert (taken.button, taken.header) == ("abc/1", (document["link"], document["filename"]))
    asked["template"]["name"], asked["to"] = TEXT[0], BUDI
    assert code(send(meta, asked)) == 132000, "a text without them"


def test_the_business_tells_where_its_texts_stand(meta: Meta) -> None:
    for index in range(3):
        meta.approve(f"izin_{index}", "id", 0)
    meta.pause("izin_1", "id")
    meta.recategorize("izin_2", "id")
    found, after = [], ""
    while True:
        path = f"/v26.0/{BUSINESS}/message_templates?name=izin_&fields=name,language,status,category&limit=2{after}"
        page = json.loads(call(meta, "GET", path)[2])
        found += [(text["name"], text["language"], text["status"], text["category"]) for text in page["data"]]
        if "next" not in page["paging"]:
            break
        after = f"&after={page['paging']['cursors']['after']}"
    assert found == [
        ("izin_terbit", "id", "APPROVED", "UTILITY"),
        ("izin_0", "id", "APPROVED", "UTILITY"),
        ("izin_1", "id", "PAUSED", "UTILITY"),
        ("izin_2", "id", "APPROVED", "MARKETING"),
    ]
    assert call(meta, "GET", f"/v26.0/{NUMBER}/message_templates")[0] == 400


def test_old_webhooks_are_not_what_metas_signatures_show(meta: Meta, listener: Hearer) -> None:
    with pytest.raises(AssertionError, match="do not show old"):
        meta.tell("read", "wamid.x", ANI, forgery="old")
