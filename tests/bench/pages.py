"""What an officer's pages cost the server with 50,000 permits: seconds and SQL queries of everything that a page asks for."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from desk import Desk
from figures import Figures, Goal
from parts import Office
from playwright.sync_api import Browser, sync_playwright
from riglib.plugin import start_chromium
from riglib.processes import RigError
from riglib.session import Rig
from runs import office_of, run_command, simulator_of

PERMITS = 50_000
_LIMIT_SECONDS = 1.0
_SEARCH_LIMIT_SECONDS = 0.3
_NIGHT_LIMIT_SECONDS = 5.0
_CALL = re.compile(
    r'"POST /web/dataset/call_(?:kw|button)/(?P<call>\S+) HTTP/1\.1" 200 - (?P<queries>\d+) (?P<sql>\S+) (?P<rest>\S+)'
)
"""Odoo's own line for each request: queries, seconds in the database, seconds elsewhere."""
_OURS = "sicantik"
_QUIET_SECONDS = 0.5
LIVED_IN = """
UPDATE sicantik_permit
   SET expiry_date = CURRENT_DATE + (id % 2000 * 7919 % 2000 - 400), expiry_source = 'detail', source_expiry_origin = 'detail',
       source_expiry_date = CURRENT_DATE + (id % 2000 * 7919 % 2000 - 400), detail_state = 'found',
       issue_date = CURRENT_DATE - (id % 1500 * 7919 % 1500), district = 'KEC CONTOH ' || id % 17
 WHERE permit_number IS NOT NULL AND id % 4 > 0
"""
"""Three of four permits with an expiry date, spread over years as an office's are."""
NIGHT = """
import json, time
started = time.monotonic()
env["sicantik.config"]._cron_update_expired()
print(json.dumps(time.monotonic() - started))
"""

Act = Callable[[Desk], None]


@dataclass(frozen=True)
class Page:
    """What a person does, after `arrive`, until `seen` (a selector) is there. Only that counts."""

    name: str
    text: str
    act: Act
    seen: str
    arrive: Act | None = None
    limit: float = _LIMIT_SECONDS

    def look(self, desk: Desk, office: Office) -> None:
        """All that comes of the act."""
        self.act(desk)
        desk.page.wait_for_selector(self.seen)
        quiet(office)

    def visit(self, desk: Desk, office: Office) -> list[dict[str, str]]:
        """What the page asked of our models."""
        if self.arrive:
            self.arrive(desk)
        begun = quiet(office)
        self.look(desk, office)
        found = _CALL.finditer(office.odoo.log_path.read_text()[begun:])
        calls = [call.groupdict() for call in found if _OURS in call["call"]]
        if not calls:
            raise RigError(f"the page {self.text!r} asked Odoo for nothing")
        return calls


def pages(rig: Rig, figures: Figures) -> None:
    """The nightly change of states; then each page in a browser, adding up what Odoo's log says of its calls."""
    with simulator_of(rig, PERMITS) as simulator, office_of(rig, simulator) as office:
        office.unhurried(rate=1000)
        run_command(office, "permits")
        office.odoo.sql(LIVED_IN)
        office.odoo.sql("ANALYZE")
        seconds = office.odoo.shell(NIGHT)
        text = f"{PERMITS:,} permits, every state a night old: the 00:00 action"
        figures.add("nightly_states_seconds", seconds, "s", text, Goal("<", _NIGHT_LIMIT_SECONDS))
        with sync_playwright() as playwright:
            chromium = start_chromium(playwright)
            desk = desk_of(chromium, office)
            for page in PAGES:
                page.visit(desk, office)  # the first visit fills Odoo's caches
                _tell(page, page.visit(desk, office), figures)
            desk.close()
            chromium.close()


def desk_of(chromium: Browser, office: Office) -> Desk:
    """An administrator at the office, to whom each page comes anew, as it comes to who opens Odoo."""
    return Desk(chromium, office.odoo, str(office.odoo.rig.installation.series.number), anew=True)


def _tell(page: Page, calls: list[dict[str, str]], figures: Figures) -> None:
    seconds = sum(float(call["sql"]) + float(call["rest"]) for call in calls)
    queries = sum(int(call["queries"]) for call in calls)
    figures.add(f"page_{page.name}_seconds", seconds, "s", f"{PERMITS:,} permits: {page.text}", Goal("<", page.limit))
    figures.add(f"page_{page.name}_queries", queries, "", f"  SQL queries, in {len(calls)} calls")


def quiet(office: Office) -> int:
    """The length of the log when nothing more comes: a request is logged after its answer was sent."""
    length = -1
    while length != (length := len(office.odoo.log_path.read_text())):
        time.sleep(_QUIET_SECONDS)
    return length


def _open(action: str) -> Act:
    return lambda desk: desk.open(action)


def _switch(kind: str) -> Act:
    return lambda desk: desk.switch(kind)


def _list(desk: Desk) -> None:
    desk.open("sicantik_permit_action")
    desk.page.wait_for_selector(_ROW)


def _sort(desk: Desk) -> None:
    desk.page.locator("th[data-name=days_left]").click()


def _first(desk: Desk) -> None:
    desk.page.locator(_ROW).first.locator("td.o_data_cell").first.click()


_ROW = ".o_data_row"
_GROUPS = ".o_group_header"
_NEAREST = ".o_sicantik_nearest button"
PAGES = (
    Page("dashboard", "dashboard", Desk.open_app, ".o_sicantik_strip"),
    Page("list", "list", _open("sicantik_permit_action"), _ROW),
    Page("sorted", "list, sorted by days left", _sort, _ROW, _list),
    Page("search_number", "list, a number searched", lambda desk: desk.search("503/0012"), _ROW, _list, _SEARCH_LIMIT_SECONDS),
    Page("search_name", "list, a name searched", lambda desk: desk.search("SATU FIKTIF"), _ROW, _list, _SEARCH_LIMIT_SECONDS),
    Page("search_nearest", "list, did you mean", lambda desk: desk.search("FIKTTIF"), _NEAREST, _list),
    Page("critical", "list, only critical ones", lambda desk: desk.choose_filter("Critical"), _ROW, _list),
    Page("group_state", "list, grouped by expiry state", lambda desk: desk.group_by("Expiry State"), _GROUPS, _list),
    Page("group_type", "list, grouped by type", lambda desk: desk.group_by("Permit Type"), _GROUPS, _list),
    Page("group_district", "list, grouped by district", lambda desk: desk.group_by("District"), _GROUPS, _list),
    Page("form", "a permit opened", _first, ".o_form_view", _list),
    Page("kanban", "kanban by status", _switch("kanban"), ".o_kanban_record", _list),
    Page("calendar", "calendar", _switch("calendar"), ".o_calendar_view .fc-view", _list),
    Page("pivot", "pivot", _switch("pivot"), ".o_pivot table", _list),
    Page("graph", "graph", _switch("graph"), ".o_graph_renderer canvas", _list),
    Page("activity", "activities", _switch("activity"), ".o_activity_view", _list),
    Page("types", "permit types with their figures", _open("sicantik_permit_type_action"), ".o_data_row, .o_kanban_record"),
    # Left by its address it is saved, which is no part of opening it.
    Page("quality", "data quality", _open("sicantik_data_quality_action"), ".o_sicantik_data_quality", _list),
    Page("runs", "sync runs", _open("sicantik_sync_run_action"), _ROW),
)
