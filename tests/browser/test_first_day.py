"""An administrator's first day: connect, test, sync, watch, look."""

import re

import pytest
from desk import Desk
from offices import MakeOffice
from playwright.sync_api import expect
from truth import differences


def test_the_first_day(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=300, options=("--query-ms", "400", "--detail-ms", "10"), api_url=False)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 60")
    desk = sit_down(office.odoo)
    desk.open_app()
    desk.picture("00-where-is-sicantik")
    enter_address(desk, office.simulator.url)
    desk.expect_notification("Worker not connected: the run waits")
    expect(desk.page.locator(".o_sicantik_first_step")).to_contain_text("none is connected yet")
    desk.picture("00-address-saved")
    desk.menu("Permits")
    expect(desk.page.locator(".o_view_nocontent")).to_be_visible()
    desk.picture("01-permits-empty")

    # Nobody is there yet: the page says so, and what to do.
    desk.open_configuration()
    desk.picture("02-configuration-without-worker")
    office.worker.start(SICANTIK__WORKER__POLL_SECONDS="2")
    office.wait_until(lambda: office.read_config("connection_status") == "connected", "the test that waited was made")

    desk.press("Test Connection")
    desk.expect_notification("given to the worker|no worker|waits")
    desk.watch_to_its_end("Done")
    desk.open_configuration()
    expect(desk.page.locator(".o_form_view")).to_contain_text("Connected")
    desk.picture("03-configuration-connected", full_page=True)

    desk.press("Sync Now")
    desk.page.wait_for_selector(".o_sicantik_run_progress, .o_form_view .o_statusbar_status")
    desk.picture("04-run-begins")
    desk.watch_to_its_end("Done")
    desk.expect_notification("Done: 300 new")
    desk.picture("05-run-done", full_page=True)
    assert differences(office.admin, office.simulator.permits(), details=False) == []

    desk.open_configuration()
    desk.press("Test Expiry Sync")
    desk.watch_to_its_end("Done")

    desk.open_configuration()
    desk.press("Sync All Expiry Dates")
    desk.page.wait_for_selector(".modal .o_form_view")
    desk.page.locator(".modal").get_by_text("All", exact=False).locator("visible=true").last.click()
    desk.picture("06-expiry-wizard")
    desk.page.locator(".modal").get_by_role("button", name="Start").click()
    desk.page.wait_for_selector(".modal", state="detached")
    widths = desk.watch_to_its_end("Done")
    assert len(widths) > 2, f"the bar did not move: {widths}"
    desk.picture("07-expiry-done", full_page=True)
    assert differences(office.admin, office.simulator.permits(), details=True) == []

    look_at_permits(desk)
    look_at_the_rest(desk)
    phone = sit_down(office.odoo, width=390)
    phone.open("sicantik_permit_action")
    phone.page.wait_for_selector(".o_data_row, .o_kanban_record")
    phone.picture("20-phone-permits")
    phone.page.locator(".o_data_row, .o_kanban_record").first.click()
    phone.page.wait_for_selector(".o_form_view")
    phone.picture("21-phone-permit", full_page=True)


def enter_address(desk: Desk, address: str) -> None:
    desk.page.get_by_label("Address of SICANTIK").fill(address)
    desk.press("Save and Test")


@pytest.mark.one_version
def test_without_an_address_every_page_says_what_to_do(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=50, api_url=False)
    viewer = sit_down(office.odoo, login="viewer")
    viewer.open_app()
    expect(viewer.page.locator(".o_sicantik_first_step")).to_contain_text("A manager enters it here")
    expect(viewer.page.get_by_label("Address of SICANTIK")).to_have_count(0)

    desk = sit_down(office.odoo, login="manager")
    banner = desk.page.locator(".o_sicantik_worker_banner[data-state=no_address]")
    for action in ("sicantik_sync_run_action", "sicantik_permit_action"):
        desk.open(action)
        expect(banner).to_contain_text("press Test Connection")
    desk.press("Sync Now")
    desk.expect_notification("has no address of SICANTIK yet")
    form = desk.page.locator(".o_sicantik_config_form")
    expect(form).to_contain_text("has no address of SICANTIK yet, so nothing is called")
    expect(form.get_by_role("button", name="Sync Now")).to_have_count(0)
    desk.picture("22-sync-now-without-address")

    # Permits that came before the address was taken away: their figures stay, below the banner.
    office.admin.call("sicantik.config", "write", [office.config_id], {"api_url": office.simulator.url})
    assert office.worker.run("permits")[0] == 0
    office.admin.call("sicantik.config", "write", [office.config_id], {"api_url": False})
    desk.open_app()
    expect(banner).to_be_visible()
    expect(desk.page.locator(".o_sicantik_card[data-key=total] .o_sicantik_count")).to_have_text("50")
    expect(desk.page.locator(".o_sicantik_health")).to_contain_text("not entered")
    desk.picture("23-dashboard-without-address")


@pytest.mark.one_version
def test_an_address_that_fails_its_test_is_asked_for_again(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=50, api_url=False)
    office.odoo.allow_log(r"WARNING odoo.http: API Address .* cannot be", "an address without https:// is refused")
    office.worker.start(SICANTIK__WORKER__POLL_SECONDS="1")
    office.wait_until(lambda: office.read_config("worker_state") == "connected", "the worker was heard of")
    desk = sit_down(office.odoo, login="manager")
    desk.open_app()
    step = desk.page.locator(".o_sicantik_first_step")
    desk.press("Save and Test")
    expect(desk.page.get_by_label("Address of SICANTIK")).to_have_class(re.compile("is-invalid"))
    enter_address(desk, "sicantik.example.test")
    expect(desk.page.locator(".modal")).to_contain_text("Begin it with http:// or https://")
    desk.page.locator(".modal footer button").first.click()

    wrong = office.simulator.url.replace("/api", "/nothing")
    enter_address(desk, wrong)
    desk.watch_to_its_end("Failed")
    desk.open_app()
    expect(step).to_contain_text("Check the API address")
    expect(desk.page.get_by_label("Address of SICANTIK")).to_have_value(wrong)
    desk.picture("24-address-failed-its-test")
    enter_address(desk, office.simulator.url)
    desk.watch_to_its_end("Done")
    desk.open_app()
    expect(step).to_contain_text("nothing was fetched from SICANTIK yet")


def look_at_permits(desk: Desk) -> None:
    desk.open("sicantik_permit_action")
    desk.page.wait_for_selector(".o_data_row")
    desk.picture("10-permits")
    rows = desk.page.locator(".o_data_row")
    before = desk.page.locator(".o_pager_limit").inner_text()
    desk.choose_filter("Expired", picture="11-permits-filters")
    expect(desk.page.locator(".o_pager_limit")).not_to_have_text(before)
    rows.first.locator("td[name=applicant_name]").click()
    desk.page.wait_for_selector(".o_form_view")
    desk.picture("12-permit-expired", full_page=True)


def look_at_the_rest(desk: Desk) -> None:
    desk.open("sicantik_permit_type_action")
    desk.page.wait_for_selector(".o_data_row")
    desk.picture("13-permit-types")
    desk.open("sicantik_sync_run_action")
    desk.page.wait_for_selector(".o_data_row")
    desk.picture("14-sync-runs")


def test_connect_worker_shows_the_keys_once(odoo, sit_down) -> None:
    desk = sit_down(odoo)
    desk.open_configuration()
    desk.page.get_by_role("button", name=re.compile("Connect Worker")).first.click()
    shown = desk.page.locator(".modal")
    if shown.get_by_role("button", name=re.compile("^(Ok|OK)$")).count():
        shown.get_by_role("button", name=re.compile("^(Ok|OK)$")).click()
    expect(desk.page.locator(".modal")).to_contain_text("SICANTIK__ODOO__API_KEY")
    desk.picture("08-connect-worker")


@pytest.mark.one_version
def test_a_refused_row_is_listed_with_a_sentence(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=100)
    office.worker.start()
    office.wait_end(office.order("permits"))
    office.odoo.sql(
        "ALTER TABLE sicantik_permit ADD CONSTRAINT refused_in_test CHECK (registration_number !~ '^....[02468]') NOT VALID"
    )
    office.simulator.admin("issue", {"count": 40})
    run = office.wait_end(office.order("permits"))
    assert run["state"] == "partial"
    assert run["created"] > 0
    assert run["failed"] > 0
    desk = sit_down(office.odoo)
    desk.open("sicantik_sync_run_action")
    desk.page.locator(".o_data_row").first.locator("td.o_data_cell").first.click()
    desk.page.wait_for_selector(".o_form_view")
    expect(desk.page.locator(".o_form_view")).to_contain_text("Refused by Odoo")
    desk.picture("09-run-with-issues", full_page=True)
    office.odoo.allow_log(r"ERROR odoo.sql_db: bad query", "the test's own constraint refuses rows")
