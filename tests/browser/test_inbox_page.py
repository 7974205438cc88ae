"""Files of the inbox that nobody but a person knows, as an officer decides of them, at a desk and on a telephone; the manual's
picture of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import papers
import pytest
from access import complaints
from album import Album, furnish
from counter import pdf
from desk import Desk
from offices import MakeOffice
from parts import QUICK_LEASE, WAIT_SECONDS, Office
from people import STAFF, read_indonesian
from playwright.sync_api import expect
from riglib import processes
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

ACTION = "sicantik_documents.sicantik_document_arrival_action"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that keeps documents."""
    yield from served(rig, "sicantik_documents", furnished=STAFF)


def bring(office: Office, folder: Path) -> dict[str, str]:
    """Six files come; the numbers of the permits that they name."""
    folder = folder / "masuk"
    folder.mkdir()
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.worker.stop()
    domain = [("permit_number", "like", "_________")]
    first, second = office.admin.call("sicantik.permit", "search_read", domain, ["permit_number", "display_name"], limit=2)
    one, two = first["permit_number"], second["permit_number"]
    files = {
        f"{one.replace('/', '_')}.pdf": pdf("SURAT IZIN"),
        "pindai 0001.pdf": pdf(f"NOMOR {two}"),
        "pindai 0002.pdf": pdf(f"NOMOR {two}, MENGGANTIKAN {one}"),
        "pindai 0003.pdf": pdf("TANPA NOMOR"),
        "lagi.pdf": pdf("SURAT IZIN"),
        "program.pdf": pdf("SURAT", also=b"/OpenAction<</S/JavaScript/JS(app.alert)>>"),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    office.worker.start(**QUICK_LEASE, SICANTIK__INBOX__FOLDER=str(folder), SICANTIK__INBOX__STILL_SECONDS="1")
    processes.wait_until(
        lambda: not any((folder / name).exists() for name in files),
        process=office.worker.process,
        seconds=WAIT_SECONDS,
        what="an empty inbox",
    )
    return {"one": one, "two": two}


@pytest.mark.parametrize("width", [1366, 390])
def test_a_person_decides(make_office: MakeOffice, sit_down, tmp_path: Path, width: int) -> None:
    office = make_office(permits=5)
    numbers = bring(office, tmp_path)
    read_indonesian(office.odoo, "operator")
    desk: Desk = sit_down(office.odoo, login="operator", width=width)
    desk.open(ACTION)
    desk.page.get_by_text("pindai 0003.pdf").wait_for()
    desk.picture(f"98-inbox-list-{width}")
    assert complaints(desk, "the list") == []
    desk.page.get_by_text("pindai 0003.pdf").click()
    desk.page.wait_for_selector(".o_sicantik_arrival_form")
    papers.press(desk, "Pratinjau")
    page = desk.page.frame_locator(papers.VIEWER).locator(".textLayer")
    expect(page.first).to_contain_text("TANPA NOMOR")
    desk.picture(f"98-inbox-preview-{width}")
    desk.page.locator(".o-FileViewer-headerButton:has(.fa-times)").click()
    desk.page.wait_for_selector(".o-FileViewer", state="detached")
    papers.press(desk, "Tidak Diperlukan")
    desk.page.locator(".modal .btn-primary").click()
    expect(desk.page.locator(".alert-info")).to_contain_text("Kantor tidak memerlukannya")

    desk.open(ACTION)
    desk.page.get_by_text("pindai 0002.pdf").click()
    desk.page.wait_for_selector(".o_sicantik_arrival_form [name=proposals]")
    desk.picture(f"98-inbox-form-{width}")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    rows = ".o_kanban_record" if width < 500 else ".o_data_row"
    row = desk.page.locator(f"[name=proposals] {rows}", has_text=numbers["two"])
    row.get_by_role("button", name="Yang Ini").click()
    desk.page.wait_for_selector(".o_sicantik_document_form")
    expect(desk.page.locator("[name=permit_id]").first).to_contain_text(numbers["two"])
    desk.picture(f"98-inbox-document-{width}")
    arrivals = office.admin.call("sicantik.document.arrival", "search_read", [], ["name", "state"])
    states = {arrival["name"]: arrival["state"] for arrival in arrivals}
    expected = {"pindai 0002.pdf": "imported", "pindai 0003.pdf": "dismissed", "lagi.pdf": "double", "program.pdf": "refused"}
    assert {name: states[name] for name in expected} == expected


@pytest.mark.one_version  # its pictures are of one version
def test_the_manual_shows_what_waits(
    language: str, pytestconfig: pytest.Config, make_office: MakeOffice, sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    pictures = pytestconfig.getoption("--pictures")
    office = make_office(permits=5)
    bring(office, tmp_path)
    furnish(office.odoo, language)
    album = Album(sit_down(office.odoo, login="operator", anew=pictures), language)
    album.desk.open(ACTION)
    album.page.get_by_text("pindai 0002.pdf").click()
    album.page.wait_for_selector(".o_sicantik_arrival_form [name=proposals]")
    album.keep("inbox-unmatched", height=520)
