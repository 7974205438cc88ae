"""Permit types with their figures, double names merged, and a contact's answer about WhatsApp."""

import pytest
from desk import Desk
from offices import MakeOffice
from parts import Office
from playwright.sync_api import expect

OLD = "PERPANJANGAN IZIN PRAKTIK DOKTER"
REMAINING = "SURAT IZIN PRAKTIK DOKTER (SIP)"
PHONE = 390


def _office(make_office: MakeOffice) -> Office:
    """An office with permits of many types, some near their end."""
    office = make_office(permits=400)
    office.unhurried(1000)
    assert office.worker.run("all")[0] in (0, 3)
    return office


def _card(desk: Desk, name: str):
    return desk.page.locator(".o_kanban_record").filter(has=desk.page.get_by_text(name, exact=True))


def _type_id(office: Office, name: str) -> int:
    [found] = office.admin.call("sicantik.permit.type", "search", [("name", "=", name)], context={"active_test": False})
    return found


def _open_permits(desk: Desk) -> None:
    """Opens the tab with a contact's permits and waits until it has faded in."""
    desk.page.get_by_role("tab", name="Permits").click()
    desk.page.wait_for_selector("[name=sicantik_permit_ids] .o_data_row")
    desk.page.wait_for_function("getComputedStyle(document.querySelector('.tab-pane.active')).opacity === '1'")


@pytest.mark.one_version
def test_types_are_counted_and_opened(make_office: MakeOffice, sit_down) -> None:
    office = _office(make_office)
    [most] = office.odoo.sql(
        "SELECT t.id, t.name, count(*) FROM sicantik_permit p JOIN sicantik_permit_type t ON t.id = p.permit_type_id"
        " GROUP BY t.id ORDER BY count(*) DESC, t.id LIMIT 1"
    )
    desk = sit_down(office.odoo, login="viewer")
    desk.open("sicantik_permit_type_action")
    row = desk.page.locator(".o_data_row").filter(has=desk.page.get_by_text(most["name"], exact=True))
    expect(row.locator("[name=permit_count]")).to_have_text(str(most["count"]))
    desk.picture("60-types")
    desk.switch("kanban")
    expect(_card(desk, most["name"])).to_contain_text(str(most["count"]))
    desk.picture("61-types-kanban")
    _card(desk, most["name"]).click()
    shares = desk.page.locator(".o_form_view .o_sicantik_type_shares")
    expect(shares.locator(".progress-bar").first).to_be_visible()
    expect(desk.page.get_by_role("button", name="Merge")).to_have_count(0)
    desk.picture("62-type")

    link = shares.get_by_role("button", name="Active")
    active = link.locator("b").inner_text()
    assert (link.bounding_box() or {})["height"] >= 24
    link.click()
    desk.page.wait_for_selector(".o_list_view .o_data_row")
    expect(desk.page.locator(".o_pager_limit")).to_have_text(active)
    desk.page.go_back()
    desk.press("By Status")
    desk.page.wait_for_selector(".o_graph_view canvas")
    desk.picture("63-type-by-status")
    desk.page.go_back()
    desk.press("By Month")
    desk.page.wait_for_selector(".o_graph_view canvas")
    desk.switch("pivot")
    desk.page.wait_for_selector(".o_pivot_view td")
    desk.picture("64-type-by-month")

    phone = sit_down(office.odoo, login="viewer", width=PHONE)
    phone.open("sicantik_permit_type_action")
    phone.page.wait_for_selector(".o_kanban_record, .o_data_row")
    phone.picture("65-phone-types")
    phone.open_record("sicantik_permit_type_action", most["id"])
    phone.page.wait_for_selector(".o_sicantik_type_shares .progress-bar")
    phone.picture("66-phone-type", full_page=True)


def test_a_manager_merges_two_names_and_separates_them_again(make_office: MakeOffice, sit_down) -> None:
    office = _office(make_office)
    desk = sit_down(office.odoo, login="manager")
    desk.open("sicantik_permit_type_action")
    desk.search("praktik dokter")
    expect(desk.page.locator(".o_data_row")).to_have_count(2)
    for name in (OLD, REMAINING):
        row = desk.page.locator(".o_data_row").filter(has=desk.page.get_by_text(name, exact=True))
        row.locator("input[type=checkbox]").check()
    desk.press("Merge")
    dialog = desk.page.locator(".modal")
    expect(dialog.locator("[name=type_ids] .o_data_row")).to_have_count(2)
    remaining = dialog.locator("[name=remaining_id] input")
    remaining.fill(REMAINING)
    desk.page.get_by_role("option", name=REMAINING, exact=True).click()
    moved = int(dialog.locator(".alert [name=moved_count]").inner_text())
    desk.picture("67-merge-types")
    dialog.get_by_role("button", name="Merge").click()
    desk.expect_notification(f"Permits that got the type .*: {moved}")
    expect(desk.page.locator(".o_form_view [name=alias_ids] .o_data_row")).to_contain_text(OLD)
    expect(desk.page.locator(".o_sicantik_type_shares")).to_contain_text("Active")
    desk.picture("68-type-with-an-old-name", full_page=True)
    assert office.worker.command("compare")[0] == 0

    desk.open("sicantik_permit_type_action")
    desk.choose_filter("Merged")
    expect(desk.page.locator(".o_data_row")).to_have_count(1)
    expect(desk.page.locator(".o_data_row")).to_contain_text(OLD)
    desk.open_record("sicantik_permit_type_action", _type_id(office, OLD))
    expect(desk.page.locator(".alert")).to_contain_text(REMAINING)
    desk.picture("69-merged-type")
    phone = sit_down(office.odoo, login="manager", width=PHONE)
    phone.open_record("sicantik_permit_type_action", _type_id(office, REMAINING))
    expect(phone.page.locator("[name=alias_ids] .o_kanban_record").first).to_contain_text(OLD)
    phone.picture("70-phone-type-with-an-old-name", full_page=True)

    desk.press("Separate Again")
    desk.page.locator(".modal").get_by_role("button", name="Ok").click()
    expect(desk.page.locator(".o_form_view .alert")).to_be_hidden()
    assert office.worker.run("permits", "--full")[0] == 0
    assert office.worker.command("compare")[0] == 0


def test_the_answer_of_a_contact_about_whatsapp(make_office: MakeOffice, sit_down) -> None:
    office = _office(make_office)
    contact = office.admin.call(
        "res.partner", "create", {"name": "PEMOHON CONTOH", "whatsapp_number": "0800 1234 5678", "phone": "0800 1234 5678"}
    )
    permits = office.admin.call("sicantik.permit", "search", [("expiry_date", "!=", False)], limit=5)
    office.admin.call("sicantik.permit", "write", permits, {"partner_id": contact})

    desk = sit_down(office.odoo, login="operator")
    desk.visit(f"/odoo/res.partner/{contact}")
    answer = desk.page.locator(".o_form_view [name=whatsapp_consent]")
    expect(answer).to_have_text("Not Asked")
    desk.press("Agreed")
    dialog = desk.page.locator(".modal")
    dialog.get_by_text("Form", exact=True).click()
    dialog.locator("[name=note] input").fill("Formulir 12")
    desk.picture("71-consent-dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(answer).to_have_text("Agreed")
    expect(desk.page.locator(".o-mail-Message").first).to_contain_text("Agreed (Form, ")
    _open_permits(desk)
    expect(desk.page.locator("[name=sicantik_permit_ids] .o_data_row")).to_have_count(5)
    desk.picture("72-contact-agreed", full_page=True)

    desk.press("Refused")
    desk.page.locator(".modal").get_by_role("button", name="Save").click()
    expect(answer).to_have_text("Refused")
    viewer = sit_down(office.odoo, login="viewer")
    viewer.visit(f"/odoo/res.partner/{contact}")
    expect(viewer.page.locator(".o_form_view [name=whatsapp_consent]")).to_have_text("Refused")
    expect(viewer.button("Agreed")).to_have_count(0)
    viewer.picture("73-contact-refused")
    phone = sit_down(office.odoo, login="operator", width=PHONE)
    phone.visit(f"/odoo/res.partner/{contact}")
    _open_permits(phone)
    phone.picture("74-phone-contact", full_page=True)
    phone.press("Agreed")
    phone.page.wait_for_selector(".modal .o_form_view")
    phone.picture("75-phone-consent-dialog")


@pytest.mark.one_version
def test_a_manager_says_above_the_list_which_types_are_renewals(make_office: MakeOffice, sit_down) -> None:
    office = _office(make_office)
    desk = sit_down(office.odoo, login="viewer")
    desk.open("sicantik_permit_type_action")
    desk.page.wait_for_selector(".o_data_row")
    banner = desk.page.locator(".o_sicantik_pairs_banner")
    expect(banner).to_have_count(0)

    desk = sit_down(office.odoo, login="manager")
    desk.open("sicantik_permit_type_action")
    banner = desk.page.locator(".o_sicantik_pairs_banner")
    expect(banner).to_contain_text("PERPANJANGAN IZIN")
    desk.picture("67-types-that-may-be-renewals")
    banner.get_by_role("button", name="Decide").click()
    rows = desk.page.locator(".o_sicantik_permit_type_pairs .o_data_row")
    expect(rows.first).to_be_visible()
    desk.picture("68-pairs-of-types")
    for button in ("Is a Renewal", "Is None"):
        name = rows.first.locator("[name=name]").inner_text()
        rows.first.get_by_role("button", name=button).click()
        expect(rows.filter(has=desk.page.get_by_text(name, exact=True))).to_have_count(0)
    types = "SELECT count(renews_type_id) AS renewals, count(NULLIF(renews_nothing, false)) AS others FROM sicantik_permit_type"
    assert office.odoo.sql(types) == [{"renewals": 1, "others": 1}]
