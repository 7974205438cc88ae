"""One box finds a permit: what an officer types, and Enter, in the list and on the dashboard."""

import re
from collections.abc import Callable

import pytest
from desk import Desk
from offices import MakeOffice
from playwright.sync_api import Page, expect

NUMBER = "503.04/0258/CTH/DPMPTSP.CTH/2024"
NAME = "KOPERASI PERCONTOHAN BESAR JAYA"
ONE = f"""
import json
permit = env["sicantik.permit"].search([("permit_number", "!=", False)], limit=1)
permit.write({{
    "permit_number": "{NUMBER}", "registration_number": "0004711/2024", "applicant_name": "{NAME}",
    "company_name": "CV. ANGIN LAUT", "applicant_phone": "0812-9876-5432", "company_npwp": "01.234.567.8-901.000",
    "district": "KEC. SEBERANG", "village": "DESA HULU",
}})
print(json.dumps(permit.id))
"""
TYPED = (
    NUMBER,
    NUMBER.lower(),
    f" {NUMBER} ",
    "0258/CTH",
    "0004711",
    "4711/2024",
    NAME,
    NAME.lower(),
    "percontohan",
    "BESAR KOPERASI",
    "KOPERASI JAYA",
    "503 0258 CTH",
    "cv angin laut",
    "kec. seberang",
    "desa hulu",
    "01.234.567.8-901.000",
    "0812-9876-5432",
    "+6281298765432",
    "0812 9876 5432",
)
MISTYPED = ("KOPERASI PERCONTOHN BESAR JAYA", "seberrang", "0812-9876-5431")


def _open(page: Page, one: int) -> None:
    """Takes what is meant."""
    offer = page.locator(".o_sicantik_nearest")
    expect(offer).to_contain_text("Did you mean")
    offer.get_by_role("button").first.click()
    page.wait_for_selector(".o_form_view")
    expect(page).to_have_url(re.compile(rf"/{one}(\D|$)"))
    expect(page.locator(".o_form_view [name=applicant_name]").first).to_contain_text(NAME)


@pytest.mark.one_version
def test_whatever_is_typed_finds_the_permit(make_office: MakeOffice, sit_down: Callable[..., Desk]) -> None:
    office = make_office(permits=120)
    office.unhurried(100)
    assert office.worker.run("permits")[0] == 0
    one = office.odoo.shell(ONE)
    desk = sit_down(office.odoo, login="viewer")
    page = desk.page
    rows, facet = page.locator(".o_data_row"), page.locator(".o_searchview_facet")
    desk.open("sicantik_permit_action")
    expect(rows).to_have_count(80)
    for typed in TYPED:
        desk.search(typed)
        expect(facet).to_contain_text("Permit")
        expect(rows, typed).to_have_count(1)
        expect(rows.first).to_contain_text(NAME)
        facet.locator(".o_facet_remove").click()
        expect(rows).to_have_count(80)
    expect(page.locator(".o_sicantik_nearest")).to_have_count(0)

    for typed in MISTYPED:
        desk.open("sicantik_permit_action")
        desk.search(typed)
        expect(rows).to_have_count(0)
        _open(page, one)
    desk.open("sicantik_permit_action")
    desk.switch("kanban")
    desk.search("seberrang")
    expect(page.locator(".o_sicantik_nearest")).to_be_visible()
    desk.picture("did-you-mean-kanban")
    _open(page, one)

    # From the first page, by Enter and by the button.
    box = page.get_by_role("searchbox", name="Find a Permit")
    desk.open_app()
    box.fill("0812 9876 5432")
    desk.picture("dashboard-search")
    box.press("Enter")
    expect(rows).to_have_count(1)
    expect(facet).to_contain_text("0812 9876 5432")
    desk.open_app()
    box.fill("KOPERASI PERCONTOHN")
    page.get_by_role("button", name="Find a Permit").click()
    expect(page.locator(".o_sicantik_nearest")).to_be_visible()
    desk.picture("did-you-mean")
    _open(page, one)
