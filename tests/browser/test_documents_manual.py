"""What the manual's page about documents shows, in each of its languages; `make pictures` takes its pictures into docs/images."""

from collections.abc import Callable, Iterator

import papers
import pytest
from album import Album, furnish
from desk import Desk
from offices import MakeOffice
from papers import paper
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

NAMES = ("Surat Izin 2026.pdf", "Permohonan.pdf")
BAD = paper("Lampiran.pdf", b"PK\x03\x04 no PDF at all")


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that keeps documents."""
    yield from served(rig, "sicantik_documents", furnished=STAFF)


@pytest.mark.one_version  # its pictures are of one version
def test_the_manual_shows_documents_as_people_see_them(
    language: str, pytestconfig: pytest.Config, make_office: MakeOffice, sit_down: Callable[..., Desk]
) -> None:
    pictures = pytestconfig.getoption("--pictures")
    office = make_office(permits=5)
    permit = papers.begin(office)[0]
    furnish(office.odoo, language)
    album = Album(sit_down(office.odoo, login="operator", anew=pictures), language)
    album.desk.open_record(papers.PERMIT, permit)
    album.press("action_upload_documents")
    papers.send(album.desk, paper(NAMES[0]), BAD, paper(NAMES[1]))
    album.keep_dialog("documents-upload")
    papers.close(album.desk)
    [document] = office.admin.call("sicantik.document", "search", [("name", "=", "Surat Izin 2026")])
    office.admin.call("sicantik.document", "action_ready", [document])
    album.desk.open_record(papers.ACTION, document)
    expect(album.page.locator("[name=version_ids] .o_data_row")).to_have_count(1)
    album.keep("documents-document", height=640)
    album.press("action_preview")
    expect(album.page.frame_locator(papers.VIEWER).locator(".textLayer").first).to_contain_text(NAMES[0].upper())
    album.keep("documents-preview", height=560)
    manager = Album(sit_down(office.odoo, login="manager", anew=pictures), language)
    manager.desk.open_record(papers.ACTION, document)
    manager.press("action_erase")
    manager.keep_dialog("documents-erase")
