"""The stand-in of Vonage: it refuses and fails what the real one does, and Vonage's own kit is its client."""

import base64
import hashlib
import json
import random
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hearing import ANI, BUDI, Clock, Listener, ask, listening, number, words
from providers import answers
from providers.vonage import Vonage, new_private_key

pytestmark = pytest.mark.one_version

APPLICATION, SECRET = "5f0c4c1e-1111-4222-8333-444455556666", "rahasia-tanda-tangan-0123456789abcdef"
SENDER, BUSINESS = "6283601009999", "200000000000002"
PUBLIC = "https://perizinan.example.go.id"
TEXT = ("izin_terbit", "id", 2)
WORDS = ("Ani 🌾", "IZIN/2026/0001")
CASES = 500


@pytest.fixture(scope="module")
def keys() -> tuple[str, str]:
    """The application's private key, and a stranger's."""
    return new_private_key(), new_private_key.__wrapped__()


@pytest.fixture(scope="module")
def kit() -> Any:
    """The parts of Vonage's own."""

    class Kit:
        http = import_module("vonage_http_client")
        jwt = import_module("vonage_jwt")
        messages = import_module("vonage_messages")
        models = import_module("vonage_messages.models")
        tokens = import_module("jwt")

    return Kit


@pytest.fixture
def clock() -> Clock:
    # Its kit looks at the time.
    return Clock(float(int(time.time())))


@pytest.fixture
def vonage(clock: Clock, keys: tuple[str, str]) -> Iterator[Vonage]:
    ids = {"sender_id": SENDER, "business_id": BUSINESS, "key_id": APPLICATION}
    with Vonage(token=keys[0], app_secret=SECRET, clock=clock, **ids) as vonage:
        vonage.approve(*TEXT, body="Yth. {{1}}, izin {{2}} telah terbit.")
        vonage.retry_after(0.001, 0.004)
        yield vonage


@pytest.fixture
def listener(vonage: Vonage) -> Iterator[Listener]:
    with listening() as listener:
        vonage.subscribe(listener.url)
        yield listener


@pytest.fixture
def client(kit: Any, vonage: Vonage, keys: tuple[str, str]) -> Iterator[Any]:
    """Vonage's own: what goes to it by https goes to the stand-in."""
    vonage.limits.per_second, vonage.limits.people = 10**6, None
    http = kit.http.HttpClient(kit.http.Auth(application_id=APPLICATION, private_key=keys[0]))
    # The kit reads its key anew for each message, which takes a tenth of a second.
    load = import_module("cryptography.hazmat.primitives.serialization").load_pem_private_key
    http.auth._jwt_client._private_key = load(keys[0].encode(), None)
    session = http._session
    plain = session.request
    session.request = lambda method, url, **more: plain(method, vonage.url + "/" + url.split("/", 3)[3], **more)
    yield kit.messages.Messages(http)
    session.close()


@pytest.fixture
def token(kit: Any, keys: tuple[str, str]) -> str:
    return kit.jwt.JwtClient(APPLICATION, keys[0]).generate_application_jwt().decode()


def body(to: str = ANI, filled: tuple[str, ...] = WORDS, **more: Any) -> dict[str, Any]:
    asked = {
        "channel": "whatsapp",
        "message_type": "template",
        "to": to,
        "from": SENDER,
        "template": {"name": "izin_terbit", "parameters": list(filled)},
        "whatsapp": {"policy": "deterministic", "locale": "id"},
        "client_ref": "m-1",
    }
    return {name: value for name, value in (asked | more).items() if value is not None}


def send(vonage: Vonage, token: str, asked: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers
    status, _, said = ask(vonage.url, "POST", "/v1/messages", json.dumps(asked if asked is not None else body()).encode(), sent)
    return status, json.loads(said)


def code(said: tuple[int, Any]) -> str:
    problem = said[1]
    assert problem["title"] and problem["detail"] and problem["instance"]
    return problem["type"].rpartition("#")[2]


def told(listener: Listener) -> list[dict[str, Any]]:
    return [json.loads(hook.body) for hook in listener.hooks]


def test_what_is_sound_is_taken_and_told_of(vonage: Vonage, listener: Listener, token: str) -> None:
    status, said = send(vonage, token)
    [taken] = vonage.taken
    assert (status, said) == (202, {"message_uuid": taken.id})
    assert (taken.to, taken.text, taken.language, taken.parameters, taken.reference) == (ANI, "izin_terbit", "id", WORDS, "m-1")
    assert taken.words == "Yth. Ani 🌾, izin IZIN/2026/0001 telah terbit."
    vonage.settle()
    assert [one["status"] for one in told(listener)] == ["submitted", "delivered"]
    assert {(one["message_uuid"], one["to"], one["from"], one["client_ref"]) for one in told(listener)} == {
        (taken.id, ANI, SENDER, "m-1")
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (body(to="+" + ANI), "1170"),
        (body(to="0836"), "1170"),
        (body(**{"from": "6283601009998"}), "1120"),
        (body(**{"from": None}), "1010"),
        (body(template=None), "1010"),
        (body(whatsapp=None), "1010"),
        (body(channel="sms"), "1020"),
        (body(message_type="text", text="Halo", template=None, whatsapp=None), "1020"),
        (body(client_ref="x" * 101), "1020"),
        (body(webhook_url="/webhooks"), "1020"),
        (body(webhook_url="https://x", webhook_version="v2"), "1020"),
        (body(whatsapp={"policy": "fallback", "locale": "id"}), "1020"),
        (body(filled=("a", " ")), "1022"),
        (body(template={"name": "izin_terbit", "parameters": ["a", 2]}), "1020"),
        (body(template={"name": "izin_terbit", "params": []}), "1020"),
        (body(ttl=60), "1020"),
        ({}, "1010"),
    ],
)
def test_what_vonage_would_refuse_is_refused(vonage: Vonage, token: str, asked: dict[str, Any], expected: str) -> None:
    status, said = send(vonage, token, asked)
    assert (status, code((status, said))) == (422, expected)
    assert [str(refused.code) for refused in vonage.refused] == [expected] and not vonage.taken


@pytest.mark.parametrize(
    "asked",
    [
        body(template={"name": "izin_lain", "parameters": list(WORDS)}),
        body(whatsapp={"locale": "en"}),
        body(filled=("a",)),
        body(filled=("a", "b\nc")),
        body(filled=("a", "b     c")),
        body(filled=("a", "b" * 1024)),
    ],
)
def test_what_meta_would_refuse_fails_later(vonage: Vonage, listener: Listener, token: str, asked: dict[str, Any]) -> None:
    assert send(vonage, token, asked)[0] == 202
    vonage.settle()
    [one] = told(listener)
    assert one["status"] == "rejected" and one["error"]["type"].endswith("#1022") and one["error"]["title"] == "1022"


def test_only_the_application_is_served(vonage: Vonage, kit: Any, keys: tuple[str, str], clock: Clock, token: str) -> None:
    now = int(clock.now)
    sound = {"application_id": APPLICATION, "iat": now, "exp": now + 900, "jti": "1"}
    encode = kit.tokens.encode
    for claims, key, algorithm in (
        (sound, keys[1], "RS256"),
        (sound, SECRET, "HS256"),
        (sound, keys[0], "RS512"),
        (sound | {"application_id": "x"}, keys[0], "RS256"),
        (sound | {"exp": now}, keys[0], "RS256"),
        (sound | {"exp": now + 90_000}, keys[0], "RS256"),
        (sound | {"iat": now + 120}, keys[0], "RS256"),
        ({name: value for name, value in sound.items() if name != "jti"}, keys[0], "RS256"),
        ({name: value for name, value in sound.items() if name != "exp"}, keys[0], "RS256"),
    ):
        assert code(send(vonage, encode(claims, key, algorithm))) == "unauthorized", claims
    assert send(vonage, encode(sound, keys[0], "RS256"))[0] == 202
    for given in ("", "a.b", "a.b.c", token + "x", lying(token, keys[0])):
        assert send(vonage, given)[0] == 401
    basic = base64.b64encode(b"key:secret").decode()
    assert send(vonage, token, Authorization=f"Basic {basic}")[0] == 401
    clock.now += 901
    assert send(vonage, token)[0] == 401, "expired"


def lying(token: str, key: str) -> str:
    """Truly signed, but saying that it is not."""
    primitives = "cryptography.hazmat.primitives"
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    said = f"{head}.{token.split('.')[1]}"
    padding = import_module(f"{primitives}.asymmetric.padding").PKCS1v15()
    load = import_module(f"{primitives}.serialization").load_pem_private_key
    signature = load(key.encode(), None).sign(said.encode(), padding, import_module(f"{primitives}.hashes").SHA256())
    return f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_limits_that_are_metas_are_told_of_later(vonage: Vonage, listener: Listener, token: str) -> None:
    vonage.limits.people, vonage.limits.per_second = 1, 3
    assert [send(vonage, token)[0], send(vonage, token)[0], send(vonage, token, body(to=BUDI))[0]] == [202] * 3
    vonage.settle()
    assert sorted(one["error"]["title"] for one in told(listener) if one["status"] == "rejected") == ["1241", "1460"]
    vonage.limits.per_second = 1
    assert code(send(vonage, token, body(to=number(1)))) == "1000"


def test_the_address_that_came_with_a_message_hears_of_it(vonage: Vonage, listener: Listener, token: str) -> None:
    vonage.lead(PUBLIC, listener.host)
    send(vonage, token, body(webhook_url=f"{PUBLIC}/webhooks/whatsapp/vonage/5f0c", webhook_version="v1"))
    vonage.settle()
    vonage.person(ANI).writes("BERHENTI")
    vonage.settle()
    assert [hook.path for hook in listener.hooks] == ["/webhooks/whatsapp/vonage/5f0c"] * 2 + ["/hooks/whatsapp?office=1"]
    assert told(listener)[-1]["text"] == "BERHENTI"


def test_metas_own_shape_is_handed_through(vonage: Vonage, token: str) -> None:
    vonage.approve("izin_berkas", "id", 1, button=True, header=True)
    document = {"link": "https://kantor.example.go.id/izin.pdf", "filename": "izin.pdf"}
    parts = [
        {"type": "header", "parameters": [{"type": "document", "document": document}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Ani"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "abc/1"}]},
    ]
    template = {"name": "izin_berkas", "language": {"policy": "deterministic", "code": "id"}, "components": parts}
    asked = body(message_type="custom", custom={"type": "template", "template": template}, template=None, whatsapp=None)
    assert send(vonage, token, asked)[0] == 202
    [taken] = vonage.taken
    assert (taken.parameters, taken.button, taken.header) == (("Ani",), "abc/1", (document["link"], "izin.pdf"))
    assert taken.fault is None
    parts.pop()
    assert send(vonage, token, asked | {"to": BUDI})[0] == 202 and vonage.taken[-1].fault == 1022


def test_whoever_has_the_key_may_ask_for_users(vonage: Vonage, token: str) -> None:
    status, _, said = ask(vonage.url, "GET", "/v1/users?page_size=1", None, {"Authorization": f"Bearer {token}"})
    assert (status, json.loads(said)["_embedded"]) == (200, {"users": []})
    assert ask(vonage.url, "GET", "/v1/users?page_size=1", None, {})[0] == 401


def test_vonages_kit_is_understood(vonage: Vonage, client: Any, kit: Any) -> None:
    chance, models = random.Random(1), kit.models
    for index in range(CASES):
        filled = [words(chance), words(chance)]
        name = chance.choice(["izin_terbit", "ruang_nama:izin_terbit"])
        message = models.WhatsappTemplate(
            to=number(index),
            from_=SENDER,
            template=models.WhatsappTemplateResource(name=name, parameters=filled),
            whatsapp=models.WhatsappTemplateSettings(locale="id", policy=chance.choice(["deterministic", None])),
            client_ref=f"m-{index}",
            webhook_url="https://perizinan.example.go.id/webhooks" if chance.random() < 0.1 else None,
        )
        vonage.person(number(index)).is_never_told_of()
        sent = client.send(message)
        taken = vonage.taken[-1]
        assert (sent.message_uuid, taken.to, list(taken.parameters)) == (taken.id, number(index), filled)
        assert taken.reference == f"m-{index}"
    assert len(vonage.taken) == CASES and not vonage.refused and not vonage.twice()


def test_vonages_kit_knows_its_errors(vonage: Vonage, client: Any, kit: Any) -> None:
    errors = import_module("vonage_http_client.errors")
    template = kit.models.WhatsappTemplateResource(name="izin_terbit", parameters=list(WORDS))
    message = kit.models.WhatsappTemplate(to=ANI, from_=SENDER, template=template)
    for given, expected in (
        (1000, errors.RateLimitedError),
        (1030, errors.ServerError),
        (1060, errors.ForbiddenError),
        (1020, errors.HttpRequestError),
        ("unauthorized", errors.AuthenticationError),
    ):
        vonage.script(answers.error(given))
        with pytest.raises(expected):
            client.send(message)
    assert len(vonage.refused) == 5 and not vonage.taken


def test_vonages_kit_tells_true_webhooks_from_forged_ones(vonage: Vonage, listener: Listener, clock: Clock, kit: Any) -> None:
    """The kit looks at the signature alone; of what else is signed, the age and the hash of the body, this test does."""
    chance = random.Random(2)
    kinds: list[str | None] = []
    for index in range(CASES):
        kind = chance.choice([None, None, None, None, "secret", "body", "missing", "old"])
        if kind is None and chance.random() < 0.5:
            vonage.person(number(index)).writes(words(chance, 200))
        else:
            status = chance.choice(["sent", "delivered", "read"])
            vonage.tell(status, f"uuid-{index}", number(index), reference=words(chance), forgery=kind)
        kinds.append(kind)
    vonage.settle(30)
    for kind, hook in zip(kinds, listener.hooks, strict=True):
        token = hook.headers.get("Authorization", "").removeprefix("Bearer ")
        assert bool(token) == (kind != "missing")
        if not token:
            continue
        assert kit.jwt.verify_signature(token, SECRET) == (kind != "secret")
        claims = kit.tokens.decode(token, options={"verify_signature": False})
        assert (claims["payload_hash"] == hashlib.sha256(hook.body).hexdigest()) == (kind != "body")
        assert (abs(claims["iat"] - clock.now) < 300) == (kind != "old")
        assert (claims["iss"], claims["application_id"]) == ("Vonage", APPLICATION)
    assert 0 < sum(kind is not None for kind in kinds) < CASES
