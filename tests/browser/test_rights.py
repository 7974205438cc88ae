"""What people without rights see, and what they are refused."""

import pytest
from offices import MakeOffice
from people import read_indonesian
from playwright.sync_api import expect
from riglib.rpc import OdooError


@pytest.mark.one_version
def test_a_viewer_sees_permits_and_no_buttons(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=40)
    assert office.worker.run("permits")[0] == 0
    desk = sit_down(office.odoo, login="viewer")
    # Who has no other app begins on the dashboard.
    expect(desk.page.locator(".o_sicantik_page")).to_be_visible()
    desk.open("sicantik_permit_action")
    desk.page.wait_for_selector(".o_data_row")
    expect(desk.page.get_by_role("button", name="Sync Now")).to_have_count(0)
    expect(desk.page.locator(".o_main_navbar").get_by_text("Configuration", exact=True)).to_have_count(0)
    desk.picture("30-viewer")
    viewer = office.odoo.rpc("viewer", "viewer")
    office.odoo.allow_log(r"WARNING odoo.http: ", "refused on purpose")
    office.odoo.allow_log(r"WARNING odoo.addons.base.models.ir_model", "refused on purpose")
    with pytest.raises(OdooError) as refused:
        viewer.call("sicantik.config", "action_sync_now", [office.config_id])
    assert refused.value.name == "odoo.exceptions.AccessError"


@pytest.mark.one_version
def test_an_operator_may_sync_in_indonesian(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=40)
    office.worker.start()
    read_indonesian(office.odoo, "operator")
    desk = sit_down(office.odoo, login="operator")
    desk.open("sicantik_permit_action")
    desk.press("Sinkronkan Sekarang")
    desk.page.wait_for_selector(".o_form_view")
    expect(desk.page.locator(".o_statusbar_status .o_arrow_button_current")).to_have_text("Selesai")
    desk.picture("31-run-indonesian", full_page=True)
    desk.open("sicantik_permit_action")
    desk.page.wait_for_selector(".o_data_row")
    desk.picture("32-permits-indonesian")
    desk.page.locator(".o_data_row").first.locator("td[name=applicant_name]").click()
    desk.page.wait_for_selector(".o_form_view")
    desk.picture("33-permit-indonesian", full_page=True)
