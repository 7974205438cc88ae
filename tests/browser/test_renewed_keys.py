"""New keys for the worker, as a system administrator sees it."""

import pytest
from desk import Desk
from offices import MakeOffice
from parts import QUICK_LEASE
from playwright.sync_api import expect


def _renew(desk: Desk) -> dict[str, str]:
    """Presses Renew Keys, confirms, and takes the new settings from the dialog."""
    desk.press("Renew Keys")
    desk.page.locator(".modal").get_by_role("button", name="Ok").click()
    settings = desk.page.get_by_label("Settings of the worker").input_value()
    desk.picture("40-keys-renewed")
    desk.page.locator(".modal footer").get_by_role("button", name="Close").click()
    desk.page.wait_for_selector(".modal", state="detached")
    return dict(line.split("=", 1) for line in settings.splitlines())


@pytest.mark.one_version
def test_a_banner_stands_until_the_worker_uses_the_new_keys(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=20)
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: office.read_config("worker_state") == "connected", "the worker was heard of")
    desk = sit_down(office.odoo)
    desk.open_configuration()
    banner = desk.page.get_by_text("The worker still uses the earlier keys.")
    expect(banner).to_have_count(0)

    settings = _renew(desk)
    desk.open_configuration()
    expect(banner).to_be_visible()
    expect(desk.button("End Earlier Keys Now")).to_be_visible()
    desk.picture("41-earlier-keys-in-use")

    office.worker.stop()
    office.worker.environment |= settings | {"SICANTIK__ODOO__URL": office.odoo.url}
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: office.read_config("rotation_state") == "none", "the worker was heard with the new keys")
    desk.open_configuration()
    expect(desk.button("Renew Keys")).to_be_visible()
    expect(banner).to_have_count(0)


@pytest.mark.one_version
def test_a_key_that_ends_soon_is_announced(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=20)
    office.odoo.sql("UPDATE res_users_apikeys SET expiration_date = now() AT TIME ZONE 'UTC' + interval '12 days'")
    desk = sit_down(office.odoo, width=390)
    desk.open_configuration()
    expect(desk.page.get_by_text("The worker's key ends on")).to_be_visible()
    desk.picture("42-phone-key-ends-soon")
