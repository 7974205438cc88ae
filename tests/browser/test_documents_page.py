"""Documents as an officer meets them: uploaded at a permit, some refused, one that waits, previewed, found, withdrawn."""

import base64
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from access import complaints
from desk import Desk
from parts import REPOSITORY
from people import STAFF
from playwright.sync_api import Locator, expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

# The worker of the addon's own tests opens what is sealed to it.
_PACKAGE = ModuleType("documents_tests")
_PACKAGE.__path__ = [str(REPOSITORY / "odoo_addon/sicantik_documents/tests")]
sys.modules["documents_tests"] = _PACKAGE
from documents_tests.worker_server import KEY, WorkerServer  # noqa: E402

WIDTHS = (390, 1366)
ACTION = "sicantik_documents.sicantik_document_action"
OFFICE = """
env["sicantik.config"].search([]).active = False
config = env["sicantik.config"].create({"name": "Kantor Contoh", "api_url": "https://sicantik.example.test/api"})
permits = env["sicantik.permit"].create([{
    "config_id": config.id, "company_id": config.company_id.id, "identity": str(number),
    "registration_number": f"2026-{number}", "permit_number": f"503/{number}/CTH/2026", "applicant_name": "Contoh Pemohon",
    "status": "active",
} for number in (1, 2)])
"""
WORKER = """
env["sicantik.config"].search([]).write({{"worker_url": {url!r}, "worker_hook_key": {key!r}, "worker_public_key": {point!r}}})
"""
OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    b"<</Length %d>>stream\n%s\nendstream",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
)


def pdf(words: str) -> bytes:
    """A real PDF of one page."""
    text = f"BT /F 20 Tf 20 100 Td ({words}) Tj ET".encode()
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(OBJECTS, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, one % (len(text), text) if b"%d" in one else one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(OBJECTS) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        rows,
        size,
        len(out),
    )


@pytest.fixture
def worker() -> Iterator[WorkerServer]:
    server = WorkerServer()
    yield server
    server.stop()


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents", furnished=STAFF + OFFICE)


def meet(odoo: Odoo, worker: WorkerServer, url: str) -> None:
    """Odoo learns where the worker is."""
    odoo.shell(WORKER.format(url=url, key=KEY, point=base64.b64encode(worker.point).decode()))


def looked_at(desk: Desk, name: str, found: list[str]) -> None:
    """A picture; what axe-core has against the page; nothing reaches over the screen."""
    width = desk.page.viewport_size["width"]
    desk.picture(f"{name}-{width}")
    found += complaints(desk, f"{name} {width}")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width, name


def chosen(desk: Desk, number: str) -> Locator:
    """The dialog for the files of a permit, from the list of documents."""
    desk.open(ACTION)
    small = desk.page.viewport_size["width"] < 500
    if small:
        # Where a telephone has the buttons of a list.
        desk.page.locator(".o_control_panel_main_buttons button").locator("visible=true").last.click()
    desk.press("Upload Documents")
    permit = desk.page.locator(".o_dialog [name=permit_id] input")
    if small:  # It chooses from a list of its own.
        permit.click()
        desk.page.locator(".o_dialog .o_kanban_record", has_text=number).first.click()
    else:
        permit.fill(number)
        desk.page.locator(".o-autocomplete--dropdown-item", has_text=number).first.click()
    desk.page.get_by_role("button", name="Choose Files").click()
    dialog = desk.page.locator(".o_sicantik_upload")
    expect(dialog).to_contain_text(number)
    return dialog


def files(*named: tuple[str, bytes]) -> list[dict[str, object]]:
    return [{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in named]


def test_documents_come_in_and_are_found(odoo: Odoo, worker: WorkerServer, sit_down: Callable[..., Desk]) -> None:
    found: list[str] = []
    for width in WIDTHS:
        meet(odoo, worker, worker.url)
        desk = sit_down(odoo, login="operator", width=width)
        dialog = chosen(desk, "503/1/CTH")
        upload = desk.page.get_by_role("button", name="Upload", exact=True)
        expect(upload).to_be_disabled()
        looked_at(desk, "95-documents-upload", found)
        given = files((f"surat-{width}.pdf", pdf(f"Surat {width}")), ("bukan.pdf", b"GIF89a"), ("kosong.pdf", b""))
        dialog.get_by_label("PDFs here").set_input_files(given)
        expect(dialog.locator("li")).to_have_count(3)
        upload.click()
        expect(dialog.locator(".o_kept")).to_contain_text("Uploaded as DOC/")
        expect(dialog.locator(".o_refused")).to_have_count(2)
        expect(dialog).to_contain_text("The file is no PDF")
        expect(dialog).to_contain_text("The file is empty")
        looked_at(desk, "95-documents-uploaded", found)
        # The same file again is one document.
        dialog.get_by_label("PDFs here").set_input_files(given[:1])
        upload.click()
        expect(dialog).to_contain_text("has this very file already")
        desk.page.get_by_role("button", name="Close", exact=True).locator("visible=true").last.click()
        expect(desk.page.locator(".o_dialog")).to_have_count(0)
        rows = desk.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
        expect(rows.filter(has_text=f"surat-{width}")).to_have_count(1)
        looked_at(desk, "96-documents-list", found)

        # The worker is switched off.
        meet(odoo, worker, "http://127.0.0.1:9")
        dialog = chosen(desk, "503/2/CTH")
        dialog.get_by_label("PDFs here").set_input_files(files((f"tunggu-{width}.pdf", pdf(f"Tunggu {width}"))))
        upload.click()
        expect(dialog.locator(".o_waiting")).to_contain_text("waits in Odoo, sealed")
        desk.page.get_by_role("button", name="Close", exact=True).locator("visible=true").last.click()
        rows.filter(has_text=f"tunggu-{width}").first.click()
        expect(desk.page.locator(".o_sicantik_document_form")).to_contain_text("Waiting for the Worker.")
        looked_at(desk, "97-documents-waiting", found if width > 500 else [])
    assert not found, "\n".join(found)


def test_a_document_is_previewed_and_withdrawn(odoo: Odoo, worker: WorkerServer, sit_down: Callable[..., Desk]) -> None:
    meet(odoo, worker, worker.url)
    found: list[str] = []
    desk = sit_down(odoo, login="operator")
    dialog = chosen(desk, "503/1/CTH")
    # As a person drops it from a folder.
    dropped = "([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }"
    data = desk.page.evaluate_handle(dropped, ["surat.pdf", pdf("Surat Contoh").decode()])
    dialog.locator(".o_sicantik_upload_drop").dispatch_event("drop", {"dataTransfer": data})
    desk.press("Upload")
    expect(dialog.locator(".o_kept")).to_have_count(1)
    desk.page.get_by_role("button", name="Close", exact=True).locator("visible=true").last.click()
    desk.page.locator(".o_data_row").first.locator("td[name=name]").click()
    form = desk.page.locator(".o_sicantik_document_form")
    expect(form).to_contain_text("503/1/CTH/2026")
    looked_at(desk, "97-documents-form", found)
    desk.page.locator("button[name=action_preview]").first.click()
    viewer = desk.page.frame_locator("iframe.o-FileViewer-view")
    expect(viewer.locator(".textLayer")).to_contain_text("Surat Contoh")
    desk.picture("97-documents-preview")
    with desk.page.expect_download() as saved:
        desk.page.locator(".o-FileViewer-download a").click()
    assert saved.value.suggested_filename == "surat.pdf"
    desk.page.keyboard.press("Escape")
    desk.press("Withdraw")
    desk.page.get_by_label("Reason").fill("Salah pindai")
    desk.page.locator(".o_dialog footer button", has_text="Withdraw").click()
    expect(form).to_contain_text("Salah pindai")
    looked_at(desk, "97-documents-withdrawn", found)
    assert not found, "\n".join(found)
