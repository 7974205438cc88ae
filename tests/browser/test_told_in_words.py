"""What fields say of their values: days, seconds, findings."""

from collections.abc import Callable

import pytest
from desk import Desk
from playwright.sync_api import expect
from riglib.server import Odoo

DAYS_LEFT = {
    "0 days": "Today is the last day",
    "1 day": "1 day left",
    "90 days": "90 days left",
    "2 years 1 month": "2 years 1 month left",
    "4 months": "4 months left",
    "-1 day": "Expired yesterday",
    "-90 days": "Expired 90 days ago",
    "-9 years -2 months": "Expired 9 years 2 months ago",
}
"""From the office's today to the end of a permit, and what its form says."""
PROBE = """
config = env["sicantik.config"].search([])
config.probe = {"ok": True, "latency_ms": 12, "columns": ["nomor"], "findings": %s}
"""


@pytest.mark.one_version
def test_days_left_are_said_as_people_count_them(demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    [permit] = demo_odoo.sql("SELECT id FROM sicantik_permit WHERE status = 'active' AND expiry_date IS NOT NULL LIMIT 1")
    desk = sit_down(demo_odoo)
    for time, sentence in DAYS_LEFT.items():
        day = f"(now() AT TIME ZONE 'Asia/Jakarta')::date + interval '{time}'"
        demo_odoo.sql(f"UPDATE sicantik_permit SET expiry_date = {day} WHERE id = {permit['id']}")
        desk.open_record("sicantik_permit_action", permit["id"])
        expect(desk.page.locator("[name=days_left]")).to_have_text(sentence)


@pytest.mark.one_version
def test_a_sync_that_took_no_second_says_so(demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    demo_odoo.sql("UPDATE sicantik_sync_run SET date_end = date_start WHERE date_start IS NOT NULL")
    desk = sit_down(demo_odoo)
    desk.open("sicantik_sync_run_action")
    expect(desk.page.locator(".o_data_row td[name=duration]").first).to_have_text("< 1 s")


@pytest.mark.one_version
def test_what_a_connection_test_found_is_marked(demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    demo_odoo.shell(PROBE % '[{"code": "unencrypted"}]')
    desk = sit_down(demo_odoo)
    desk.open_configuration()
    desk.page.get_by_role("tab", name="Last Test").click()
    findings = desk.page.locator(".o_sicantik_findings li")
    expect(findings).to_have_count(2)
    expect(findings.filter(has_text="without encryption").get_by_label("To look at")).to_be_visible()
    expect(findings.filter(has_text="Columns: nomor").get_by_label("All is well")).to_be_visible()


@pytest.mark.one_version
def test_texts_are_told_apart_and_none_is_made_that_nothing_uses(demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(demo_odoo, width=390)
    desk.open("sicantik_notice.sicantik_notice_template_action")
    names = desk.page.locator(".o_data_row td[name=name]")
    expect(names.first).to_be_visible()
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.innerText)"
    assert not names.evaluate_all(cut)
    expect(desk.page.locator(".o_list_button_add")).to_have_count(0)
    names.first.click()
    expect(desk.page.locator(".o_form_view")).to_be_visible()
    expect(desk.page.locator(".o_form_button_create")).to_have_count(0)
