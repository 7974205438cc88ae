"""The story that the manual tells, in each of its languages; `make pictures` takes its pictures into docs/images."""

import re
from collections.abc import Iterator

import pytest
from album import ADDRESS, PHONE, SCREEN, Album, furnish
from letterbox import Letterbox
from notices import make_it_day, tell
from offices import MakeOffice
from parts import Office
from permit_stock import FAMILY, SPREAD
from playwright.sync_api import expect

REASON = "Dicabut dengan keputusan 503/0001/CTH/2025"
TWO_NAMES = ("PERPANJANGAN IZIN PRAKTIK DOKTER", "SURAT IZIN PRAKTIK DOKTER (SIP)")
EXPIRY = {
    "id": ["Masa Berlaku", "Kedaluwarsa", "Kritis", "Segera Habis", "Berlaku", "Tanggal Belum Diketahui"],
    "en": ["Expiry State", "Expired", "Critical", "Expires Soon", "Valid", "No Date"],
}
"""The group of the search bar, and the columns that it makes, in each language."""
CONTACT = """
import json
permit = env["sicantik.permit"].search([("status", "=", "active"), ("partner_id", "=", False)], order="id desc", limit=1)
permit.write({"whatsapp_number": "+6280012345678", "whatsapp_state": "mobile"})
likely, sure = env["res.partner"].create([
    {"name": "Kontak Contoh", "phone": "+6280012345678", "email": "kontak@contoh.test"},
    {"name": "PEMOHON CONTOH", "phone": "0800 1234 0000", "whatsapp_number": "0800 1234 0000", "email": "pemohon@contoh.test"},
])
permit.proposed_partner_id = likely
env["sicantik.permit"].search([("expiry_date", "!=", False), ("status", "=", "active")], limit=4).partner_id = sure
print(json.dumps([permit.id, sure.id]))
"""
"""A contact that may be the one of a permit, and one that has permits."""
NOTICES = """
from datetime import timedelta
config = env["sicantik.config"].search([])
config.company_id.write({{
    "email": "kantor@contoh.test",
    "sicantik_office_name": "DPMPTSP Kabupaten Contoh",
    "sicantik_contact": "0800 000 0000",
    "sicantik_renewal_url": "https://perizinan.example.go.id/perpanjangan",
}})
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{
    "name": "Letterbox", "smtp_host": "127.0.0.1", "smtp_port": {port}, "smtp_encryption": "none",
}})
moved = env["res.partner"].create({{"name": "Kontak Pindah", "email": {moved!r}}})
soon = [("status", "=", "active"), ("partner_id", "=", False), ("expiry_date", "<", config._today() + timedelta(days=60))]
permits = env["sicantik.permit"].search(soon)
permits[::3].partner_id = env["res.partner"].search([("email", "=", "kontak@contoh.test")])
permits[1::12].partner_id = moved
"""
"""An office where some contacts have an address, and one an address that the mail server does not know."""
LIVE = """
UPDATE sicantik_config SET
    go_live_date = (now() AT TIME ZONE 'Asia/Jakarta')::date - 3,
    user_id = (SELECT id FROM res_users WHERE login = 'operator')
"""
"""For three days. Not in a shell: nothing there repeats a write that meets one of the worker that runs."""
MOVED = "pindah@contoh.test"


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    with Letterbox() as opened:
        opened.refused.add(MOVED)
        yield opened


@pytest.mark.one_version  # its pictures are of one version
def test_the_manual_shows_what_people_see(
    language: str, pytestconfig: pytest.Config, make_office: MakeOffice, letterbox: Letterbox, sit_down
) -> None:
    pictures = pytestconfig.getoption("--pictures")
    office = make_office(permits=240, options=("--detail-ms", "5"), api_url=False)
    # The address that people see is made up; the worker reads the simulator.
    office.worker.environment["SICANTIK__SICANTIK__URL"] = office.simulator.url
    office.worker.environment["SICANTIK__WORKER__NAME"] = "server-perizinan"
    furnish(office.odoo, language)
    desk = sit_down(office.odoo, anew=pictures)
    album = Album(desk, language)
    enter_the_address(album)
    connect_the_worker(album, office)
    fetch_everything(album, office)
    merge_types(album)

    older, _newer, other = office.odoo.shell(FAMILY)
    operator = Album(sit_down(office.odoo, login="operator", anew=pictures), language)
    find_permits(operator, older)
    enter_a_date(operator, office)
    renew_and_cancel(operator, older, other)
    look_after_contacts(operator, office)
    tell_applicants(operator, office, letterbox)
    operator.desk.open("sicantik_data_quality_action")
    operator.page.wait_for_selector(".o_sicantik_quality_line")
    operator.keep("data-quality", height=1080)
    set_up_notices(album)
    change_keys(album, office)


def enter_the_address(album: Album) -> None:
    album.desk.open_app()
    field = album.page.locator(".o_sicantik_address input")
    expect(field).to_have_attribute("placeholder", ADDRESS)
    album.keep("address", height=640)
    field.fill(ADDRESS)
    album.page.locator(".o_sicantik_address button").click()
    expect(field).to_be_hidden()


def connect_the_worker(album: Album, office: Office) -> None:
    album.desk.open_configuration()
    album.keep("configuration-new")
    album.press("action_pair_worker")
    album.page.wait_for_selector(".o_sicantik_pairing")
    office.worker.environment |= album.read_settings() | {"SICANTIK__ODOO__URL": office.odoo.url}
    album.keep_dialog("connect-worker")
    album.close_dialog()
    office.worker.start(SICANTIK__WORKER__POLL_SECONDS="1", SICANTIK__SICANTIK__RETRY_SECONDS="1")
    office.wait_end(office.press("action_test_connection"))
    album.desk.open_configuration()
    album.keep("configuration")
    album.page.locator("[name=probe].nav-link").click()
    album.keep("last-test", album.page.locator(".o_notebook"))


def fetch_everything(album: Album, office: Office) -> None:
    office.wait_end(office.press("action_sync_now"))
    album.desk.open_configuration()
    album.press("action_open_expiry_wizard")
    album.page.wait_for_selector(".modal [name=due_count]")
    album.keep_dialog("expiry-dates")
    album.close_dialog()
    office.spoil_details(2)
    office.unhurried(40)
    run = office.order("expiry")
    album.desk.open_record("sicantik_sync_run_action", run)
    office.wait_for(run, lambda found: found["done"] > 0.3 * found["total"] > 0)
    expect(album.page.locator(".o_sicantik_run_progress .progress-bar")).not_to_have_css("width", "0px")
    album.keep("run")
    office.unhurried(10)
    album.desk.open_configuration()
    album.page.locator(".o_notebook").evaluate("tabs => tabs.scrollIntoView()")
    album.keep("settings")
    assert office.wait_end(run)["state"] == "partial"
    album.desk.open_record("sicantik_sync_run_action", run)
    album.page.wait_for_selector("[name=issue_ids] .o_data_row")
    album.keep("issues")
    office.simulator.heal()
    album.desk.open_configuration()
    album.page.locator("[name=api_calls].nav-link").click()
    album.keep("api-calls", album.page.locator(".o_notebook"))
    office.odoo.sql(SPREAD)
    office.simulator.admin("change", {"what": "applicant", "count": 3})
    office.wait_end(office.press("action_compare"))
    album.desk.open("sicantik_sync_run_action")
    album.page.wait_for_selector(".o_data_row")
    album.keep("runs")
    album.page.locator(".o_data_row td.o_data_cell").first.click()
    album.page.wait_for_selector("[name=issue_ids] .o_data_row")
    album.keep("differences")


def merge_types(album: Album) -> None:
    album.desk.open("sicantik_permit_type_action")
    album.desk.search("praktik dokter")
    expect(album.page.locator(".o_data_row")).to_have_count(2)
    for name in TWO_NAMES:
        row = album.page.locator(".o_data_row").filter(has=album.page.get_by_text(name, exact=True))
        row.locator("input[type=checkbox]").check()
    album.press("action_open_merge")
    remaining = album.page.locator(".modal [name=remaining_id] input")
    remaining.fill(TWO_NAMES[1])
    album.page.get_by_role("option", name=TWO_NAMES[1], exact=True).click()
    expect(album.page.locator(".modal .alert [name=moved_count]")).to_be_visible()
    album.keep_dialog("merge-types")
    album.close_dialog()


def change_keys(album: Album, office: Office) -> None:
    album.desk.open_configuration()
    album.press("action_pair_worker")
    album.page.locator(".modal footer .btn-primary").click()
    album.page.wait_for_selector(".o_sicantik_pairing")
    album.close_dialog()
    album.desk.open_configuration()
    album.page.wait_for_selector("button[name=action_end_earlier_keys]:visible")
    album.keep("earlier-keys")
    office.fall_silent()
    album.desk.open("sicantik_permit_action")
    expect(album.page.locator(".o_sicantik_worker_banner[data-state=silent]")).to_be_visible()
    album.keep("worker-silent", height=420)


def find_permits(album: Album, permit: int) -> None:
    album.desk.open_app()
    album.page.wait_for_selector(".o_sicantik_over_time canvas")
    album.keep("dashboard")
    album.desk.open("sicantik_permit_action")
    album.page.wait_for_selector(".o_data_row")
    album.keep("permits")
    album.page.locator(".o_searchview_dropdown_toggler").click()
    album.keep("filters")
    album.page.keyboard.press("Escape")
    group, *states = EXPIRY[album.language]
    album.desk.group_by(group)
    album.desk.switch("kanban")
    heads = album.page.locator(".o_kanban_group .o_column_title")
    expect(heads).to_have_text([re.compile(f"^{state}") for state in states])
    expect(album.page.locator(".o_kanban_record").first).to_be_visible()
    album.keep("colours")
    album.page.set_viewport_size(PHONE)
    album.desk.open_record("sicantik_permit_action", permit)
    album.keep("phone")
    album.page.set_viewport_size(SCREEN)


def enter_a_date(album: Album, office: Office) -> None:
    [permit] = office.admin.call("sicantik.permit", "search", [("source_expiry_date", ">", "2020-01-01")], limit=1)
    office.odoo.rpc("operator", "operator").call("sicantik.permit", "write", [permit], {"expiry_date": "2030-12-31"})
    album.desk.open_record("sicantik_permit_action", permit)
    expect(album.page.locator(".alert [name=source_expiry_date]")).to_be_visible()
    album.keep("date-by-hand")


def renew_and_cancel(album: Album, older: int, other: int) -> None:
    album.desk.open_record("sicantik_permit_action", older)
    expect(album.page.locator("button[name=action_accept_renewal]")).to_be_visible()
    album.keep("renewal-proposed")
    album.press("action_mark_renewed")
    expect(album.page.locator(".modal [name=new_permit_id] input")).to_have_value(re.compile("503"))
    album.keep_dialog("mark-as-renewed")
    album.close_dialog()
    album.desk.open_record("sicantik_permit_action", other)
    album.press("action_cancel_permits")
    album.page.locator(".modal [name=reason] textarea").fill(REASON)
    album.keep_dialog("cancel-permit")
    album.close_dialog()


def look_after_contacts(album: Album, office: Office) -> None:
    proposed, contact = office.odoo.shell(CONTACT)
    album.desk.open_record("sicantik_permit_action", proposed)
    expect(album.page.locator("button[name=action_accept_contact]")).to_be_visible()
    album.keep("contact-proposed")
    album.desk.visit(f"/odoo/res.partner/{contact}")
    album.press("action_whatsapp_agreed")
    album.page.locator(".modal [name=note] input").fill("Formulir 12")
    album.page.locator(".modal [name=source] label").first.click()
    album.keep_dialog("whatsapp-answer")
    album.page.locator(".modal button[name=action_save]").click()
    album.page.wait_for_selector(".modal", state="detached")
    album.page.locator("[name=sicantik_permits].nav-link").click()
    expect(album.page.locator("[name=sicantik_permit_ids] .o_data_row")).to_have_count(4)
    album.keep("contact", height=980)


def tell_applicants(album: Album, office: Office, letterbox: Letterbox) -> None:
    office.odoo.allow_log(r"ERROR odoo.addons.mail.models.mail_mail: failed sending mail", "the mail server refuses an address")
    office.odoo.sql(LIVE)
    make_it_day(office.odoo)
    office.odoo.shell(NOTICES.format(port=letterbox.port, moved=MOVED))
    tell(office.admin)
    office.odoo.sql("UPDATE sicantik_config SET tz = 'Asia/Jakarta'")
    album.desk.open("sicantik_notice.sicantik_notice_action")
    album.page.wait_for_selector(".o_data_row")
    album.keep("notices")
    failed = office.admin.call("sicantik.notice", "search", [("state", "=", "failed")], limit=1)
    album.desk.open_record("sicantik_notice.sicantik_notice_action", failed[0])
    album.keep("notice-failed", height=900)


def set_up_notices(album: Album) -> None:
    for menu in ("sicantik_connector.sicantik_menu_configuration", "sicantik_notice.sicantik_menu_office"):
        album.page.locator(f"[data-menu-xmlid='{menu}']").click()
    album.page.wait_for_selector(".modal [name=sicantik_office_name]")
    album.keep_dialog("office")
    album.close_dialog()
