"""Every menu, kind of view, filter, group, sorting and stat button of the app, on the demo data: nothing ends in an error, and
axe-core has nothing against what is ours."""

import re
from collections.abc import Callable, Iterator

import pytest
from access import complaints
from desk import Desk
from playwright.sync_api import Locator, Response, expect
from riglib.server import Odoo

VIEWS = ("list", "kanban", "calendar", "pivot", "graph", "activity")
FORMS = {
    "sicantik.permit": "sicantik_connector.sicantik_permit_action",
    "sicantik.permit.type": "sicantik_connector.sicantik_permit_type_action",
    "sicantik.sync.run": "sicantik_connector.sicantik_sync_run_action",
    "sicantik.sync.issue": "sicantik_connector.sicantik_sync_issue_action",
    "sicantik.config": "sicantik_connector.sicantik_config_action",
    "sicantik.document": "sicantik_documents.sicantik_document_action",
    "res.partner": "base.action_partner_form",
}
ONE_OF_EACH = """
import json
permits = env["sicantik.permit"]
print(json.dumps({
    "renewal": permits.search([("proposed_renewal_id", "!=", False)], limit=1).id,
    "proposal": permits.search([("proposed_partner_id", "!=", False)], limit=1).id,
    "contact": permits.search([("partner_id", "!=", False)], limit=1).id,
}))
"""
BY_MENU = """
import json
root = env.ref("sicantik_connector.sicantik_menu_root")
pages = env["ir.ui.menu"].search([("id", "child_of", root.id), ("action", "!=", False)], order="parent_path, sequence")
print(json.dumps([[menu.name for menu in reversed(list(path(menu)))] for menu in pages]))
"""
PATH = """
def path(menu):
    while menu.parent_id:
        yield menu
        menu = menu.parent_id
"""


@pytest.fixture
def desk(whole_demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> Desk:
    return sit_down(whole_demo_odoo)


@pytest.mark.long
def test_every_menu_and_what_can_be_looked_for_there(desk: Desk) -> None:
    menus = desk.odoo.shell(PATH + BY_MENU)
    assert len(menus) > 7
    found = []
    for labels in menus:
        desk.open_app()
        desk.menu(*labels)
        name = "-".join(labels).lower().replace(" ", "-")
        desk.picture(f"menu-{name}")
        found += complaints(desk, name)
        for kind in kinds_of_view(desk):
            if kind != "list":
                desk.switch(kind)
                desk.picture(f"menu-{name}-{kind}")
                found += complaints(desk, f"{name} {kind}")
            if kind in ("list", "kanban", "graph"):
                choose_each(desk)
        if desk.page.locator(".o_switch_view.o_list").count():
            desk.switch("list")
            sort_by_each(desk)
        fine(desk)
    assert not found, "\n".join(found)


def kinds_of_view(desk: Desk) -> list[str]:
    """The kinds that the page offers, in their order; a page with one kind offers none."""
    offered = desk.page.locator(".o_cp_switch_buttons .o_switch_view")
    classes = [offered.nth(n).get_attribute("class") or "" for n in range(offered.count())]
    return [kind for found in classes for kind in VIEWS if f"o_{kind}" in found.split()]


def choose_each(desk: Desk) -> None:
    """Takes each filter and each group and gives it back; the server answers each time."""
    toggler = desk.page.locator(".o_searchview_dropdown_toggler")
    if not toggler.count():
        return
    toggler.click()
    choices = desk.page.locator(":is(.o_filter_menu, .o_group_by_menu) [role=menuitemcheckbox]")
    choices.first.wait_for()
    for n in range(choices.count()):
        choice = choices.nth(n)
        chosen = choice.get_attribute("aria-checked") == "true"
        answered(desk, choice)
        expect(choice).to_have_attribute("aria-checked", "false" if chosen else "true")
        answered(desk, choice)
        expect(choice).to_have_attribute("aria-checked", "true" if chosen else "false")
    toggler.click()
    choices.first.wait_for(state="detached")


def sort_by_each(desk: Desk) -> None:
    """Presses the head of each column of the list."""
    heads = desk.page.locator(".o_list_table thead th.o_column_sortable")
    for n in range(heads.count()):
        answered(desk, heads.nth(n))


def answered(desk: Desk, pressed: Locator) -> None:
    """Presses, and waits until the server answered; an error of the server fails the test."""
    with desk.page.expect_response(asks_for_records) as waiting:
        pressed.click()
    error = waiting.value.json().get("error")
    assert not error, f"{pressed}: {error}"


def asks_for_records(response: Response) -> bool:
    return bool(re.search(r"/call_kw/\S+/(web_search_read|web_read_group|read_group|formatted_read_group\w*)", response.url))


def fine(desk: Desk) -> None:
    expect(desk.page.locator(".o_error_dialog")).to_have_count(0)


def test_every_stat_button_opens_its_page(desk: Desk) -> None:
    pressed, found = set[tuple[str, str]](), []
    for model, action in FORMS.items():
        for form in forms_of(desk, model, action):
            found += complaints(desk, model)
            buttons = desk.page.locator(".oe_stat_button:visible")
            texts = [" ".join(buttons.nth(n).locator(".o_stat_text").all_inner_texts()) for n in range(buttons.count())]
            for n, text in enumerate(texts):
                if (model, text) in pressed:
                    continue
                pressed.add((model, text))
                desk.page.locator(".oe_stat_button:visible").nth(n).click()
                expect(desk.page.locator(".o_breadcrumb, .modal").first).to_be_visible()
                desk.page.wait_for_function("url => location.href !== url || document.querySelector('.modal')", arg=form)
                fine(desk)
                desk.visit(form)
                desk.page.wait_for_selector(".o_form_view")
    assert len(pressed) > 10, pressed
    assert not found, "\n".join(found)


def forms_of(desk: Desk, model: str, action: str) -> Iterator[str]:
    """Opens one record after the other; its address."""
    for record in desk.odoo.rpc().call(model, "search", [], limit=12):
        desk.visit(f"/odoo/action-{action}/{record}")
        desk.page.wait_for_selector(".o_form_view")
        fine(desk)
        yield desk.page.url


def test_what_is_proposed_is_refused_and_a_link_removed(desk: Desk) -> None:
    permits = desk.odoo.shell(ONE_OF_EACH)
    for permit, button, gone in (
        ("renewal", "Not a Renewal", "may be the renewal"),
        ("proposal", "Not This Contact", "may be the contact"),
    ):
        desk.open_record("sicantik_permit_action", permits[permit])
        expect(desk.page.locator(".o_form_view")).to_contain_text(gone)
        desk.press(button)
        expect(desk.page.locator(".o_form_view")).not_to_contain_text(gone)
    desk.open_record("sicantik_permit_action", permits["contact"])
    expect(desk.page.locator("[name=action_view_contact]")).to_be_visible()
    desk.press("Remove Link")
    expect(desk.page.locator("[name=action_view_contact]")).to_be_hidden()


def test_permits_of_chosen_types(desk: Desk) -> None:
    desk.open("sicantik_permit_type_action")
    row = desk.page.locator(".o_data_row").first
    count = row.locator("[name=permit_count]").inner_text()
    row.locator("input[type=checkbox]").check()
    desk.press("View Permits")
    expect(desk.page.locator(".o_breadcrumb")).to_contain_text("Permit Types")
    expect(desk.page.locator(".o_pager_limit")).to_have_text(count)
