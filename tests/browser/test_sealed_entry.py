"""Keys of an account as managers type them: sealed on a page that may, and not taken on one that may not."""

import json
from collections.abc import Iterator

import pytest
from access import complaints
from desk import Desk
from hpke import open_secret
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from test_sealing import VECTORS

TOKEN, APP_SECRET = "EAAcontohTokenAkses0123456789", "contoh-rahasia-aplikasi-é-0123456789"
ACTION = "sicantik_whatsapp.sicantik_whatsapp_account_action"
MENU = {"18": ".o_cp_action_menus button", "19": ".o_statusbar_buttons button[title=More]"}
"""Where a telephone has the buttons of a form."""
ACCOUNT = """
env["sicantik.config"].search([]).active = False
config = env["sicantik.config"].create({"name": "Kantor Contoh", "api_url": "https://sicantik.example.test/api"})
env["sicantik.whatsapp.account"].create({"name": "WhatsApp kantor", "config_id": config.id, "sender_id": "100200300"})
"""
KEY = f"""
env["sicantik.config"].search([]).worker_public_key = {VECTORS["public_key"]!r}
"""
VONAGE = """
env["sicantik.whatsapp.account"].search([]).unlink()
env["sicantik.whatsapp.account"].create({
    "name": "WhatsApp kantor", "config_id": config.id, "provider": "vonage", "sender_id": "6283601000123",
    "key_id": "78d335fa-323d-0114-9c3d-d6f0d48968cf",
})
"""
PEM = "\n".join(["-----BEGIN PRIVATE KEY-----", *["MIIEcontohKunciPribadi0123456789"] * 20, "-----END PRIVATE KEY-----"])
ANSWER = """
import hashlib
field = ({"group_ids", "groups_id"} & set(env["res.users"]._fields)).pop()
worker = env["res.users"].create(
    {"name": "Worker", "login": "w", field: [(4, env.ref("sicantik_connector.group_sicantik_worker").id)]}
)
[account] = env["sicantik.whatsapp.message"].with_user(worker).claim("w", 10, 60)["accounts"]
digest = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in account["sealed"].items()}
states = {"token": "kept", "app_secret": "refused"}
env["sicantik.whatsapp.account"].with_user(worker).report([{
    "uuid": account["uuid"], "secrets": {"token": "2026-03-10 03:00:00"}, "held": None, "check": None,
    "sealed": {name: {"digest": digest[name], "state": states[name]} for name in digest},
}])
"""
"""The worker could open the one and not the other."""


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_whatsapp", furnished=STAFF + ACCOUNT)


def _account(odoo: Odoo) -> dict:
    [row] = odoo.sql("SELECT id, uuid, token_sealed, app_secret_sealed FROM sicantik_whatsapp_account")
    return row


def _enter_keys(desk: Desk, odoo: Odoo) -> None:
    desk.open_record(ACTION, _account(odoo)["id"])
    if desk.page.viewport_size["width"] < 500:
        desk.page.locator(MENU[desk.series]).locator("visible=true").first.click()
    desk.page.get_by_text("Enter Keys", exact=True).locator("visible=true").first.click()
    desk.page.wait_for_selector(".o_sicantik_sealing")


def test_what_is_typed_leaves_the_browser_sealed(odoo: Odoo, sit_down) -> None:
    odoo.shell(KEY)
    for width in (390, 1366):
        desk = sit_down(odoo, login="manager", width=width)
        sent: list[str] = []
        desk.page.on("request", lambda request, sent=sent: sent.append(f"{request.url} {request.post_data or ''}"))
        _enter_keys(desk, odoo)
        dialog = desk.page.locator(".o_sicantik_sealing")
        expect(dialog).to_contain_text("2cd4-7cb0-dd26-2cde")
        expect(dialog.locator("input").first).to_be_focused()
        assert complaints(desk, "Enter Keys") == []
        desk.press("Seal and Send")
        expect(dialog.get_by_role("alert")).to_have_text("Type at least one of the keys.")
        dialog.get_by_label("Access Token").fill("x" * 4097)
        desk.press("Seal and Send")
        expect(dialog.get_by_role("alert")).to_contain_text("Access Token is too long")
        dialog.get_by_label("Access Token").fill(f" {TOKEN} ")
        expect(dialog.get_by_role("alert")).to_have_count(0)
        dialog.get_by_label("App Secret").fill(APP_SECRET)
        assert TOKEN not in desk.page.content() and APP_SECRET not in desk.page.content()
        for field in dialog.locator("input").all():
            assert (field.get_attribute("type"), field.get_attribute("autocomplete")) == ("password", "off")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"76-enter-keys-{width}")
        dialog.get_by_label("App Secret").press("Enter")
        desk.page.wait_for_selector(".o_sicantik_sealing", state="detached")
        waits = desk.page.get_by_text("App Secret waits for the worker.")
        expect(waits).to_be_visible()
        waits.scroll_into_view_if_needed()
        desk.picture(f"77-keys-wait-{width}")

        kept = _account(odoo)
        for name, secret in (("token", TOKEN), ("app_secret", APP_SECRET)):
            bound = f"whatsapp.{kept['uuid']}.{name}"
            [database] = odoo.sql("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
            assert open_secret(VECTORS["private_key"], database["value"], bound, kept[f"{name}_sealed"]) == secret
            said = json.dumps(sent, ensure_ascii=False)
            assert "keep_sealed" in said and secret not in said
            assert secret not in json.dumps(sent)
            assert secret not in desk.page.content()
            assert secret not in odoo.log_path.read_text()
    odoo.shell(ANSWER)
    desk.open_record(ACTION, kept["id"])
    refused = desk.page.get_by_text("App Secret could not be opened: enter it again.")
    expect(refused).to_be_visible()
    refused.scroll_into_view_if_needed()
    expect(desk.page.get_by_text("Access Token waits for the worker.")).to_be_hidden()
    expect(desk.page.locator("[name=token_set]")).to_be_visible()
    desk.picture("78-keys-answered")
    kept = _account(odoo)
    assert (kept["token_sealed"], kept["app_secret_sealed"]) == (None, None)


def test_a_private_key_keeps_its_lines(odoo: Odoo, sit_down) -> None:
    odoo.shell(KEY + "config = env['sicantik.config'].search([])" + VONAGE)
    desk = sit_down(odoo, login="manager", width=1366)
    _enter_keys(desk, odoo)
    dialog = desk.page.locator(".o_sicantik_sealing")
    key = dialog.get_by_label("Private Key")
    expect(key).to_be_focused()
    key.fill(f"{PEM}\n")
    key.press("Enter")
    assert key.evaluate("it => getComputedStyle(it).webkitTextSecurity") == "disc"
    expect(dialog.get_by_label("Signature Secret")).to_have_attribute("type", "password")
    assert complaints(desk, "Enter Keys of Vonage") == []
    assert PEM.splitlines()[1] not in desk.page.content()
    desk.picture("79-enter-private-key")
    desk.press("Seal and Send")
    desk.page.wait_for_selector(".o_sicantik_sealing", state="detached")
    kept = _account(odoo)
    bound = f"whatsapp.{kept['uuid']}.token"
    [database] = odoo.sql("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")
    assert open_secret(VECTORS["private_key"], database["value"], bound, kept["token_sealed"]) == PEM
    expect(desk.page.get_by_text("Private Key waits for the worker.")).to_be_visible()
    desk.picture("79-account-of-vonage", full_page=True)


def test_a_page_by_plain_http_takes_nothing_and_names_the_other_way(odoo: Odoo, sit_down) -> None:
    odoo.shell(KEY)
    for width in (390, 1366):
        desk = sit_down(odoo, login="manager", width=width, host="kantor.example.test")
        assert desk.page.evaluate("[location.hostname, isSecureContext]") == ["kantor.example.test", False]
        _enter_keys(desk, odoo)
        dialog = desk.page.locator(".o_sicantik_sealing")
        expect(dialog).to_contain_text("an address that begins with https://")
        uuid = _account(odoo)["uuid"]
        for name in ("token", "app_secret"):
            expect(dialog).to_contain_text(f"sicantik secret set whatsapp.{uuid}.{name}")
        expect(dialog.locator("input")).to_have_count(0)
        expect(desk.button("Seal and Send")).to_have_count(0)
        assert complaints(desk, "Enter Keys by plain http") == []
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"79-enter-keys-plain-http-{width}")


def test_until_the_worker_told_its_key_nothing_is_taken(odoo: Odoo, sit_down) -> None:
    desk = sit_down(odoo, login="manager", width=390)
    _enter_keys(desk, odoo)
    dialog = desk.page.locator(".o_sicantik_sealing")
    expect(dialog).to_contain_text("The worker has not told its key yet")
    expect(dialog.locator("input")).to_have_count(0)
    desk.picture("79-enter-keys-no-key-390")
