"""The stand-in of Bird: it refuses what the real one refuses, takes nothing twice, and Bird's own kit is its client."""

import base64
import json
import random
import time
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hearing import ANI, BUDI, Clock, Listener, ask, listening, number, words
from providers import answers
from providers.bird import Bird

pytestmark = pytest.mark.one_version

KEY, SECRET = "bk_eu1_contoh0123456789", "whsec_" + base64.b64encode(b"rahasia webhook contoh 1").decode()
SENDER = "+6283601009999"
TEXT = ("izin_terbit", "id", 2)
WORDS = ("Ani 🌾", "IZIN/2026/0001")
CASES = 500


@pytest.fixture
def clock() -> Clock:
    # Its kit looks at the time.
    return Clock(float(int(time.time())))


@pytest.fixture
def bird(clock: Clock) -> Iterator[Bird]:
    with Bird(token=KEY, app_secret=SECRET, sender_id=SENDER, clock=clock) as bird:
        bird.approve(*TEXT, body="Yth. {{1}}, izin {{2}} telah terbit.")
        bird.retry_after(0.001, 0.004)
        yield bird


@pytest.fixture
def listener(bird: Bird) -> Iterator[Listener]:
    with listening() as listener:
        bird.subscribe(listener.url)
        yield listener


@pytest.fixture(scope="module")
def kit() -> Any:
    with warnings.catch_warnings():
        # One of its fields has the name of one of pydantic's.
        warnings.simplefilter("ignore")
        return import_module("bird")


@pytest.fixture
def client(kit: Any, bird: Bird) -> Iterator[Any]:
    bird.limits.per_second, bird.limits.people = 10**6, None
    with kit.Bird(api_key=KEY, base_url=bird.url, webhook_secret=SECRET, max_retries=0) as client:
        yield client


def part(kind: str, *values: dict[str, str]) -> dict[str, Any]:
    return {"type": kind, "parameters": list(values)}


def text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


def body(to: str = f"+{ANI}", filled: tuple[str, ...] = WORDS, **more: Any) -> dict[str, Any]:
    template = {"slug": "izin_terbit", "language": "id", "components": [part("body", *map(text, filled))]}
    return {"to": to, "from": SENDER, "template": template, "metadata": {"key": "m-1"}} | more


def send(bird: Bird, asked: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    sent = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | headers
    raw = json.dumps(asked if asked is not None else body()).encode()
    status, _, said = ask(bird.url, "POST", "/v1/whatsapp/messages", raw, sent)
    return status, json.loads(said)


def get(bird: Bird, path: str) -> tuple[int, Any]:
    status, _, said = ask(bird.url, "GET", path, None, {"Authorization": f"Bearer {KEY}"})
    return status, json.loads(said)


def kind(said: tuple[int, Any]) -> str:
    error = said[1]["error"]
    assert error["message"] and error["request_id"] and error["doc_url"]
    return error["type"]


def told(listener: Listener) -> list[dict[str, Any]]:
    return [json.loads(hook.body) for hook in listener.hooks]


def test_what_is_sound_is_taken_and_told_of(bird: Bird, listener: Listener) -> None:
    status, said = send(bird)
    [taken] = bird.taken
    assert status == 202 and (said["id"], said["status"]) == (taken.id, "accepted")
    assert (taken.to, taken.text, taken.language, taken.parameters) == (ANI, "izin_terbit", "id", WORDS)
    assert taken.words == "Yth. Ani 🌾, izin IZIN/2026/0001 telah terbit."
    bird.settle()
    assert [one["type"] for one in told(listener)] == ["whatsapp.sent", "whatsapp.delivered"]
    assert {(one["data"]["whatsapp_id"], one["data"]["metadata"]["key"]) for one in told(listener)} == {(taken.id, "m-1")}


def template(**more: Any) -> dict[str, Any]:
    return body(template=body()["template"] | more)


@pytest.mark.parametrize(
    "asked",
    [
        body(to=ANI),
        body(to="+0836"),
        {name: value for name, value in body().items() if name != "to"},
        {name: value for name, value in body().items() if name != "from"},
        body(**{"from": "+6283601009998"}),
        body(text={"body": "Halo"}),
        body(webhook_url="https://x"),
        body(metadata={"key": "x" * 2048}),
        body(metadata="m-1"),
        body(tags=[{"name": "a", "value": "b"}] * 21),
        template(slug="izin_lain"),
        template(slug="Izin"),
        template(name="izin_terbit"),
        template(language="en"),
        template(components={}),
        template(components=[]),
        template(components=[part("body", text("a"))]),
        template(components=[part("body", text("a"), text("b"), text("c"))]),
        template(components=[part("body", text("a"), text(""))]),
        template(components=[part("body", text("a"), text("b\nc"))]),
        template(components=[part("body", text("a"), text("b     c"))]),
        template(components=[part("body", *map(text, WORDS)), part("button", text("x"))]),
        template(components=[part("body", *map(text, WORDS))] * 2),
        template(components=[part("buttons", text("x"))]),
        template(components=[part("body", {"type": "currency", "text": "x"}, text("b"))]),
    ],
)
def test_what_bird_would_refuse_is_refused(bird: Bird, asked: dict[str, Any]) -> None:
    status, said = send(bird, asked)
    assert (status, kind((status, said))) == (422, "validation_error") and said["error"]["details"]
    assert [refused.code for refused in bird.refused] == ["validation_error"] and not bird.taken


def test_nobody_else_and_nothing_else_is_served(bird: Bird) -> None:
    assert send(bird, Authorization="Bearer bk_eu1_lain")[0] == 401
    assert send(bird, Authorization=f"AccessKey {KEY}")[0] == 401
    assert send(bird, **{"Content-Type": "text/plain"})[0] == 400
    assert kind(get(bird, "/v1/whatsapp/messages/wam_x")) == "not_found_error"
    bird.renew_token("bk_eu1_baru")
    assert kind(send(bird)) == "auth_error" and send(bird, Authorization="Bearer bk_eu1_baru")[0] == 202


def test_what_comes_again_with_its_key_is_taken_once(bird: Bird, listener: Listener) -> None:
    bird.script(answers.malformed())
    key = {"Idempotency-Key": "kunci-1"}
    with pytest.raises(ValueError):
        send(bird, **key)
    first, again = send(bird, **key), send(bird, **key)
    assert first == again and first[1]["id"] == bird.taken[0].id
    assert kind(send(bird, body(to=f"+{BUDI}"), **key)) == "conflict_error"
    assert send(bird, body(to=f"+{BUDI}"), **{"Idempotency-Key": "kunci-2"})[0] == 202
    bird.settle()
    assert len(bird.taken) == 2 and not bird.twice() and len(listener.hooks) == 4


def test_what_was_refused_is_refused_again_with_its_key_and_what_failed_is_forgotten(bird: Bird) -> None:
    bird.script(answers.error("rate_limit_error", retry_after="7"))
    key = {"Idempotency-Key": "kunci-1"}
    assert [send(bird, **key)[0], send(bird, **key)[0], send(bird)[0]] == [429, 429, 202] and len(bird.taken) == 1
    bird.script(answers.html(502))
    with pytest.raises(ValueError):
        send(bird, **{"Idempotency-Key": "kunci-2"})
    assert send(bird, **{"Idempotency-Key": "kunci-2"})[0] == 202


def test_limits_that_are_metas_are_told_of_later(bird: Bird, listener: Listener) -> None:
    bird.limits.people, bird.limits.per_second = 1, 3
    assert [send(bird)[0], send(bird)[0], send(bird, body(to=f"+{BUDI}"))[0]] == [202] * 3
    bird.settle()
    failed = [one["data"]["error"] for one in told(listener) if one["type"] == "whatsapp.failed"]
    assert {error["code"] for error in failed} == {"rate_limited"}
    assert sorted(error["meta_error_code"] for error in failed) == ["131056", "131064"]
    bird.limits.per_second = 1
    assert kind(send(bird, body(to=f"+{number(1)}"))) == "rate_limit_error"


def test_birds_kit_is_told_when_to_come_again(bird: Bird, client: Any, kit: Any) -> None:
    bird.limits.per_second = 0
    with pytest.raises(kit.RateLimitError) as limited:
        client.whatsapp.send(to=f"+{ANI}", from_=SENDER, template="izin_terbit", components=body()["template"]["components"])
    assert limited.value.retry_after == 1


def test_a_message_that_never_left_is_rejected(bird: Bird, listener: Listener) -> None:
    bird.person(ANI).fails("recipient_suppressed")
    send(bird)
    bird.settle()
    [one] = told(listener)
    assert one["type"] == "whatsapp.rejected" and one["data"]["error"]["code"] == "recipient_suppressed"


def test_a_button_and_a_document_come_with_the_text_that_has_them(bird: Bird) -> None:
    bird.approve("izin_berkas", "id", 1, button=True, header=True)
    document = {"type": "document", "url": "https://kantor.example.go.id/izin.pdf", "filename": "izin.pdf"}
    parts = [part("header", document), part("body", text("Ani")), part("button", text("abc/1"))]
    assert send(bird, template(slug="izin_berkas", components=parts[:2]))[0] == 422
    assert send(bird, template(slug="izin_berkas", components=parts))[0] == 202
    [taken] = bird.taken
    assert (taken.button, taken.header) == ("abc/1", (document["url"], "izin.pdf"))


def test_birds_kit_is_understood(bird: Bird, client: Any) -> None:
    chance = random.Random(1)
    for index in range(CASES):
        filled = (words(chance), words(chance))
        sent = client.whatsapp.send(
            to=f"+{number(index)}",
            from_=SENDER,
            template="izin_terbit",
            language=chance.choice(["id", None]),
            components=[part("body", *map(text, filled))],
            metadata={"key": f"m-{index}"},
        )
        taken = bird.taken[-1]
        assert (sent.id, sent.status.value, sent.metadata) == (taken.id, "accepted", {"key": f"m-{index}"})
        assert (taken.to, taken.parameters) == (number(index), filled)
    assert len(bird.taken) == CASES and not bird.refused and not bird.twice()


def test_birds_kit_reads_what_it_answers(bird: Bird, client: Any, kit: Any) -> None:
    for index in range(25):
        bird.approve(f"izin_{index}", "id", 0)
    bird.approve("izin_terbit", "en_US", 2)
    bird.pause("izin_terbit", "en_US")
    bird.reject("izin_0", "id")
    bird.recategorize("izin_1", "id")
    templates = {one.slug: one for one in client.whatsapp.templates.list()}
    assert len(templates) == 26
    assert {tag: state.status.value for tag, state in templates["izin_terbit"].languages.items()} == {
        "id": "approved",
        "en-US": "paused",
    }
    assert templates["izin_0"].status.value == "rejected" and templates["izin_1"].category.value == "utility"
    version = templates["izin_1"].live_version_id
    assert client.whatsapp.templates.versions.languages.get("izin_1", version, "id").category.value == "marketing"
    assert client.whatsapp.templates.get("izin_terbit").available_languages == ["id"]
    [one] = client.whatsapp.numbers.list(phone_number=SENDER)
    assert (one.phone_number, one.status.value, one.messaging_limit.value) == (SENDER, "connected", "tier_unlimited")
    assert client.whatsapp.numbers.get(one.id).quality_rating.value == "green"
    send(bird)
    assert client.whatsapp.get(bird.taken[0].id).to.phone_number == f"+{ANI}"
    bird.script(answers.error("rate_limit_error", retry_after="7"))
    with pytest.raises(kit.RateLimitError) as limited:
        client.whatsapp.send(to=f"+{BUDI}", from_=SENDER, template="izin_terbit", components=body()["template"]["components"])
    assert limited.value.retry_after == 7
    with pytest.raises(kit.ValidationError) as invalid:
        client.whatsapp.send(to=f"+{BUDI}", from_=SENDER, template="izin_terbit", components=[part("body", text("a"))])
    assert invalid.value.details and invalid.value.request_id


def test_birds_kit_tells_true_webhooks_from_forged_ones(bird: Bird, listener: Listener, client: Any, kit: Any) -> None:
    chance = random.Random(2)
    forged: list[bool] = []
    for index in range(CASES):
        kind_of_it = chance.choice([None, None, None, None, "secret", "body", "missing", "old"])
        if kind_of_it is None and chance.random() < 0.5:
            bird.person(number(index)).writes(words(chance, 200))
        else:
            reference = json.dumps({"key": words(chance)})
            code = 131026 if chance.random() < 0.3 else None
            status = "failed" if code else chance.choice(["sent", "delivered", "read"])
            identity = f"wam_{'0' * 20}{index:06d}"
            bird.tell(status, identity, number(index), code=code, reference=reference, forgery=kind_of_it)
        forged.append(kind_of_it is not None)
    bird.settle(30)
    valid = []
    for hook in listener.hooks:
        try:
            event = client.webhooks.unwrap(hook.body, hook.headers).root
        except kit.WebhookVerificationError:
            valid.append(False)
        else:
            valid.append(True)
            assert type(event).__name__.startswith("EventWhatsApp"), event
            if event.type == "whatsapp.received":
                assert event.data.text.body == json.loads(hook.body)["data"]["text"]["body"]
    assert valid == [not one for one in forged] and 0 < sum(forged) < CASES
