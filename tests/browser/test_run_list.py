"""The list of sync runs while a worker works."""

from offices import MakeOffice
from playwright.sync_api import expect


def test_the_list_of_runs_follows_a_run_by_itself(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=200)
    run_id = office.order("permits")
    desk = sit_down(office.odoo)
    desk.open("sicantik_sync_run_action")
    row = desk.page.locator(".o_data_row")
    expect(row).to_contain_text("Queued")
    office.worker.start()
    office.wait_end(run_id)
    expect(row).to_contain_text("Done")
    desk.picture("15-sync-runs-followed")
