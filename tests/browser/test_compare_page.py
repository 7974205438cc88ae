"""A comparison with SICANTIK: pressed, watched, read."""

import pytest
from offices import MakeOffice
from parts import QUICK_LEASE
from playwright.sync_api import expect


@pytest.mark.one_version
def test_a_comparison_lists_what_differs_and_says_when_nothing_does(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=80)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    desk = sit_down(office.odoo)
    desk.open_configuration()
    desk.press("Compare with SICANTIK")
    desk.watch_to_its_end("^Done")
    expect(desk.page.locator(".o_sicantik_headline")).to_have_text("No differences")
    desk.expect_notification("Odoo is as SICANTIK says")
    desk.picture("43-no-differences", full_page=True)

    office.simulator.admin("change", {"what": "applicant", "count": 3})
    desk.open_configuration()
    desk.press("Compare with SICANTIK")
    desk.watch_to_its_end("Partly Done")
    expect(desk.page.locator(".o_sicantik_headline")).to_have_text("There are differences")
    issues = desk.page.locator("[name=issue_ids] .o_data_row")
    [found] = office.odoo.sql("SELECT count(*) FROM sicantik_sync_issue")
    assert found["count"] >= 3
    expect(issues).to_have_count(found["count"])
    expect(issues.first).to_contain_text("Differs")
    desk.expect_notification("Odoo and SICANTIK differ")
    desk.picture("44-differences", full_page=True)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.reload()
    expect(issues).to_have_count(found["count"])
    desk.picture("45-phone-differences", full_page=True)
