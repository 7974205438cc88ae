"""Where documents are kept, as an operator sees it at a desk and on a telephone, with the worker and without; and the block
on the dashboard, whose figures open what they count."""

from collections.abc import Iterator

import papers
import pytest
from access import complaints
from counter import Counter, pdf
from desk import Desk
from offices import MakeOffice
from parts import Office
from people import STAFF
from playwright.sync_api import expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

PAGE = "sicantik_documents.sicantik_document_storage_action"
DASHBOARD = "sicantik_connector.sicantik_dashboard_action"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    """An office that keeps documents."""
    yield from served(rig, "sicantik_documents", furnished=STAFF)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """With two documents, one of them ready."""
    office = make_office(permits=5)
    permits = papers.begin(office)
    counter = Counter(office.admin)
    said = [counter.upload(pdf(f"SURAT {permit}", 200_000), permit=permit, name="surat.pdf") for permit in permits[:2]]
    assert [one["state"] for one in said] == ["kept", "kept"], said
    office.admin.call("sicantik.document", "action_ready", [said[0]["document"]])
    return office


def fits(desk: Desk, width: int) -> None:
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1366, pytest.param(390, marks=pytest.mark.one_version)])
def test_the_page_says_how_it_is_with_the_worker_and_without(office: Office, sit_down, width: int) -> None:
    desk = sit_down(office.odoo, login="operator", width=width)
    desk.open(PAGE)
    form = desk.page.locator(".o_sicantik_storage")
    expect(form.locator("[name=state]")).to_contain_text("Ready")
    expect(form.locator("[name=place]")).to_contain_text("/files")
    expect(form.locator("[name=documents]")).to_contain_text("2")
    expect(form.locator("[name=free_text]")).to_contain_text("%")
    expect(form.locator(".alert")).to_have_count(0)
    fits(desk, width)
    assert [found for found in complaints(desk, "the storage") if "o_form_label" not in found] == []
    desk.picture(f"99-storage-{width}")
    office.worker.stop()
    papers.press(desk, "Ask Again")
    expect(form.locator(".alert")).to_contain_text("does not answer")
    expect(form.locator("[name=place]")).to_have_count(0)
    fits(desk, width)
    desk.picture(f"99-storage-silent-{width}")


@pytest.mark.parametrize("width", [1366, pytest.param(390, marks=pytest.mark.one_version)])
def test_the_dashboard_counts_documents_and_opens_them(office: Office, sit_down, width: int) -> None:
    desk = sit_down(office.odoo, login="viewer", width=width)
    desk.open(DASHBOARD)
    block = desk.page.locator(".o_sicantik_documents")
    block.wait_for()
    block.scroll_into_view_if_needed()
    counted = {key: block.locator(f"[data-key={key}] strong") for key in ("today", "draft", "ready", "waiting", "withdrawn")}
    for key, count in zip(counted, ("2", "1", "1", "0", "0"), strict=True):
        expect(counted[key]).to_have_text(count)
    assert complaints(desk, "the block of documents", ".o_sicantik_documents") == []
    fits(desk, width)
    desk.picture(f"99-dashboard-documents-{width}")
    block.locator("[data-key=today]").click()
    rows = desk.page.locator(".o_data_row" if width > 500 else ".o_kanban_record:not(.o_kanban_ghost)")
    expect(rows).to_have_count(2)
    desk.picture(f"99-dashboard-documents-opened-{width}")
