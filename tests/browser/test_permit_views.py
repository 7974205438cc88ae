"""The pages of permits: every kind of view, and what people do with a permit."""

import re
from collections.abc import Callable

import pytest
from desk import Desk
from offices import MakeOffice
from parts import Office
from people import read_indonesian
from permit_stock import FAMILY, SPREAD
from playwright.sync_api import Locator, expect

REVOKED = "Dicabut dengan keputusan 503/0001/CTH/2025"
CLOSED = "Usaha sudah tutup"
STATUSES = ["In Process", "Active", "Expired", "Renewed", "Terminated"]
STATES = ["Expired", "Critical", "Expires Soon", "Valid", "No Date"]
EXPIRES_THIS_MONTH = """
SELECT count(*) FROM sicantik_permit
 WHERE date_trunc('month', expiry_date) = date_trunc('month', now() AT TIME ZONE 'Asia/Jakarta')
   AND status NOT IN ('renewed', 'cancelled')
"""


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    office = make_office(permits=240)
    office.unhurried(100)
    assert office.worker.run("all")[0] == 0
    office.odoo.sql(SPREAD)
    return office


def headers(desk: Desk) -> Locator:
    return desk.page.locator(".o_kanban_group .o_column_title")


def numbers(office: Office, domain: list, field: str) -> dict[str, int]:
    """How many permits of `domain` each value of `field` has, read one by one."""
    found = office.admin.call("sicantik.permit", "search_read", domain, [field])
    values = [permit[field] for permit in found]
    return {value: values.count(value) for value in values}


def test_every_view_of_permits(office: Office, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(office.odoo, login="operator")
    desk.open("sicantik_permit_action")
    desk.page.wait_for_selector(".o_list_view .o_data_row")
    total = office.admin.call("sicantik.permit", "search_count", [])
    expect(desk.page.locator(".o_pager_limit")).to_have_text(str(total))
    look_at_list(desk, office)
    look_at_kanban(desk, office)

    desk.switch("calendar")
    expect(desk.page.locator(".fc-event").first).to_be_visible()
    title = desk.page.locator(".fc-event .o_event_title").first.inner_text()
    assert title.partition(" · ")[0] in numbers(office, [], "applicant_name")
    desk.picture("53-permits-calendar")
    desk.page.locator(".fc-event").first.click()
    popover = desk.page.locator(".o_cw_popover")
    expect(popover).to_contain_text("Applicant")
    expect(popover).to_have_css("opacity", "1")
    desk.picture("54-permits-calendar-open")
    popover.locator(".o_cw_popover_close").click()

    desk.switch("pivot")
    expect(desk.page.locator(".o_pivot table")).to_contain_text("Total")
    desk.page.get_by_role("button", name="Measures").click()
    desk.page.locator(".o-dropdown--menu .o_menu_item", has_text="Days Left").click()
    expect(desk.page.locator(".o_pivot thead")).to_contain_text("Days Left (Average)")
    desk.page.keyboard.press("Escape")
    desk.picture("55-permits-pivot")

    with desk.page.expect_request(re.compile(r"/sicantik\.permit/(web|formatted)_read_group")) as asked:
        desk.switch("graph")
    # By month of expiry, not by state, whose colours would be of Odoo's choice.
    assert asked.value.post_data_json["params"]["kwargs"]["groupby"] == ["expiry_date:month"]
    expect(desk.page.locator(".o_graph_renderer canvas")).to_be_visible()
    desk.picture("56-permits-graph")

    [permit] = office.admin.call("sicantik.permit", "search_read", [("status", "=", "active")], ["permit_number"], limit=1)
    todo = "mail.mail_activity_data_todo"
    office.admin.call("sicantik.permit", "activity_schedule", [permit["id"]], todo, summary="Telepon pemohon")
    desk.switch("activity")
    expect(desk.page.locator(".o_activity_record")).to_contain_text(permit["permit_number"])
    desk.picture("57-permits-activities")


def look_at_list(desk: Desk, office: Office) -> None:
    """Searches, sorts by what is computed, groups in the order of urgency."""
    rows = desk.page.locator(".o_data_row")
    number = office.admin.call("sicantik.permit", "search_read", [("permit_number", "!=", False)], ["permit_number"], limit=1)
    number = number[0]["permit_number"]
    desk.search(number)
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(number)
    desk.page.locator(".o_searchview_facet .o_facet_remove").click()
    expect(rows).to_have_count(80)

    desk.choose_filter("Expires This Month", picture="49b-permits-filters")
    [this_month] = office.odoo.sql(EXPIRES_THIS_MONTH)
    expect(rows).to_have_count(this_month["count"])
    desk.page.locator(".o_searchview_facet .o_facet_remove").click()
    expect(rows).to_have_count(80)

    desk.page.locator("th[data-name=days_left]").click()
    dated = office.admin.call("sicantik.permit", "search_read", [("expiry_date", "!=", False)], ["permit_number", "days_left"])
    expect(rows.first).to_contain_text(min(dated, key=lambda permit: permit["days_left"])["permit_number"])
    desk.picture("50-permits-sorted-by-days-left")
    desk.group_by("Expiry State")
    groups = desk.page.locator(".o_group_header .o_group_name")
    found = numbers(office, [], "expiry_state")
    codes = ("expired", "critical", "warning", "ok", "unknown")
    expect(groups).to_have_text([f"{label} ({found[code]})" for label, code in zip(STATES, codes, strict=True)])
    groups.filter(has_text="Critical").click()
    expect(rows.first).to_be_visible()
    desk.picture("51-permits-by-expiry")
    desk.page.locator(".o_searchview_facet .o_facet_remove").click()
    expect(groups).to_have_count(0)


def look_at_kanban(desk: Desk, office: Office) -> None:
    """All columns are there, and no card is dragged; bars count what the columns hold, and one filters its column."""
    desk.switch("kanban")
    expect(headers(desk)).to_have_text([re.compile(status) for status in STATUSES])
    active = desk.page.locator(".o_kanban_group", has=desk.page.get_by_text("Active", exact=True))
    expect(active.locator(".o_kanban_record").first).to_be_visible()
    expect(desk.page.locator(".o_kanban_record.o_draggable")).to_have_count(0)
    for long in active.locator(".o_kanban_record").first.locator(".o_sicantik_clamp").all():
        expect(long).to_have_css("-webkit-line-clamp", "2")
    expect(active.locator(".o_kanban_record").first.locator(".o_sicantik_clamp")).to_have_count(3)
    desk.picture("52-permits-kanban")
    found = numbers(office, [("status", "=", "active")], "expiry_state")
    bar = active.locator(".progress-bar.bg-warning")
    expect(bar).to_have_attribute("aria-valuenow", str(found["critical"]))
    bar.click()
    expect(active.locator(".o_kanban_record:not(.o_kanban_ghost)")).to_have_count(min(found["critical"], 40))
    desk.group_by("Expiry State")
    expect(headers(desk)).to_have_text([re.compile(state) for state in STATES])
    desk.picture("52b-permits-kanban-by-expiry")
    desk.page.locator(".o_searchview_facet .o_facet_remove").click()


def test_the_life_of_a_permit(office: Office, sit_down: Callable[..., Desk]) -> None:
    older, newer, other = office.odoo.shell(FAMILY)
    name = office.admin.call("sicantik.permit", "read", [newer], ["permit_number"])[0]["permit_number"]
    desk = sit_down(office.odoo, login="operator")
    status = desk.page.locator(".o_statusbar_status .o_arrow_button_current")

    desk.open_record("sicantik_permit_action", older)
    expect(desk.page.get_by_role("button", name="Accept Renewal")).to_be_visible()
    sides = desk.page.locator(".o_sicantik_sides")
    expect(sides.get_by_role("columnheader")).to_have_text(["This Permit", "The New Permit"])
    expect(sides).to_contain_text(name)
    expect(sides).to_contain_text("the same NPWP")
    desk.picture("58-renewal-proposed", full_page=True)
    desk.press("Mark as Renewed")
    dialog = desk.page.locator(".modal")
    expect(dialog.locator("[name=new_permit_id] input")).to_have_value(re.compile(re.escape(name)))
    expect(dialog).to_contain_text("This one is proposed")
    expect(dialog.locator(".o_sicantik_sides")).to_contain_text(name)
    expect(dialog.locator("[name=same_applicant] input")).to_be_checked()
    desk.picture("59-mark-as-renewed")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    desk.press("Accept Renewal")
    expect(status).to_have_text("Renewed")
    expect(desk.page.locator("[name=renewed_by_id]")).to_have_text(name)
    desk.picture("60-permit-renewed", full_page=True)
    desk.page.locator("button[name=action_view_renewals]").click()
    expect(desk.page.locator(".o_data_row")).to_have_count(2)
    expect(desk.page.locator(".o_data_row").last).to_contain_text(name)
    desk.picture("61-line-of-renewals")

    desk.open_record("sicantik_permit_action", older)
    desk.press("Reopen")
    desk.page.locator(".modal").get_by_role("button", name=re.compile("^(Ok|OK)$")).click()
    expect(status).to_have_text("Active")
    desk.press("Mark as Renewed")
    choose(desk, "new_permit_id", name)
    dialog.get_by_role("button", name="Mark as Renewed").click()
    expect(status).to_have_text("Renewed")
    # What is over is watched no more.
    for field in ("expiry_state", "days_left"):
        expect(desk.page.locator(f".o_form_view [name={field}]:visible")).to_have_count(0)

    desk.open_record("sicantik_permit_action", other)
    desk.press("Cancel Permit")
    dialog.locator("[name=reason] textarea").fill(CLOSED)
    choose_ending(desk, "No Longer Valid")
    desk.picture("62-cancel-permit")
    dialog.get_by_role("button", name="Cancel Permit").click()
    expect(status).to_have_text("Terminated")
    expect(desk.page.locator(".ribbon")).to_have_text("No Longer Valid")
    expect(desk.page.locator("[name=cancel_reason] textarea")).to_have_value(CLOSED)
    desk.picture("63-permit-cancelled", full_page=True)

    cancel_two(desk, office)
    issue_date_by_hand(desk, newer)


def choose(desk: Desk, field: str, words: str) -> None:
    """Types into a many2one of the dialog and takes the first proposal."""
    desk.page.locator(f".modal [name={field}] input").fill(words)
    desk.page.locator(".o-autocomplete--dropdown-item").filter(has_text=words).first.click()


def choose_ending(desk: Desk, kind: str) -> None:
    """Odoo 19 has a menu of its own in place of the browser's."""
    field = desk.page.locator(".modal [name=ending]")
    field.locator("select, .o_select_menu_toggler").first.wait_for()
    if field.locator("select").count():
        field.locator("select").select_option(label=kind)
    else:
        field.locator(".o_select_menu_toggler").click()
        desk.page.locator(".o_select_menu_item").filter(has_text=kind).first.click()


def cancel_two(desk: Desk, office: Office) -> None:
    desk.open("sicantik_permit_action")
    rows = desk.page.locator(".o_data_row").filter(has_text="Active")
    for n in range(2):
        rows.nth(n).locator("input[type=checkbox]").check()
    desk.press("Cancel Permits")
    desk.page.locator(".modal [name=reason] textarea").fill(REVOKED)
    choose_ending(desk, "Revoked")
    desk.picture("64-cancel-two-permits")
    desk.page.locator(".modal").get_by_role("button", name="Cancel Permits").click()
    desk.page.wait_for_selector(".modal", state="detached")
    found = office.admin.call("sicantik.permit", "search_read", [("status", "=", "cancelled")], ["cancel_reason"])
    assert sorted(permit["cancel_reason"] for permit in found) == [REVOKED, REVOKED, CLOSED]
    the_kind_of_ending_is_said(desk)


def the_kind_of_ending_is_said(desk: Desk) -> None:
    """In the list, on the cards and on the dashboard, whatever the kind."""
    desk.open("sicantik_permit_action")
    badges = desk.page.locator(".o_data_row td[name=status]")
    expect(badges.filter(has_text="Revoked")).to_have_count(2)
    expect(badges.filter(has_text="No Longer Valid")).to_have_count(1)
    expect(badges.filter(has_text="Terminated")).to_have_count(0)
    desk.switch("kanban")
    ended = desk.page.locator(".o_kanban_group", has=desk.page.get_by_text("Terminated", exact=True))
    expect(ended.locator(".o_kanban_record").filter(has_text="Revoked")).to_have_count(2)
    desk.picture("64b-kinds-of-ending")
    desk.visit("/odoo/action-sicantik_connector.sicantik_dashboard_action")
    expect(desk.page.locator("[data-key=cancelled]").first).to_contain_text("Revoked 2, No Longer Valid 1")
    desk.picture("64c-kinds-of-ending-dashboard")


def issue_date_by_hand(desk: Desk, permit: int) -> None:
    desk.odoo.sql(f"UPDATE sicantik_permit SET source_issue_date = issue_date, issue_source = 'detail' WHERE id = {permit}")
    desk.open_record("sicantik_permit_action", permit)
    # Three years ahead.
    expect(desk.page.locator("[name=days_left]")).to_have_text("3 years left")
    field = desk.page.locator("[name=issue_date]")
    # Odoo 19 shows a date as a button until somebody wants to write.
    field.locator("button, input").first.click()
    field.locator("input").fill("02/03/2024")
    field.locator("input").press("Tab")
    desk.page.locator(".o_form_button_save").click()
    expect(desk.page.locator(".o_form_view")).to_contain_text("The issue date was entered by hand and wins")
    desk.picture("65-issue-date-by-hand", full_page=True)


@pytest.mark.one_version
def test_permits_on_a_phone_and_in_indonesian(office: Office, sit_down: Callable[..., Desk]) -> None:
    older, _newer, other = office.odoo.shell(FAMILY)
    read_indonesian(office.odoo, "manager")
    phone = sit_down(office.odoo, login="operator", width=390)
    phone.open("sicantik_permit_action")
    phone.page.wait_for_selector(".o_data_row")
    phone.page.locator(".o_cp_switch_buttons button").click()
    phone.page.get_by_role("menuitem", name="Kanban").click()
    phone.page.wait_for_selector(".o_kanban_record")
    phone.picture("66-phone-kanban")
    phone.open_record("sicantik_permit_action", older)
    phone.picture("67-phone-renewal-proposed", full_page=True)

    desk = sit_down(office.odoo, login="manager")
    desk.open("sicantik_permit_action")
    desk.switch("kanban")
    expect(headers(desk).first).to_contain_text("Dalam Proses")
    desk.picture("68-kanban-indonesian")
    desk.open_record("sicantik_permit_action", other)
    desk.press("Akhiri Izin")
    desk.page.wait_for_selector(".modal [name=reason]")
    desk.picture("69-cancel-indonesian")
