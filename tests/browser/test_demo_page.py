"""The demo data in a browser: what a new office looks at first, and the pictures of the addon's own page."""

import re
from collections.abc import Callable

import pytest
from desk import Desk
from playwright.sync_api import expect
from riglib.server import Odoo

SPANS = ["expired", "week", "critical", "warning", "half", "year", "later", "none"]
PROPOSED = "SELECT id FROM sicantik_permit WHERE proposed_renewal_id IS NOT NULL ORDER BY id LIMIT 1"
SCALE = {"expired": "expired", "week": "critical", "critical": "critical", "warning": "warning", "half": "ok", "later": "ok"}
"""The colour of a span, as lists, cards and forms have it: its name in colours.scss."""
RIBBON = """ribbon => {
  const colour = document.body.appendChild(document.createElement("i"));
  colour.style.backgroundColor = "var(--o-sicantik-critical)";
  return [ribbon, colour].map(element => getComputedStyle(element).backgroundColor);
}"""
"""The colour of the ribbon, and that of what is critical."""
PERMITS = 38
NOTICES = 10
MONTHS = 12


@pytest.mark.one_version
@pytest.mark.parametrize("width", [1366, 390])
def test_a_new_office_looks_around(demo_odoo: Odoo, browser, sit_down: Callable[..., Desk], width: int) -> None:
    desk = sit_down(demo_odoo, width=width)
    page = desk.page
    desk.visit("/odoo/action-sicantik_connector.sicantik_dashboard_action")
    for key in SPANS:
        figure = page.locator(f".o_sicantik_page [data-key={key}] .o_sicantik_count").last
        expect(figure).to_have_text(re.compile("[1-9]"))
    for key, name in SCALE.items():
        card = page.locator(f".o_sicantik_timeline [data-key={key}]")
        tones = "(card, name) => ['--o-sicantik-tone', name].map(tone => getComputedStyle(card).getPropertyValue(tone).trim())"
        tone, meant = card.evaluate(tones, f"--o-sicantik-{name}")
        assert tone == meant, (key, tone, meant)
    # In the last hours of a month the office's next one has begun already.
    full = page.locator(".o_sicantik_table tr:not(:last-child) td button")
    expect(full).to_have_text([re.compile("[1-9]")] * (MONTHS - 1))
    desk.picture(f"demo-dashboard-{width}")

    desk.open("sicantik_permit_action")
    expect(page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")).to_have_count(PERMITS)
    desk.picture(f"demo-permits-{width}")
    if width > 1000:
        page.locator(".o_switch_view.o_kanban").click()
        page.wait_for_selector(".o_kanban_record")
        desk.picture(f"demo-permits-kanban-{width}")

    [permit] = demo_odoo.sql(PROPOSED)
    desk.open_record("sicantik_permit_action", permit["id"])
    expect(page.locator(".o_form_view")).to_contain_text("503/0002/CTH/")
    desk.picture(f"demo-permit-{width}")

    critical = [("expiry_state", "=", "critical"), ("status", "=", "active")]
    [permit] = demo_odoo.rpc().call("sicantik.permit", "search", critical, limit=1)
    desk.open_record("sicantik_permit_action", permit)
    ribbon = page.locator(".ribbon span", has_text="Critical")
    has, meant = ribbon.evaluate(RIBBON)
    assert has == meant
    desk.picture(f"demo-permit-critical-{width}")

    desk.open("sicantik_notice.sicantik_notice_action")
    expect(page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")).to_have_count(NOTICES - 1)  # skipped: filtered
    desk.picture(f"demo-notices-{width}")

    desk.open("sicantik_permit_type_action")
    expect(page.locator(".o_action_manager")).to_contain_text("Izin Praktik Dokter")
    desk.picture(f"demo-types-{width}")

    desk.open("sicantik_sync_run_action")
    expect(page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")).to_have_count(4)
    desk.picture(f"demo-runs-{width}")

    # Odoo's Apps show the addon's page without its style sheet.
    [module] = demo_odoo.sql("SELECT id FROM ir_module_module WHERE name = 'sicantik_connector'")
    desk.visit(f"/odoo/action-base.open_module_tree/{module['id']}")
    shop = page.locator("[name=description_html]")
    expect(shop).to_contain_text("What expires when")
    expect(shop.locator("img")).to_have_count(3)
    page.wait_for_function("() => [...document.querySelectorAll('[name=description_html] img')].every(i => i.naturalWidth)")
    desk.picture(f"demo-app-{width}")
