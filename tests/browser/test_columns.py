"""Every list of ours: words of heads, permit numbers and telephone numbers are read to their end at each width."""

from collections.abc import Callable

import pytest
from desk import Desk
from people import STAFF, read_indonesian
from riglib.server import Odoo

WIDTHS = (1280, 1366, 2560)
WHOLE = ("permit_number", "permit_id", "registration_number", "phone", "state", "status", "expiry_state", "user_id")
"""Columns whose cells are worth little when they are cut."""
LISTS = """
import json
ours = env["ir.model.data"].search([("module", "=like", "sicantik_%"), ("model", "=", "ir.actions.act_window")])
pages = env["ir.actions.act_window"].browse(ours.mapped("res_id"))
pages = pages.filtered(lambda page: "list" in page.view_mode.split(",") and page.target == "current")
print(json.dumps({f"{page.name} {page.id}": page.id for page in pages}))
"""
"""Those that menus open, and those that buttons open."""
LONG = """
UPDATE sicantik_permit SET
    permit_number = replace(permit_number, '/CTH/', CASE mod(id, 2) WHEN 0 THEN '/CTH/DPMPTSP/' ELSE '/DPMPTSP.04.CTH/' END),
    applicant_phone = CASE mod(id, 2) WHEN 0 THEN '+6280012345678' ELSE 'HP. 0800 0000 0000' END;
UPDATE res_partner SET phone = 'HP. 0800 0000 0000' WHERE phone IS NOT NULL;
UPDATE sicantik_config SET all_notices_email = NULL, all_notices_phone = NULL;
"""
"""Numbers as long as offices write them; the demo's are short."""
MEASURED = """async () => {
  await document.fonts.ready;
  return document.querySelector(".o_action_manager > :not([data-left]) .o_list_table")?.style.tableLayout === "fixed";
}"""
"""Odoo has found the widths of the columns."""
CUT = """names => {
  const found = [];
  const look = (what, whole) => {
    for (const part of [whole, ...whole.querySelectorAll("*")]) {
      if (part.clientWidth && part.scrollWidth > part.clientWidth) {
        found.push(`${what} “${whole.innerText.trim()}”: ${part.scrollWidth} px in ${part.clientWidth}`);
        return;
      }
    }
  };
  const table = document.querySelector(".o_action_manager > :not([data-left]) .o_list_table");
  for (const head of table.querySelectorAll("th[data-name] span.text-truncate")) look("head", head);
  for (const name of names) for (const cell of table.querySelectorAll(`.o_data_row td[name=${name}]`)) look(name, cell);
  return [...new Set(found)];
}"""


@pytest.mark.one_version
def test_heads_and_numbers_are_read_to_their_end(whole_demo_odoo: Odoo, sit_down: Callable[..., Desk]) -> None:
    whole_demo_odoo.shell(STAFF)
    read_indonesian(whole_demo_odoo, "admin")
    whole_demo_odoo.sql(LONG)
    lists = whole_demo_odoo.shell(LISTS)
    assert len(lists) > 6, lists
    found = []
    for width in WIDTHS:
        desk = sit_down(whole_demo_odoo, width=width)
        for name, action in lists.items():
            desk.visit(f"/odoo/action-{action}")
            if desk.page.locator(".o_switch_view.o_list:not(.active)").count():
                desk.switch("list")
            desk.page.wait_for_function(MEASURED)
            desk.picture(f"80-columns-{name.lower().replace(' ', '-')}-{width}")
            found += [f"{name}, {width} px, {cut}" for cut in desk.page.evaluate(CUT, WHOLE)]
    assert not found, "\n".join(found)
