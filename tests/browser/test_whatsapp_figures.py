"""What people see of WhatsApp beside its messages: statistics, answers, blocked numbers, Tell Selected, the line on a
permit, the block on the dashboard."""

from collections.abc import Callable, Iterator

import pytest
from access import complaints
from desk import Desk
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

WIDTHS = (390, 1366)
OFFICE = """
from datetime import date, datetime, timedelta
env["sicantik.config"].search([]).active = False
config = env["sicantik.config"].create({"name": "Kantor Contoh", "api_url": "https://sicantik.example.test/api"})
config.go_live_date = "2025-01-01"
config.user_id = env["res.users"].search([("login", "=", "manager")])
config.company_id.write({"sicantik_office_name": "DPMPTSP Kabupaten Contoh", "sicantik_contact": "0800 000 0000"})
own = {"config_id": config.id, "company_id": config.company_id.id}
names = ("Izin Usaha Contoh", "Izin Reklame Contoh")
types = [env["sicantik.permit.type"].create({**own, "name": name, "name_key": name.casefold()}) for name in names]
"""
OFFICE_AGAIN = """
from datetime import date, datetime, timedelta
config = env["sicantik.config"].search([])
own = {"config_id": config.id, "company_id": config.company_id.id}
types = env["sicantik.permit.type"].search([])
"""
"""The same names, in a later shell."""
PERMITS = """
env["sicantik.whatsapp.registration"].search([]).write({"state": "approved"})
account = env["sicantik.whatsapp.account"].create(
    {"name": "WhatsApp kantor", "config_id": config.id, "sender_id": "100200300", "number": "+62 836-0100-0777"}
)
account.write({"check_state": "ok", "daily_limit": 250, "daily_limit_known": True})
answers = ["opted_in"] * 9 + ["opted_out"] * 2 + ["unknown"] * 5
permits = env["sicantik.permit"]
for number, answer in enumerate(answers, 1):
    contact = env["res.partner"].create({"name": f"Pemohon Contoh {number}", "whatsapp_number": f"+6283601000{200 + number}"})
    if answer != "unknown":
        contact._set_whatsapp_consent(answer, "counter")
    permits |= permits.create({
        **own, "identity": f"N\\x1f{number}\\x1f503/{number:04}/cth/2025", "registration_number": f"0306250{number:04}",
        "permit_number": f"503/{number:04}/CTH/2025", "applicant_name": f"PEMOHON CONTOH {number}", "status": "active",
        "expiry_date": date.today() + timedelta(days=200 + number), "partner_id": contact.id,
        "permit_type_id": types[number % 2].id,
    })
facts = {"old": "expired", "new": "active"}
agreed = permits.filtered(lambda permit: permit.partner_id.whatsapp_consent == "opted_in")
states = ["read", "delivered", "sent", "failed", "unknown", "read", "delivered"]
for month in (70, 40, 0):
    for permit, state in zip(agreed, states):
        notices = env["sicantik.notice"].sudo()._tell(permit, "status_update", f"browser:{month}", facts=facts)
        env["sicantik.notice"]._send(notices)
        message = notices.whatsapp_message_ids
        made = datetime.now() - timedelta(days=month)
        when = f"date_{state}" if state in ("read", "sent", "delivered") else "date_ended"
        why = {"unknown": "no_answer", "failed": "text_paused"}.get(state, False)
        message.write({"state": state, "date_queued": made, when: made, "category": "utility", "why": why})
print(permits[0].id)
"""
HOLD = """
env["sicantik.whatsapp.account"].search([]).write({"held_why": "quality", "held_until": "2099-01-01 02:00:00"})
"""


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """With the addon, an office, and nothing sent yet."""
    yield from served(rig, "sicantik_whatsapp", furnished=STAFF + OFFICE)


def looked_at(desk: Desk, name: str, width: int, found: list[str]) -> None:
    """A picture; what axe-core has against the page; nothing reaches over the screen."""
    desk.picture(f"{name}-{width}", full_page=True)
    found += complaints(desk, f"{name} {width}")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_pages_with_nothing_to_show_say_what_will_be_there(odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    found: list[str] = []
    for width in WIDTHS:
        desk = sit_down(odoo, login="operator", width=width)
        for page, words in (("statistic", "No messages to count"), ("blocked", "No number is blocked")):
            desk.open(f"sicantik_whatsapp.sicantik_whatsapp_{page}_action")
            expect(desk.page.locator(".o_view_nocontent")).to_contain_text(words)
            looked_at(desk, f"85-whatsapp-no-{page}", width, found)
    assert not found, "\n".join(found)


def test_figures_of_messages_and_answers(odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    permit = int(odoo.shell(OFFICE_AGAIN + PERMITS))
    found: list[str] = []
    for width in WIDTHS:
        desk = sit_down(odoo, login="viewer", width=width)
        page = desk.page
        desk.open("sicantik_dashboard_action")
        block = page.locator(".o_sicantik_whatsapp")
        expect(block.locator("[data-key=read][data-span=month]")).to_have_text("2")
        expect(block).to_contain_text("56 % of the contacts of permits agreed")
        block.scroll_into_view_if_needed()
        looked_at(desk, "86-whatsapp-dashboard", width, found)
        block.locator("[data-key=failed][data-span=today]").click()
        expect(page.locator(".o_data_row")).to_have_count(1)
        for name, kinds in (("statistic", ("graph", "pivot", "list")), ("answer", ("graph", "pivot", "list"))):
            for kind in kinds:
                desk.visit(f"/odoo/action-sicantik_whatsapp.sicantik_whatsapp_{name}_action?view_type={kind}")
                page.wait_for_selector(f".o_action_manager > :not([data-left]).o_{kind}_view")
                looked_at(desk, f"87-whatsapp-{name}-{kind}", width, found)
        page.locator(".o_data_row td[name=permits]").first.click()
        page.wait_for_selector(".o_form_view")
        desk.open_record("sicantik_permit_action", permit)
        expect(page.locator("[name=whatsapp_message_state]")).to_contain_text("Read")
        # On a phone Odoo's own labels are pale in every form.
        looked_at(desk, "88-whatsapp-permit", width, found if width > 500 else [])
        if width > 500:  # A phone has it behind the bolt.
            page.locator("button[name=action_view_whatsapp_messages]:visible").first.click()
            expect(page.locator(".o_data_row")).to_have_count(3)
    odoo.shell(HOLD)
    desk = sit_down(odoo, login="viewer")
    desk.open("sicantik_dashboard_action")
    expect(desk.page.locator(".o_sicantik_whatsapp [data-state=held]")).to_contain_text("holds the number back")
    looked_at(desk, "86-whatsapp-dashboard-held", 1366, found)
    assert not found, "\n".join(found)


def test_selected_ones_are_told_and_a_number_is_blocked(odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    odoo.shell(OFFICE_AGAIN + PERMITS)
    found: list[str] = []
    for width in reversed(WIDTHS):
        desk = sit_down(odoo, login="operator", width=width)
        page = desk.page
        if width > 500:
            desk.open("sicantik_permit_action")
            if page.locator(".o_switch_view.o_list:not(.active)").count():
                desk.switch("list")
            page.locator(".o_data_row").first.wait_for()
            page.locator("thead .o_list_record_selector input").check()
            desk.press("Tell Selected")
            dialog = page.locator(".modal")
            expect(dialog.locator("[name=told_count]:visible")).to_have_text("9")
            expect(dialog).to_contain_text("were not asked")
            expect(dialog.locator("[name=preview]")).to_contain_text("Pengingat masa berlaku izin")
            expect(dialog.locator("[name=limits]")).to_contain_text("250 people in 24 hours")
            looked_at(desk, "89-whatsapp-tell-selected", width, found)
            dialog.get_by_label("Contact Office").check()
            expect(dialog.locator("[name=preview]")).to_contain_text("Mohon hubungi kantor")
            looked_at(desk, "89-whatsapp-tell-selected-contact", width, found)
            desk.press("Send")
            expect(page.locator(".modal")).to_have_count(0)
            expect(page.locator(".o_data_row")).to_have_count(9)
            looked_at(desk, "89-whatsapp-told", width, found)
            desk.open("sicantik_whatsapp.sicantik_whatsapp_blocked_action")
            desk.press("New")
            page.locator("[name=number] input").fill("0836 0100 0201")
            page.locator("[name=reason] input").fill("Milik orang lain sejak Juli")
            page.keyboard.press("Tab")
            looked_at(desk, "90-whatsapp-block", width, found)
            page.locator(".o_form_button_save").click()
            expect(page.locator("[name=number]")).to_contain_text("+6283601000201")
        desk.open("sicantik_whatsapp.sicantik_whatsapp_blocked_action")
        page.locator(".o_data_row td[name=number]").first.wait_for()
        looked_at(desk, "90-whatsapp-blocked", width, found)
        page.locator(".o_data_row td[name=number]").first.click()
        page.wait_for_selector(".o_form_view")
        looked_at(desk, "90-whatsapp-blocked-number", width, found)
    assert not found, "\n".join(found)
