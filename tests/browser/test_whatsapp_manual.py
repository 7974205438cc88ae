"""What the manual's page about WhatsApp shows, in each of its languages; `make pictures` takes its pictures into docs/images."""

from collections.abc import Callable, Iterator

import pytest
from album import Album, furnish
from desk import Desk
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from test_sealed_entry import KEY
from test_whatsapp_figures import OFFICE, OFFICE_AGAIN, PERMITS

ADDON = "sicantik_whatsapp.sicantik_whatsapp"
LIVING = """
from odoo import fields
now = fields.Datetime.now()
config.write({
    "worker_seen": now, "worker_name": "server-perizinan", "worker_public_address": "https://izin.example.go.id",
})
account.write({
    "verified_name": "DPMPTSP Kabupaten Contoh", "quality": "GREEN", "business_id": "300200100", "check_date": now,
    "token_set": now, "app_secret_set": now,
})
env["sicantik.whatsapp.message"].search([], limit=2).write({"state": "waiting", "date_waiting": now, "why": "limit_day"})
blocked = env["sicantik.whatsapp.blocked"].with_user(env["res.users"].search([("login", "=", "operator")]))
blocked.create({"number": "0836 0100 0301", "reason": "Milik orang lain sejak Juli"})
env["res.users"].search([("login", "=", "operator")]).partner_id.whatsapp_number = "+6283601000302"
"""
"""The worker is there, the account works and has its keys, some messages wait for the limit, a number is blocked."""


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that writes by WhatsApp."""
    yield from served(rig, "sicantik_whatsapp", furnished=STAFF + OFFICE)


@pytest.mark.one_version  # its pictures are of one version
def test_the_manual_shows_whatsapp_as_people_see_it(
    language: str, pytestconfig: pytest.Config, odoo: Odoo, sit_down: Callable[..., Desk]
) -> None:
    pictures = pytestconfig.getoption("--pictures")
    odoo.shell(OFFICE_AGAIN + PERMITS + LIVING + KEY)
    furnish(odoo, language)
    operator, manager = (Album(sit_down(odoo, login=login, anew=pictures), language) for login in ("operator", "manager"))
    own_preferences(operator)
    messages(operator)
    tell_selected(operator)
    blocked_and_figures(operator)
    set_up(manager, odoo)


def own_preferences(album: Album) -> None:
    album.desk.open_app()
    album.page.locator(".o_user_menu button").click()
    album.page.locator("[data-menu=preferences], [data-menu=settings]").first.click()
    part = album.page.locator("[name=sicantik_whatsapp_consent]").locator("xpath=ancestor::*[contains(@class, 'o_inner_group')]")
    expect(part).to_be_visible()
    part.locator("input[type=radio]").nth(1).check()
    album.keep("whatsapp-preferences", part)
    album.close_dialog()


def messages(album: Album) -> None:
    album.desk.open(f"{ADDON}_message_action")
    album.page.wait_for_selector(".o_data_row")
    album.keep("whatsapp-messages")


def tell_selected(album: Album) -> None:
    album.desk.open("sicantik_permit_action")
    album.page.wait_for_selector(".o_data_row")
    album.page.locator("thead .o_list_record_selector input").check()
    album.press("action_whatsapp_tell")
    expect(album.page.locator(".modal [name=told_count]:visible")).to_have_text("9")
    album.keep_dialog("whatsapp-tell-selected")
    album.close_dialog()


def blocked_and_figures(album: Album) -> None:
    album.desk.open(f"{ADDON}_blocked_action")
    album.page.wait_for_selector(".o_data_row")
    album.keep("whatsapp-blocked", height=240)
    album.desk.open(f"{ADDON}_statistic_action")
    album.desk.switch("pivot")
    album.page.wait_for_selector(".o_pivot td")
    album.keep("whatsapp-statistics", height=440)


def set_up(album: Album, odoo: Odoo) -> None:
    [account] = odoo.rpc().call("sicantik.whatsapp.account", "search", [])
    album.desk.open_record(f"{ADDON}_account_action", account)
    expect(album.page.locator("[name=webhook_address]")).to_contain_text("https://izin.example.go.id")
    album.keep("whatsapp-account", height=1240)
    kind = [("kind", "=", "permit_expiring"), ("language", "=", album.language)]
    [text] = odoo.rpc().call("sicantik.whatsapp.template", "search", kind)
    album.desk.open_record(f"{ADDON}_template_action", text)
    expect(album.page.locator("[name=preview]")).to_be_visible()
    album.keep("whatsapp-text", height=1040)
    album.desk.open_configuration()
    part = album.page.locator(".o_inner_group:has([name=worker_state])")
    expect(part).to_contain_text("https://izin.example.go.id")
    album.keep("master-key", part)
