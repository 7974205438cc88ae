"""What applicants were told, as officers see it, and what applicants see; the office's own settings."""

import pytest
from desk import Desk
from letterbox import Letterbox, html_of
from notices import DAYS, prepare, tell
from people import read_indonesian
from playwright.sync_api import Browser, expect
from riglib.server import Odoo

LINK = "https://perizinan.example.go.id/perpanjangan?jenis=baru"


def told(odoo: Odoo, letterbox: Letterbox) -> None:
    """Notices in every state: sent by e-mail, told by the office, failed, skipped."""
    prepare(odoo, letterbox, count=3, days=DAYS | {"503/0005/CTH/2025": 60})
    letterbox.refused.add("pemohon1@contoh.test")
    tell(odoo.rpc())
    odoo.allow_log(r"ERROR odoo.addons.mail.models.mail_mail: failed sending mail", "the test's mail server refuses it")


def open_notice(desk: Desk, text: str) -> None:
    """Opens the first notice of the list that says so."""
    desk.page.locator(".o_data_row").filter(has_text=text).first.locator("td[name=permit_id]").click()
    desk.page.wait_for_selector(".o_form_view")


def settled(desk: Desk) -> None:
    """Waits until the tab of a form has faded in, for a picture of what a person sees."""
    expect(desk.page.locator(".tab-pane.active").first).to_have_css("opacity", "1")


def test_an_operator_finds_what_was_sent_and_sends_again_what_failed(odoo: Odoo, letterbox: Letterbox, sit_down) -> None:
    told(odoo, letterbox)
    desk = sit_down(odoo, login="operator")
    desk.visit("/odoo/action-sicantik_connector.sicantik_permit_action")
    desk.menu("Notices")
    expect(desk.page.locator(".o_data_row")).to_have_count(4)
    desk.picture("60-notices")
    desk.page.locator(".o_searchview_dropdown_toggler").click()
    desk.page.get_by_role("menuitemcheckbox", name="Skipped", exact=True).click()
    expect(desk.page.locator(".o_data_row")).to_have_count(13)
    desk.picture("61-notices-filters")
    desk.page.get_by_role("menuitemcheckbox", name="Sent", exact=True).click()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".o_data_row")).to_have_count(3)
    open_notice(desk, "503/0001/CTH/2025")
    expect(desk.page.locator("[name=address]")).to_contain_text("pemohon0@contoh.test")
    expect(desk.page.locator(".o_field_widget[name=message]")).to_contain_text("30 hari")
    settled(desk)
    desk.picture("62-notice-sent", full_page=True)
    desk.page.locator("[name=permit_id] a, a[name=permit_id]").first.click()
    written = desk.page.locator(".o-mail-Message").filter(has_text="Izin Anda akan segera berakhir")
    written.scroll_into_view_if_needed()
    desk.picture("62-permit-with-e-mail")

    desk.open("sicantik_notice.sicantik_notice_action")
    open_notice(desk, "Failed")
    expect(desk.page.locator(".alert-danger")).to_contain_text("could not be delivered")
    settled(desk)
    desk.picture("63-notice-failed", full_page=True)
    odoo.sql("UPDATE res_partner SET email = 'benar@contoh.test' WHERE email = 'pemohon1@contoh.test'")
    desk.press("Send Again")
    expect(desk.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Waiting")
    tell(odoo.rpc())
    desk.page.reload()
    expect(desk.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Sent")
    assert "benar@contoh.test" in {letter["To"].addresses[0].addr_spec for letter in letterbox.letters}

    desk.open("sicantik_permit_action")
    desk.page.locator(".o_data_row").filter(has_text="503/0005/CTH/2025").locator("td[name=permit_number]").click()
    desk.page.wait_for_selector(".o_form_view")
    expect(desk.page.locator(".o-mail-Activity")).to_have_count(1)
    desk.page.locator(".o-mail-Activity").scroll_into_view_if_needed()
    expect(desk.page.locator(".o-mail-Activity")).to_contain_text("0800 000 0001")
    desk.picture("64-permit-with-activity")
    desk.page.locator(".oe_stat_button", has_text="Notices").click()
    expect(desk.page.locator(".o_data_row")).to_have_count(1)
    for view in ("pivot", "graph"):
        desk.visit("/odoo/action-sicantik_notice.sicantik_notice_action")
        desk.page.locator(f".o_switch_view.o_{view}").click()
        desk.page.wait_for_selector(f".o_{view}_view")
        desk.picture(f"65-notices-{view}")


@pytest.mark.one_version
def test_an_operator_calls_and_closes_the_notice(odoo: Odoo, letterbox: Letterbox, sit_down) -> None:
    told(odoo, letterbox)
    odoo.sql("UPDATE sicantik_config SET all_notices_email = 'uji@contoh.test', all_notices_phone = '+6283601000123'")
    manager = sit_down(odoo, login="manager")
    manager.open_configuration()
    expect(manager.page.locator(".alert-warning", has_text="A trial")).to_contain_text("uji@contoh.test")
    manager.picture("69-configuration-trial", full_page=True)
    odoo.sql("UPDATE sicantik_config SET all_notices_email = NULL, all_notices_phone = NULL")
    for width in (390, 1280):
        desk = sit_down(odoo, login="operator", width=width)
        desk.open("sicantik_notice.sicantik_notice_action")
        row = desk.page.locator(".o_data_row").filter(has_text="503/0005/CTH/2025")
        expect(row.locator("td[name=phone]")).to_contain_text("0800 000 0001")
        open_notice(desk, "503/0005/CTH/2025")
        expect(desk.page.locator(".o_form_view [name=phone]")).to_contain_text("0800 000 0001")
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        desk.picture(f"69-notice-to-call-{width}", full_page=True)
    desk.press("Called")
    desk.page.locator(".modal [name=note] input").fill("Sudah ditelepon")
    desk.picture("69-called")
    desk.page.locator(".modal").get_by_role("button", name="Called").click()
    expect(desk.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Delivered")
    expect(desk.page.locator(".alert-info:visible")).to_contain_text("Sudah ditelepon")


def test_a_contact_shows_its_notices_and_a_phone_shows_them_as_cards(odoo: Odoo, letterbox: Letterbox, sit_down) -> None:
    told(odoo, letterbox)
    phone = sit_down(odoo, login="operator", width=390)
    phone.open("sicantik_notice.sicantik_notice_action")
    phone.page.wait_for_selector(".o_data_row")
    phone.picture("66-phone-notices")
    open_notice(phone, "503/0001/CTH/2025")
    phone.picture("67-phone-notice", full_page=True)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    desk = sit_down(odoo)
    [partner] = odoo.sql("SELECT id FROM res_partner WHERE email = 'pemohon0@contoh.test'")
    desk.visit(f"/odoo/res.partner/{partner['id']}")
    desk.page.locator(".oe_stat_button", has_text="Notices").click()
    expect(desk.page.locator(".o_data_row")).to_have_count(1)


@pytest.mark.one_version
def test_the_e_mail_reads_on_a_phone_and_on_a_screen(odoo: Odoo, letterbox: Letterbox, browser: Browser, sit_down) -> None:
    told(odoo, letterbox)
    [letter] = [letter for letter in letterbox.letters if "pemohon0" in letter["To"]]
    desk = sit_down(odoo)
    for width in (390, 800):
        page = desk.page.context.new_page()
        page.set_viewport_size({"width": width, "height": 700})
        page.set_content(html_of(letter))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=desk.picture(f"68-e-mail-{width}"), full_page=True)
        page.close()


def test_a_manager_sets_notices_on_one_page_to_which_all_else_leads(odoo: Odoo, sit_down) -> None:
    odoo.allow_log(r"WARNING odoo.http: Renewal Link", "refused on purpose")
    manager = sit_down(odoo, login="manager")
    manager.visit("/odoo/action-sicantik_connector.sicantik_permit_action")
    manager.menu("Configuration", "Notices")
    dialog = manager.page.locator(".modal")
    dialog.locator("[name=sicantik_office_name] input").fill("DPMPTSP Kabupaten Contoh")
    dialog.locator("[name=sicantik_renewal_url] input").fill("perizinan.example.go.id")
    manager.picture("70-office")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(manager.page.locator(".modal", has_text="Give a whole web address")).to_be_visible()
    manager.picture("71-office-wrong-link")
    manager.page.locator(".modal", has_text="Give a whole web address").get_by_role("button", name="Close").first.click()
    dialog.locator("[name=sicantik_renewal_url] input").fill(LINK)
    dialog.locator("[name=notice_steps] input").fill("60, 30")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(manager.page.locator(".modal")).to_have_count(0)
    [company] = odoo.sql("SELECT sicantik_office_name AS name, sicantik_renewal_url AS link FROM res_company")
    assert company == {"name": "DPMPTSP Kabupaten Contoh", "link": LINK}
    assert odoo.sql("SELECT notice_steps FROM sicantik_config") == [{"notice_steps": "60, 30"}]
    manager.open_configuration()
    manager.page.get_by_role("tab", name="Notices").click()
    expect(manager.page.locator(".o_form_view [name=notice_steps] input")).to_have_count(0)
    manager.press("Settings of Notices")
    expect(dialog.locator("[name=notice_steps] input")).to_have_value("60, 30")
    manager.picture("72-settings-of-notices", full_page=True)
    dialog.get_by_role("button", name="Save and Edit the Texts").click()
    expect(manager.page.locator(".o_list_view .o_data_row").first).to_be_visible()
    # Each kind has its texts; nothing would use another one.
    expect(manager.page.locator(".o_list_button_add")).to_have_count(0)
    manager.page.locator(".o_data_row").first.locator("td.o_data_cell").first.click()
    manager.page.wait_for_selector(".o_form_view")
    expect(manager.page.locator(".o_form_button_create")).to_have_count(0)

    admin = sit_down(odoo)
    admin.open("base_setup.action_general_configuration")
    admin.page.locator(".settings_tab .tab", has_text="SICANTIK").click()
    admin.picture("73-settings", full_page=True)
    admin.page.locator("#sicantik_notices").get_by_role("button", name="Settings of Notices").click()
    expect(admin.page.locator(".modal [name=sicantik_renewal_url] input")).to_have_value(LINK)
    phone = sit_down(odoo, login="manager", width=390)
    phone.open("sicantik_permit_action")
    phone.visit("/odoo/action-sicantik_notice.sicantik_office_action")
    phone.page.wait_for_selector("[name=sicantik_office_name]")
    phone.picture("74-phone-office")


@pytest.mark.one_version
def test_in_indonesian(odoo: Odoo, letterbox: Letterbox, sit_down) -> None:
    told(odoo, letterbox)
    read_indonesian(odoo, "operator", "manager")
    desk = sit_down(odoo, login="operator")
    desk.open("sicantik_notice.sicantik_notice_action")
    expect(desk.page.locator(".o_data_row")).to_have_count(4)
    desk.picture("75-notices-indonesian")
    open_notice(desk, "Gagal")
    expect(desk.page.locator(".alert-danger")).to_contain_text("Kirim Lagi")
    said = desk.page.locator("[name=technical_detail]")
    expect(said).not_to_be_visible()
    desk.page.get_by_text("Rincian teknis").click()
    expect(said).to_contain_text("5.1.1")
    settled(desk)
    desk.picture("76-notice-indonesian", full_page=True)
    manager = sit_down(odoo, login="manager")
    manager.open("sicantik_notice.sicantik_office_action")
    expect(manager.page.locator(".modal")).to_contain_text("Simpan dan Ubah Teks")
    manager.picture("77-settings-of-notices-indonesian", full_page=True)
