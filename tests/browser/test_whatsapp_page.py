"""WhatsApp as managers set it up, and as operators see what became of messages."""

from collections.abc import Iterator

import pytest
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

OFFICE = """
env["sicantik.config"].search([]).active = False
config = env["sicantik.config"].create({"name": "Kantor Contoh", "api_url": "https://sicantik.example.test/api"})
config.go_live_date = "2025-01-01"
config.user_id = env["res.users"].search([("login", "=", "manager")])
config.company_id.sicantik_office_name = "DPMPTSP Kabupaten Contoh"
contact = env["res.partner"].create({"name": "Pemohon Contoh", "whatsapp_number": "+6283601000123"})
contact._set_whatsapp_consent("opted_in", "counter")
config.worker_public_address = "https://izin.example.go.id"
env["sicantik.permit"].create({
    "config_id": config.id, "company_id": config.company_id.id, "identity": "N\\x1f1\\x1f503/0001/cth/2025",
    "registration_number": "03062500001", "permit_number": "503/0001/CTH/2025", "applicant_name": "PEMOHON CONTOH",
    "status": "active", "expiry_date": "2099-12-31", "partner_id": contact.id,
})
"""
"""One permit of a contact who agreed; nobody is told of anything yet."""
TELL = """
permit = env["sicantik.permit"].search([("permit_number", "=", "503/0001/CTH/2025")])
facts = {"old": "expired", "new": "active"}
env["sicantik.notice"].sudo()._tell(permit, "status_update", "browser", facts=facts)
notice = env["sicantik.notice"].search([("permit_id", "=", permit.id)])
env["sicantik.notice"]._send(notice)
print('"%s"' % notice.channel)
"""
FAIL = """
worker = env["res.users"].search([("login", "=", "sicantik_worker")], limit=1) or env["res.users"].create(
    {"name": "Worker", "login": "w", field: [(4, env.ref("sicantik_connector.group_sicantik_worker").id)]}
)
messages = env["sicantik.whatsapp.message"].with_user(worker)
[given] = messages.claim("w", 10, 60)["claimed"]
report = {"uuid": given["uuid"], "attempt": 1, "state": "failed", "at": "2026-03-10 03:00:00", "why": "text_missing",
          "code": "meta_132001", "detail": "Template name does not exist in the translation"}
messages.report([report])
"""
AGREE = """
env["sicantik.whatsapp.account"].create(
    {"name": "Kantor", "config_id": env["sicantik.config"].search([]).id, "sender_id": "100200300", "number": "+62 836-0100-0777"}
)
contact = env["res.partner"].create({"name": "Pemohon Loket", "whatsapp_number": "+6283601000125"})
advertises = {"state": "approved", "category": "marketing"}
env.ref("sicantik_whatsapp.whatsapp_registration_permit_expiring_id").write(advertises)
env.ref("sicantik_whatsapp.whatsapp_registration_permit_expiring_en").state = "paused"
print(contact.id)
"""
"""An office whose number is known, somebody at its counter, and texts that Meta stopped."""
FIELD = 'field = ({"group_ids", "groups_id"} & set(env["res.users"]._fields)).pop()\n'


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """With the addon, which is installed by itself."""
    yield from served(rig, "sicantik_whatsapp", furnished=STAFF + OFFICE)


def test_an_account_a_text_and_a_message_that_failed(odoo: Odoo, sit_down) -> None:
    desk = sit_down(odoo, login="manager")
    desk.open("sicantik_whatsapp.sicantik_whatsapp_account_action")
    desk.picture("70-whatsapp-no-account")
    desk.press("New")
    page = desk.page
    page.locator("[name=name] input, [name=name] textarea").first.fill("WhatsApp kantor")
    page.locator("[name=sender_id] input").fill("100200300")
    page.locator("[name=business_id] input").fill("300200100")
    page.locator(".o_form_button_save").click()
    expect(page.locator("[name=webhook_address]")).to_contain_text("https://izin.example.go.id/webhooks/whatsapp/meta/")
    expect(page.locator("[name=token_line]")).to_contain_text("sicantik secret set whatsapp.")
    desk.picture("71-whatsapp-account", full_page=True)
    desk.press("Check Account")
    expect(page.locator(".alert-info:visible")).to_contain_text("asked to check the account")

    desk.open("sicantik_whatsapp.sicantik_whatsapp_template_action")
    expect(page.locator(".o_data_row")).to_have_count(20)
    desk.picture("72-whatsapp-texts")
    text = page.locator(".o_data_row").filter(has_text="Status Changed").filter(has_text="Indonesian")
    text.locator("td[name=kind]").click()
    page.wait_for_selector(".o_form_view")
    page.locator("[name=registration_ids] td[name=state]").click()
    approval = page.locator("[name=registration_ids] .o_field_widget[name=state]")
    approval.locator("select, .o_select_menu_toggler").first.wait_for()
    if approval.locator("select").count():
        approval.locator("select").select_option(label="Approved")
    else:
        approval.locator(".o_select_menu_toggler").click()
        page.locator(".o_select_menu_item").get_by_text("Approved", exact=True).first.click()
    page.locator(".o_form_button_save").click()
    expect(page.locator("[name=preview]")).to_contain_text("(registration_number)")
    desk.picture("73-whatsapp-text", full_page=True)

    assert odoo.shell(TELL) == "whatsapp"
    for width in (390, 1366):
        desk = sit_down(odoo, login="operator", width=width)
        desk.open("sicantik_notice.sicantik_notice_action")
        desk.page.locator(".o_data_row td[name=permit_id]").first.click()
        desk.page.wait_for_selector(".o_form_view")
        expect(desk.page.locator(".alert-info:visible").first).to_contain_text("It has not gone out yet.")
        expect(desk.page.locator(".o_form_statusbar [name=whatsapp_state]")).to_be_visible()
        expect(desk.page.locator(".o_form_statusbar [name=state]")).to_have_count(0)
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"74-whatsapp-notice-{width}", full_page=True)
    odoo.shell(FIELD + FAIL)
    for width in (390, 1366):
        desk = sit_down(odoo, login="operator", width=width)
        desk.open("sicantik_whatsapp.sicantik_whatsapp_message_action")
        expect(desk.page.locator(".o_data_row")).to_have_count(1)
        for name in ("state", "reason"):
            box = desk.page.locator(f".o_data_row td[name={name}]").bounding_box()
            assert box and box["x"] + box["width"] <= width, name
        desk.picture(f"75-whatsapp-messages-{width}")
        desk.page.locator(".o_data_row td[name=text_id]").first.click()
        desk.page.wait_for_selector(".o_form_view")
        expect(desk.page.locator(".alert-danger:visible")).to_contain_text("The provider knows no approved text of this name")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"whatsapp-message-{width}", full_page=True)
    desk.press("Send Again")
    expect(desk.page.locator(".alert-info:visible")).to_contain_text("No worker is heard of")


def test_a_person_at_the_counter_agrees_by_a_code(odoo: Odoo, sit_down) -> None:
    contact = int(odoo.shell(AGREE))
    for width in (390, 1366):
        desk = sit_down(odoo, login="operator", width=width)
        page = desk.page
        desk.visit(f"/odoo/res.partner/{contact}")
        page.wait_for_selector(".o_form_view")
        page.locator("button[name=action_whatsapp_link]").scroll_into_view_if_needed()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"76-whatsapp-contact-{width}", full_page=True)
        page.locator("button[name=action_whatsapp_link]:visible").first.click()
        dialog = page.locator(".modal")
        page.wait_for_function("() => document.querySelector('.modal [name=qr_code] img')?.naturalWidth >= 320")
        expect(dialog.locator("[name=link]")).to_contain_text("https://wa.me/6283601000777?text=SETUJU%20")
        assert dialog.evaluate("it => it.scrollWidth <= it.clientWidth")
        desk.picture(f"77-whatsapp-consent-link-{width}")
        desk = sit_down(odoo, login="manager", width=width)
        desk.open("sicantik_whatsapp.sicantik_whatsapp_template_action")
        row = desk.page.locator(".o_data_row").filter(has_text="Marketing")
        expect(row).to_have_count(1)
        desk.picture(f"78-whatsapp-texts-stopped-{width}")
        row.locator("td[name=kind]").click()
        desk.page.wait_for_selector(".o_form_view")
        expect(desk.page.locator(".alert-danger:visible")).to_contain_text("counts this text as marketing")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"79-whatsapp-text-held-{width}", full_page=True)
