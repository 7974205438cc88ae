"""The pages of sync runs and what belongs to them: statistics, retries, the banner, the quality of the data."""

import re

import pytest
from desk import Desk
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from playwright.sync_api import expect

DESK, PHONE = {"width": 1366, "height": 860}, {"width": 390, "height": 844}


def with_issues(make_office: MakeOffice, permits: int = 60) -> tuple[Office, dict[str, int]]:
    """An office whose expiry run could not ask for two permits; their numbers with Odoo's ids."""
    office = make_office(permits=permits)
    office.unhurried(1000)
    office.worker.start(**QUICK_LEASE, SICANTIK__SICANTIK__RETRY_SECONDS="1")
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.spoil_details(2)
    assert office.wait_end(office.order("expiry"))["state"] == "partial"
    return office, office.issues()


def open_run(desk: Desk, run_id: int) -> None:
    desk.open_record("sicantik_sync_run_action", run_id)
    desk.page.wait_for_selector(".o_form_view .o_sicantik_run_progress")


def hold(desk: Desk, size: dict[str, int]) -> None:
    """The same page in a window of another size, without the notifications of earlier runs."""
    desk.page.set_viewport_size(size)
    desk.page.reload()
    desk.page.wait_for_selector(".o_action_manager .o_view_controller")


def test_the_configuration_says_how_sicantik_answers(make_office: MakeOffice, sit_down) -> None:
    office, _ = with_issues(make_office)
    # What was counted until now was counted yesterday.
    office.odoo.sql("UPDATE sicantik_api_call SET day = day - 1")
    office.simulator.heal()
    assert office.wait_end(office.order("expiry", full=True))["state"] == "done"
    desk = sit_down(office.odoo)
    desk.open_configuration()
    hold(desk, DESK)
    tab = desk.page.get_by_role("tab", name="API Calls (7 Days)")
    tab.click()
    summary = desk.page.locator(".o_sicantik_api_summary")
    [counted] = office.odoo.sql("SELECT sum(calls) AS calls, sum(failed) AS failed FROM sicantik_api_call")
    expect(summary.locator("tbody")).to_contain_text("Permit by Printed Code")
    expect(summary.locator(".o_sicantik_figures_row")).to_contain_text(re.compile(rf"(?<!\d){counted['calls']}(?!\d)"))
    expect(summary.locator(".o_sicantik_api_errors")).to_contain_text(re.compile(rf"(?<!\d){counted['failed']}(?!\d)"))
    expect(summary.locator(".o_sicantik_api_errors")).to_contain_text("No usable answer")
    desk.picture("60-api-calls", full_page=True)
    hold(desk, PHONE)
    tab.click()
    summary.scroll_into_view_if_needed()
    desk.picture("61-phone-api-calls")
    hold(desk, DESK)
    tab.click()

    desk.press("By Day and Call")
    desk.page.wait_for_selector(".o_graph_view canvas")
    desk.picture("62-api-calls-graph")
    desk.page.locator(".o_switch_view.o_pivot").click()
    expect(desk.page.locator(".o_pivot table")).to_contain_text("List of Permits")
    desk.picture("63-api-calls-pivot")
    desk.page.locator(".o_switch_view.o_list").click()
    expect(desk.page.locator(".o_data_row")).to_have_count(len(office.odoo.sql("SELECT id FROM sicantik_api_call")))
    desk.picture("64-api-calls-list")
    hold(desk, PHONE)
    desk.picture("65-phone-api-calls-list")


def test_issues_are_chosen_and_retried(make_office: MakeOffice, sit_down) -> None:
    office, issues = with_issues(make_office)
    # The end of a quick run reaches the page while its status bar still measures itself.
    desk = sit_down(office.odoo, login="operator", slow=True)
    run_id = office.newest_run("partial")
    open_run(desk, run_id)
    rows = desk.page.locator("[name=issue_ids] .o_data_row")
    expect(rows).to_have_count(len(issues))
    desk.picture("66-run-with-issues", full_page=True)
    hold(desk, PHONE)
    rows.first.scroll_into_view_if_needed()
    desk.picture("67-phone-run-with-issues")
    hold(desk, DESK)

    # One of them is retried while SICANTIK still cannot answer.
    rows.first.get_by_role("button", name="Retry").click()
    desk.expect_notification("Issues that are retried: 1")
    named = desk.page.get_by_role("button", name="Named Permits")
    expect(named.locator(".o_stat_value")).to_have_text("1")
    desk.watch_to_its_end("Partly Done")
    desk.picture("68-retry-in-vain", full_page=True)

    office.simulator.heal()
    open_run(desk, run_id)
    desk.page.get_by_role("button", name=f"{len(issues)} Issues").click()
    desk.page.wait_for_selector(".o_sicantik_sync_issue_list .o_data_row")
    for row in desk.page.locator(".o_data_row").all()[:2]:
        row.locator("input[type=checkbox]").check()
    desk.picture("69-issues-chosen")
    desk.press("Retry")
    expect(named.locator(".o_stat_value")).to_have_text("2")
    desk.watch_to_its_end("^Done")
    desk.expect_notification("Done: 0 new, 2 changed")
    desk.picture("70-retry-done", full_page=True)

    open_run(desk, run_id)
    desk.press("Retry Issues")
    expect(named.locator(".o_stat_value")).to_have_text("1")
    desk.watch_to_its_end("^Done")
    open_run(desk, run_id)
    expect(desk.button("Retry Issues")).to_have_count(0)
    expect(rows.first.locator("td[name=retried_by_id]")).to_contain_text("Expiry Dates #")
    desk.picture("71-all-retried", full_page=True)


@pytest.mark.one_version
def test_a_run_is_ordered_again(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=60)
    office.worker.start(**QUICK_LEASE)
    first = office.order("permits")
    assert office.wait_end(first)["state"] == "done"
    viewer = sit_down(office.odoo, login="viewer")
    open_run(viewer, first)
    expect(viewer.button("Run Again")).to_have_count(0)
    desk = sit_down(office.odoo, login="operator")
    open_run(desk, first)
    desk.press("Run Again")
    desk.expect_notification("The order was given to the worker")
    desk.watch_to_its_end("Done")
    expect(desk.page.locator(".o_field_widget[name=unchanged]")).to_have_text("60")
    assert len(office.odoo.sql("SELECT id FROM sicantik_sync_run WHERE kind = 'permits' AND state = 'done'")) == 2
    desk.picture("72-run-again", full_page=True)
    hold(desk, PHONE)
    desk.picture("73-phone-run-again")


@pytest.mark.one_version
def test_a_banner_stands_while_no_worker_listens(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=60)
    desk = sit_down(office.odoo, login="viewer")
    banner = desk.page.locator(".o_sicantik_worker_banner")
    desk.open("sicantik_permit_action")
    expect(banner).to_contain_text("Ask a system administrator to press Connect Worker")
    expect(banner.get_by_role("button")).to_have_count(0)
    admin = sit_down(office.odoo)
    admin.open("sicantik_sync_run_action")
    admin.page.locator(".o_sicantik_worker_banner").get_by_role("button", name="Open Configuration").click()
    expect(admin.page.locator(".o_sicantik_config_form")).to_be_visible()

    # It goes by itself when the worker is there, and comes back when it is not.
    office.worker.start(**QUICK_LEASE)
    expect(banner).to_have_count(0)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.fall_silent()
    expect(banner).to_contain_text("Start the worker's service")
    hold(desk, DESK)
    expect(banner).to_be_visible()
    desk.picture("74-banner-permits")
    hold(desk, PHONE)
    expect(banner).to_be_visible()
    desk.picture("75-phone-banner-permits")
    hold(desk, DESK)

    desk.open("sicantik_sync_run_action")
    expect(banner).to_be_visible()
    expect(desk.page.locator(".o_data_row")).to_have_count(1)
    desk.picture("76-banner-runs")
    run_id = office.order("permits")
    open_run(desk, run_id)
    expect(banner).to_be_visible()
    desk.picture("77-banner-run")
    hold(desk, PHONE)
    expect(banner).to_be_visible()
    desk.picture("78-phone-banner-run")

    office.worker.start(**QUICK_LEASE)
    desk.watch_to_its_end("Done")
    expect(banner).to_have_count(0)
    desk.open("sicantik_sync_run_action")
    desk.picture("79-phone-runs")
    open_run(desk, office.newest_run("done"))
    expect(banner).to_have_count(0)


@pytest.mark.one_version
def test_the_expiry_wizard_says_what_it_will_cost(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=120)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    desk = sit_down(office.odoo)
    desk.open_configuration()
    hold(desk, DESK)
    desk.press("Sync All Expiry Dates")
    wizard = desk.page.locator(".modal .o_sicantik_expiry_sync_form")
    due = office.read_config("due_count")
    expect(wizard.locator("[name=due_count]")).to_have_text(str(due))
    expect(wizard.locator("[name=call_count]")).to_have_text(str(2 * due))
    expect(wizard).to_contain_text("Calls, at Most")
    desk.picture("80-expiry-wizard")
    wizard.get_by_label("Test with Ten Permits").check()
    expect(wizard.locator("[name=due_count]")).to_have_text("10")
    desk.page.locator(".modal").get_by_role("button", name="Start").click()
    desk.page.wait_for_selector(".modal", state="detached")
    desk.watch_to_its_end("Done")

    office.unhurried(1000)
    assert office.wait_end(office.order("expiry"))["state"] == "done"
    office.unhurried(10)
    desk.open_configuration()
    hold(desk, PHONE)
    # On a phone the figures of a form stand in a menu.
    desk.page.locator("button:has(.fa-bolt)").click()
    desk.page.get_by_text("Details Due").click()
    expect(wizard).to_contain_text("No permit is due")
    wizard.locator("[name=full] input").check()
    expect(wizard).to_contain_text("Calls, About")
    desk.picture("81-phone-expiry-wizard")


def test_each_figure_of_data_quality_opens_its_permits(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=400)
    office.unhurried(1000)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("all"))["state"] == "done"
    desk = sit_down(office.odoo, login="operator")
    desk.open("sicantik_data_quality_action")
    page = desk.page.locator(".o_sicantik_data_quality")
    lines = page.locator(".o_sicantik_quality_line")
    expect(lines.first).to_be_visible()
    expect(desk.page.locator("[name=config_id] input")).to_be_editable()
    desk.picture("82-data-quality", full_page=True)
    hold(desk, PHONE)
    expect(lines.first).to_be_visible()
    desk.picture("83-phone-data-quality", full_page=True)
    hold(desk, DESK)

    [without] = office.odoo.sql(
        "SELECT count(*) FROM sicantik_permit WHERE status IN ('active', 'expired') AND whatsapp_number IS NULL"
    )
    number = page.locator("[data-code=whatsapp_number]")
    expect(number).to_contain_text(f"{without['count']} without")
    number.get_by_role("button", name="without").click()
    expect(desk.page.locator(".o_pager_limit")).to_have_text(str(without["count"]))
    desk.picture("84-data-quality-without-number")

    # Back, and to a value that could not be taken.
    desk.page.locator(".o_breadcrumb").get_by_text("Data Quality").click()
    bad = page.locator("section:has-text('Values That Could Not Be Taken') .o_sicantik_quality_line").first
    code = bad.get_attribute("data-code")
    counted = office.odoo.sql(f"SELECT count(*) FROM sicantik_permit WHERE flag_codes LIKE '%{code}%'")[0]["count"]
    expect(bad.get_by_role("button")).to_have_text(str(counted))
    bad.get_by_role("button").click()
    expect(desk.page.locator(".o_pager_limit")).to_have_text(str(counted))
    desk.picture("85-data-quality-bad-values")


@pytest.mark.one_version
def test_a_run_is_cancelled_on_its_page(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=200, options=("--detail-ms", "100"))
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    desk = sit_down(office.odoo)
    desk.open_configuration()
    desk.press("Sync Permit Types")
    desk.watch_to_its_end("Done")
    run_id = office.order("expiry")
    open_run(desk, run_id)
    desk.page.wait_for_selector(".o_sicantik_run_progress .progress-bar")
    desk.press("Cancel Run")
    desk.page.locator(".modal").get_by_role("button", name="Ok").click()
    desk.watch_to_its_end("Cancelled")
    desk.picture("78-run-cancelled", full_page=True)
    run = office.wait_end(run_id)
    assert run["state"] == "cancelled"
    assert run["done"] < 200
    expect(desk.button("Run Again")).to_be_visible()


@pytest.mark.one_version
def test_so_many_missing_permits_wait_for_a_person(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=300)
    office.unhurried(1000)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.simulator.admin("remove", {"count": 100})
    run_id = office.order("permits", full=True)
    assert office.wait_end(run_id)["state"] == "partial"
    missing = [("missing_since", "!=", False)]
    assert office.admin.call("sicantik.permit", "search_count", missing) == 0, "nothing is marked by itself"

    viewer = sit_down(office.odoo, login="viewer")
    open_run(viewer, run_id)
    expect(viewer.page.get_by_role("button", name="Mark Missing Permits")).to_have_count(0)
    desk = sit_down(office.odoo, login="operator")
    open_run(desk, run_id)
    desk.picture("80-run-many-missing")
    desk.page.set_viewport_size(PHONE)
    desk.picture("81-phone-run-many-missing")
    desk.page.set_viewport_size(DESK)
    desk.page.get_by_role("button", name=re.compile("Issues")).first.click()
    said = desk.page.locator(".o_data_row").first
    expect(said).to_contain_text(re.compile(r"lacks \d+ of the 300 permits"))
    [lacking] = map(int, re.findall(r"lacks (\d+) of", said.inner_text()))
    desk.picture("83-issue-many-missing")
    open_run(desk, run_id)
    desk.press("Mark Missing Permits")
    dialog = desk.page.locator(".modal")
    expect(dialog).to_contain_text("Are these permits really gone from SICANTIK?")
    desk.picture("82-mark-missing-asks")
    dialog.locator(".btn-primary").click()
    desk.watch_to_its_end("^Done")
    assert office.admin.call("sicantik.permit", "search_count", missing) == lacking
    # The run whose permits were marked has nothing left to mark.
    open_run(desk, run_id)
    expect(desk.page.get_by_role("button", name="Mark Missing Permits")).to_have_count(0)
