"""What the browser seals by its own WebCrypto opens elsewhere, and nowhere else."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hpke import POINT_BYTES, open_secret
from playwright.sync_api import Browser, Error, Page, Route
from riglib.session import ADDONS

VECTORS = json.loads((Path(__file__).parents[1] / "it" / "fixtures" / "hpke.json").read_text())
SOURCES = ADDONS / "sicantik_connector" / "static" / "src" / "sealing"
SEED = 9180
RANDOM_SECRETS = 200
SEAL = """
async ([publicKey, database, name, secret]) => {
    const { sealSecret } = await import("/secret.js");
    return sealSecret(publicKey, database, name, secret);
}
"""
DATABASE = "11111111-2222-3333-4444-555555555555"
NAME = "whatsapp.6e0e5c1d-0000-4000-8000-000000000001.token"

pytestmark = pytest.mark.one_version


def _answer(route: Route) -> None:
    """The two modules as they are, and an empty page: nothing of Odoo is needed."""
    name = route.request.url.rpartition("/")[2]
    source = SOURCES / f"{name.removesuffix('.js')}.js"
    if name and source.is_file():
        route.fulfill(body=source.read_text(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def _page(browser: Browser, host: str) -> Iterator[Page]:
    context = browser.new_context()
    context.route("**/*", _answer)
    page = context.new_page()
    page.goto(f"http://{host}/")
    yield page
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, "localhost:1")


@pytest.fixture
def insecure_page(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, "kantor.example.test")


def test_what_an_independent_library_sealed_is_opened() -> None:
    """The opener of these tests is right, and so is what it says of the browser."""
    for case in VECTORS["sealed"]:
        opened = open_secret(VECTORS["private_key"], DATABASE, case["name"], case["sealed"])
        assert opened == (case["secret"] if "secret" in case else "x" * case["times"])


def test_whatever_is_typed_is_opened_by_its_key_and_name_alone(page: Page) -> None:
    chance = random.Random(SEED)
    alphabet = "abcXYZ0189 .-_/+=\t'\"<&é\u0301ñ漢字\U0001f511\u202e"
    some = ("".join(chance.choices(alphabet, k=chance.randint(1, 400))) for _ in range(RANDOM_SECRETS))
    secrets = ["x", " ", "\U0001f511", "rahasia kantor é", "9" * 10_000, "é" * 10_000, *some]
    seen = set()
    for secret in secrets:
        sealed = page.evaluate(SEAL, [VECTORS["public_key"], DATABASE, NAME, secret])
        assert open_secret(VECTORS["private_key"], DATABASE, NAME, sealed) == secret
        raw = base64.b64decode(sealed)
        assert len(raw) == POINT_BYTES + len(secret.encode()) + 16
        seen.add(raw[:POINT_BYTES])
    assert len(seen) == len(secrets), "a key pair was used twice"
    for database, name in ((DATABASE.replace("1", "9"), NAME), (DATABASE, NAME.replace("token", "app_secret"))):
        with pytest.raises(InvalidTag):
            open_secret(VECTORS["private_key"], database, name, sealed)
    changed = base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    with pytest.raises(InvalidTag):
        open_secret(VECTORS["private_key"], DATABASE, NAME, changed)


def test_nothing_is_not_sealed_and_no_key_seals(page: Page) -> None:
    off_the_curve = base64.b64encode(b"\x04" + b"\x01" * 64).decode()
    for key, secret in ((VECTORS["public_key"], ""), (off_the_curve, "x"), ("AAAA", "x"), ("", "x"), ("!", "x")):
        with pytest.raises(Error):
            page.evaluate(SEAL, [key, DATABASE, NAME, secret])


def test_only_a_page_that_nobody_can_change_on_its_way_seals(page: Page, insecure_page: Page) -> None:
    ask = 'async () => (await import("/hpke.js")).canSeal()'
    assert page.evaluate(ask) is True
    assert insecure_page.evaluate(ask) is False
