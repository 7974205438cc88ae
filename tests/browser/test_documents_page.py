"""Documents as an officer brings them in at a permit, looks at them and withdraws one, at a desk and on a telephone."""

import re
from collections.abc import Iterator

import papers
import pytest
from access import complaints
from desk import Desk
from offices import MakeOffice
from papers import paper
from parts import QUICK_LEASE, Office
from people import STAFF, read_indonesian
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

WRONG_FILE = "Dipindai dari berkas yang salah"
SEND = "env.ref('sicantik_documents.cron_send_documents').method_direct_trigger()"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that keeps documents."""
    yield from served(rig, "sicantik_documents", furnished=STAFF)


@pytest.mark.parametrize("width", [1366, pytest.param(390, marks=pytest.mark.one_version)])
def test_ten_are_brought_in_of_which_one_is_bad(make_office: MakeOffice, sit_down, width: int) -> None:
    office = make_office(permits=5)
    permit = papers.begin(office)[0]
    read_indonesian(office.odoo, "operator")
    desk = sit_down(office.odoo, login="operator", width=width)
    desk.open_record(papers.PERMIT, permit)
    papers.press(desk, "Unggah Dokumen")
    desk.page.locator("#o_sicantik_upload_type").wait_for()
    desk.picture(f"97-documents-dialog-{width}")
    assert complaints(desk, "the dialog", ".modal") == []
    bad = paper("salah nama.pdf", b"PK\x03\x04 no PDF at all")
    more = [paper(f"lampiran {number}.pdf") for number in range(1, 8)]
    said = papers.send(desk, paper("surat izin.pdf"), bad, paper("permohonan.pdf"), *more).all_inner_texts()
    assert [bool(papers.KEPT.search(words)) for words in said] == [True, False, *[True] * 8], said
    assert "bukan PDF" in said[1], said
    assert complaints(desk, "the dialog with its answers", ".modal") == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    desk.picture(f"97-documents-answers-{width}")
    papers.close(desk)

    look(desk, width)
    withdraw(desk, width)
    [gone] = office.admin.call("sicantik.document", "search_read", [("state", "=", "withdrawn")], ["withdrawn_reason"])
    assert gone["withdrawn_reason"] == WRONG_FILE


def of_form(desk: Desk, page: str) -> list[str]:
    """What axe-core has against a form; the labels of fields are Odoo's, which paints them pale on every telephone."""
    return [found for found in complaints(desk, page) if "o_form_label" not in found]


def look(desk: Desk, width: int) -> None:
    """From the permit's button to the list, the cards, a form, and what it shows of the file."""
    stat = desk.page.locator("button[name=action_view_documents]")
    if width < 500:
        desk.page.locator(".o_button_more").click()
    expect(stat.locator(".o_stat_value")).to_have_text("9")
    desk.picture(f"97-documents-permit-{width}")
    stat.click()
    if width < 500:
        desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
        desk.picture(f"97-documents-kanban-{width}")
        desk.page.locator(".o_kanban_record").get_by_text("surat izin", exact=True).click()
    else:
        desk.page.locator(".o_data_row").nth(1).wait_for()
        desk.picture(f"97-documents-list-{width}")
        desk.switch("kanban")
        desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
        desk.picture(f"97-documents-kanban-{width}")
        desk.switch("list")
        desk.page.locator(".o_data_row [name=name]").get_by_text("surat izin", exact=True).click()
    desk.page.wait_for_selector(".o_sicantik_document_form [name=version_ids]")
    desk.picture(f"97-documents-form-{width}")
    assert of_form(desk, "the form") == []
    papers.press(desk, "Pratinjau")
    page = desk.page.frame_locator(papers.VIEWER).locator(".textLayer")
    expect(page.first).to_contain_text("SURAT IZIN.PDF")
    desk.picture(f"97-documents-preview-{width}")
    desk.page.locator(".o-FileViewer-headerButton:has(.fa-times)").click()
    desk.page.wait_for_selector(".o-FileViewer", state="detached")


def withdraw(desk: Desk, width: int) -> None:
    papers.press(desk, "Tarik")
    asked = desk.page.locator(".modal")
    asked.locator("[name=reason] textarea").fill(WRONG_FILE)
    desk.picture(f"97-documents-withdraw-{width}")
    assert complaints(desk, "the question why", ".modal") == []
    asked.locator("footer .btn-danger").click()
    desk.page.wait_for_selector(".modal", state="detached")
    expect(desk.page.locator(".o_sicantik_document_form .alert-secondary")).to_contain_text(WRONG_FILE)
    desk.picture(f"97-documents-withdrawn-{width}")
    assert of_form(desk, "a withdrawn document") == []
    expect(desk.button("Versi Baru")).to_have_count(0)


def test_what_waits_says_so_until_the_worker_is_back(make_office: MakeOffice, sit_down) -> None:
    office = make_office(permits=5)
    papers.begin(office)
    office.worker.stop()
    desk = sit_down(office.odoo, login="operator")
    upload_from_the_list(desk, office)
    papers.close(desk)
    desk.open(papers.ACTION)
    desk.choose_filter("Waiting for the Worker")
    desk.page.locator(".o_data_row", has_text="menunggu").locator("[name=name]").click()
    waits = desk.page.locator(".o_sicantik_document_form .alert-warning")
    expect(waits).to_contain_text("Waiting for the Worker")
    expect(waits).to_contain_text("goes by itself")
    expect(desk.button("Preview")).to_have_count(0)
    expect(desk.button("New Version")).to_have_count(0)
    desk.picture("98-document-waits")
    assert complaints(desk, "a document that waits") == []
    office.worker.start(**QUICK_LEASE)
    office.odoo.shell(SEND)
    desk.page.reload()
    expect(desk.button("Preview")).to_be_visible()
    expect(waits).to_be_hidden()


def upload_from_the_list(desk: Desk, office: Office) -> None:
    """Chooses the permit by its number first."""
    [permit] = office.admin.call("sicantik.permit", "search_read", [], ["registration_number"], limit=1)
    desk.open(papers.ACTION)
    desk.press("Upload Documents")
    field = desk.page.locator(".modal [name=permit_id] input")
    field.press_sequentially(permit["registration_number"])
    desk.page.locator(".o-autocomplete--dropdown-item a", has_not_text=re.compile("Search|Start typing")).first.click()
    desk.press("Choose Files")
    [said] = papers.send(desk, paper("menunggu.pdf")).all_inner_texts()
    assert "The file waits in Odoo, sealed" in said
