"""The contact of a permit: found, proposed, accepted by an operator."""

from offices import MakeOffice
from playwright.sync_api import expect

PHONE = "+628120000001"
"""Made up, as the simulator's own numbers, which are no mobile numbers."""
NAME = "Contoh Kontak"


def test_an_operator_accepts_a_proposed_contact(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=20)
    assert office.worker.run("permits")[0] == 0
    [permit] = office.odoo.sql("SELECT id, registration_number AS number FROM sicantik_permit ORDER BY id LIMIT 1")
    office.odoo.sql(
        f"UPDATE sicantik_permit SET whatsapp_number = '{PHONE}', whatsapp_state = 'mobile' WHERE id = {permit['id']}"
    )
    contact = office.admin.call("res.partner", "create", {"name": NAME, "phone": PHONE})

    desk = sit_down(office.odoo, login="operator")
    desk.open("sicantik_permit_action")
    row = desk.page.locator(".o_data_row").filter(has_text=permit["number"]).first
    row.locator("input[type=checkbox]").check()
    desk.press("Find Contacts")
    desk.expect_notification("0 linked, 1 proposed")

    desk.open_record("sicantik_permit_action", permit["id"])
    accept = desk.page.get_by_role("button", name="Accept Proposal")
    expect(accept).to_be_visible()
    desk.picture("46-contact-proposed", full_page=True)
    accept.click()
    expect(accept).to_have_count(0)
    expect(desk.page.locator("[name=partner_id] input")).to_have_value(NAME)
    expect(desk.page.locator("[name=partner_source]")).to_have_text("Chosen by a Person")
    desk.picture("47-contact-accepted", full_page=True)

    desk.visit(f"/odoo/res.partner/{contact}")
    desk.page.get_by_role("tab", name="Permits").click()
    expect(desk.page.locator("[name=sicantik_permit_ids] .o_data_row")).to_have_count(1)
    desk.picture("48-contact-with-permits", full_page=True)
