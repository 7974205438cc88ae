"""What people see while SICANTIK does not answer, and of one permit that is asked at once."""

import re

from offices import MakeOffice
from parts import QUICK_LEASE
from playwright.sync_api import expect


def test_a_run_shows_each_try_and_folds_what_is_for_technicians(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=30)
    office.worker.start(**QUICK_LEASE, SICANTIK__SICANTIK__RETRY_SECONDS="20")
    office.simulator.fail(endpoint="*", fault="status", status=500)
    run_id = office.order("permits")
    desk = sit_down(office.odoo)
    desk.open_record("sicantik_sync_run_action", run_id)
    shown = desk.page.locator(".o_sicantik_run_progress")
    expect(shown.locator(".o_sicantik_sentence")).to_contain_text(re.compile(r"error 500\. Try \d+ failed"))
    expect(shown).to_have_attribute("data-state", "failed")
    expect(shown.locator(".o_sicantik_sentence")).not_to_contain_text("500")
    detail = shown.locator(".o_sicantik_detail")
    expect(detail.locator("span")).not_to_be_visible()
    detail.locator("summary").click()
    expect(detail.locator("span")).to_contain_text("status 500")
    desk.picture("95-run-failed")


def test_the_answer_to_ask_sicantik_now_comes_by_itself(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=30)
    office.worker.start(**QUICK_LEASE)
    office.wait_end(office.order("permits"))
    [permit] = office.admin.call("sicantik.permit", "search", [("permit_number", "!=", False)], limit=1, order="id")
    desk = sit_down(office.odoo, login="operator")
    desk.open_record("sicantik_permit_action", permit)
    expect(desk.page.locator(".o_sicantik_ask")).to_have_count(0)
    desk.press("Ask SICANTIK Now")
    answer = desk.page.locator(".o_sicantik_ask")
    expect(answer).to_have_attribute("data-state", "done")
    expect(answer).to_contain_text("SICANTIK")
    desk.picture("96-permit-asked")
