"""Today's addons beside those of an older commit, in one run: how many times as long each thing takes."""

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pages
from desk import Desk
from figures import Figures, Goal
from pages import PERMITS, Page
from parts import REPOSITORY, Office
from playwright.sync_api import Browser, Request, sync_playwright
from riglib.plugin import start_chromium
from riglib.processes import RigError
from riglib.rpc import DIRECT
from riglib.session import ADDONS, Rig
from rows import details_of, rows
from runs import installation_seconds, office_of, simulator_of
from ways import BATCH, REPEATS, WORKER, Ways

BENCH_ADDON = "sicantik_bench"
_LIMIT = 1.05
_INSTALLATION_LIMIT = 1.1
_INSTALLATIONS = 5
"""At most: one takes as long as all else of a round."""
_BEFORE_THE_NIGHT = "UPDATE sicantik_permit SET status = 'active' WHERE status = 'expired'"
_OURS = re.compile(r"/web/dataset/call_kw/sicantik\.")
_SEEN = ("dashboard", "list", "form")


@dataclass
class Side:
    """An office with the addons of one commit. What is measured says its seconds, for the number of the round."""

    office: Office
    desk: Desk
    ways: Ways
    permit_ids: list[int] = field(default_factory=list)
    asked: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)

    def new(self, number: int) -> float:
        """The rows of each round are others."""
        return self.ways.upsert(rows(WORKER, number * BATCH, BATCH), created=BATCH)

    def unchanged(self, _number: int) -> float:
        """Always the same rows."""
        return sum(self.ways.upsert(rows(WORKER, BATCH, BATCH), unchanged=BATCH) for _ in range(REPEATS))

    def details(self, number: int) -> float:
        """Other details of the same permits."""
        if not self.permit_ids:
            some = f"SELECT id FROM sicantik_permit WHERE permit_number IS NOT NULL ORDER BY id LIMIT {BATCH}"
            self.permit_ids = [row["id"] for row in self.office.odoo.sql(some)]
        return self.ways.details(details_of(self.permit_ids, number))

    def night(self, _number: int) -> float:
        """The action of 00:00; all states are a night old."""
        self.office.odoo.sql(_BEFORE_THE_NIGHT)
        return self.office.odoo.shell(pages.NIGHT)

    def page(self, page: Page) -> float:
        """What a browser asks for the page, asked again and again."""
        if page.name not in self.asked:
            self.asked[page.name] = self._overheard(page)
        [session] = (cookie for cookie in self.desk.page.context.cookies() if cookie["name"] == "session_id")
        headers = {"Content-Type": "application/json", "Cookie": f"session_id={session['value']}"}
        started = time.perf_counter()
        for url, body in REPEATS * self.asked[page.name]:
            with DIRECT.open(urllib.request.Request(url, body, headers)) as response:
                if "error" in json.load(response):
                    raise RigError(f"{url} gives an error")
        return time.perf_counter() - started

    def _overheard(self, page: Page) -> list[tuple[str, bytes]]:
        """Each question once: a page that looks again by itself may do so for one side only."""
        asked: dict[str, tuple[str, bytes]] = {}

        def note(request: Request) -> None:
            if _OURS.search(request.url):
                asked[json.dumps(request.post_data_json["params"])] = request.url, request.post_data_buffer

        if page.arrive:
            page.arrive(self.desk)
        pages.quiet(self.office)
        self.desk.page.on("request", note)
        page.look(self.desk, self.office)
        self.desk.page.remove_listener("request", note)
        if not asked:
            raise RigError(f"the page {page.text!r} asked Odoo for nothing")
        return list(asked.values())

    def installation(self, _number: int) -> float:
        """On another database."""
        return installation_seconds(self.office.odoo.rig)

    def live_in(self) -> None:
        """Permits get dates, as an office's have."""
        self.office.odoo.sql(pages.LIVED_IN)
        self.office.odoo.sql("ANALYZE")


Measure = Callable[[Side, int], float]


@dataclass
class Table:
    """Both sides in each round, each in turn the first: what disturbs the machine in a round disturbs both."""

    figures: Figures
    older: Side
    today: Side

    def add(self, name: str, text: str, measure: Measure, rounds: Sequence[int], limit: float = _LIMIT) -> None:
        """Today's seconds by the older ones. The first of the rounds is not counted."""
        quotients = []
        for number in rounds:
            order = (self.older, self.today) if number % 2 else (self.today, self.older)
            seconds = {id(side): self._measured(side, measure, number) for side in order}
            quotients.append(seconds[id(self.today)] / seconds[id(self.older)])
        self.figures.add(f"beside_{name}", quotients[1:], "times", f"beside: {text}", Goal("≤", limit))

    @staticmethod
    def _measured(side: Side, measure: Measure, number: int) -> float:
        side.ways.settle()
        return measure(side, number)


def beside(rig: Rig, commit: str, figures: Figures, rounds: int) -> None:
    """`rig` has today's addons, `commit` names older ones."""
    paths = _addons_of(commit, rig.folder / "older"), *(path for path in rig.addons_paths if path != ADDONS)
    with Rig(rig.installation.series.number, addons_paths=paths, durable=True) as older, sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        with (
            simulator_of(rig, 1) as simulator,
            office_of(older, simulator, BENCH_ADDON) as before,
            office_of(rig, simulator, BENCH_ADDON) as today,
        ):
            _fill(Table(figures, _side(chromium, before), _side(chromium, today)), rounds)
        chromium.close()


def _addons_of(commit: str, folder: Path) -> Path:
    archive = ["git", "-C", str(REPOSITORY), "archive", commit, "odoo_addon"]
    packed = subprocess.run(archive, capture_output=True, check=False)
    if packed.returncode:
        raise RigError(f"no addons of {commit!r}: {packed.stderr.decode().strip()}")
    folder.mkdir()
    subprocess.run(["tar", "-xC", str(folder)], input=packed.stdout, check=True)
    return folder / "odoo_addon"


def _side(chromium: Browser, office: Office) -> Side:
    return Side(office, pages.desk_of(chromium, office), Ways(office))


def _fill(table: Table, rounds: int) -> None:
    """What needs the lease of a run, ten minutes, comes first."""
    few = range(rounds + 1)
    table.add("new", "new rows", Side.new, range(1, PERMITS // BATCH + 1))
    table.add("unchanged", "unchanged rows", Side.unchanged, few)
    table.add("details", "details that changed", Side.details, few)
    for side in (table.older, table.today):
        side.live_in()
    table.add("night", f"the 00:00 action, {PERMITS:,} permits", Side.night, few)
    for page in pages.PAGES:
        if page.name in _SEEN:
            table.add(page.name, f"{page.text}, {PERMITS:,} permits", lambda side, _, page=page: side.page(page), few)
    table.add("installation", "installation", Side.installation, few[: _INSTALLATIONS + 1], _INSTALLATION_LIMIT)
