"""What axe-core finds on a page in what is ours: texts, headings, heads of columns, and what is to be pressed."""

from functools import cache
from importlib.resources import files

from desk import Desk

RULES = ("color-contrast", "empty-heading", "empty-table-header", "heading-order", "target-size")
OURS = "[class*='o_sicantik_']"
OF_ODOO = (
    ".o_list_record_selector",  # the boxes of a list
    ".o_list_actions_header",
    ".o_optional_columns_dropdown",
    ".o_control_panel",
    ".o_cp_pager",
    ".o-mail-Form-chatter",
    ".o-mail-ChatterContainer",
    ".o_form_statusbar",
    ".o_statusbar_status",
    ".o_notebook_headers",
    ".o_web_client > .o_main_navbar",
    ".o_searchview",
    ".o_kanban_header",
    ".o_kanban_counter",
    ".o_calendar_sidebar_container",
    ".fc",
    ".o_pivot",
    ".o_graph_view",
    ".o_activity_view",
    ".o_list_button",  # a column of buttons has no head
    "th.o_handle_cell",  # nor has the handle that rows are dragged by
    "td.o_optional_columns_dropdown",
    ".o_button_box",
)
"""What Odoo draws within our pages: it looks the same in Odoo's own apps."""
_RUN = """
async ([ours, theirs, rules]) => {
    if (!document.querySelector(ours)) {
        return [];
    }
    const exclude = theirs.filter((part) => document.querySelector(part)).map((part) => [part]);
    const found = await axe.run({ include: [[ours]], exclude }, { runOnly: { type: "rule", values: rules } });
    return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any, target }) => `${id}: ${target} ${html.slice(0, 160)} ${any[0]?.message || ""}`)
    );
}
"""

_STILL = "() => !document.getAnimations().some(animation => animation.effect?.getTiming().iterations !== Infinity)"
"""What fades in has less contrast on its way."""


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def complaints(desk: Desk, page: str, within: str = "") -> list[str]:
    """What axe-core has against the page that the person sees, or the part of it, each with the name of the page."""
    desk.page.wait_for_function(_STILL)
    if not desk.page.evaluate("'axe' in window"):
        desk.page.evaluate(_script())
    return [f"{page}: {found}" for found in desk.page.evaluate(_RUN, [f"{within} {OURS}".strip(), list(OF_ODOO), list(RULES)])]
