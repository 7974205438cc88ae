"""The PDFs that an officer has at hand in a browser test, and the ways to bring them in."""

import re
from typing import Any

from counter import pdf
from desk import Desk
from parts import QUICK_LEASE, Office
from playwright.sync_api import Locator, expect

ACTION = "sicantik_documents.sicantik_document_action"
PERMIT = "sicantik_permit_action"
KEPT = re.compile(r"DOC/\d{4}/\d+")
"""How a document is numbered."""
MORE = (".o_statusbar_buttons button.o-dropdown", ".o_cp_action_menus button")
"""Where a telephone has the buttons of a form."""
VIEWER = ".o-FileViewer iframe"
SHELF = """
permits = env["sicantik.permit"].search([("partner_id", "!=", False)], limit=1)
permits += env["sicantik.permit"].search([("partner_id", "=", False)], limit=3)
tag = env["sicantik.document.tag"].create({"name": "Arsip 2019", "color": 3})
kind = env.ref("sicantik_documents.document_type_permit")
for number, permit in enumerate(permits, 1):
    document = env["sicantik.document"].create({
        "name": f"Surat izin {number}", "permit_id": permit.id, "type_id": kind.id, "tag_ids": [(4, tag.id)],
        "refusal": number == 4 and "damaged",
    })
    if number < 4:
        document.current_version_id = env["sicantik.document.version"].create({
            "document_id": document.id, "uuid": f"v{number}", "number": 1, "sha256": f"{number:064}", "size": 1_234_567,
            "pages": 2, "original_filename": f"surat izin {number}", "uploaded_by_id": env.uid,
            "uploaded_at": "2026-03-10 03:00:00",
        })
    if number == 2:
        document.action_ready()
    elif number == 3:
        document._withdraw("Dipindai dari berkas yang salah")
"""
"""Four documents of a demo: one of each state, and one whose file was not taken. No worker has their bytes."""


def begin(office: Office) -> list[int]:
    """The worker runs and has brought the permits; their ids."""
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office.admin.call("sicantik.permit", "search", [], order="id")


def paper(name: str, content: bytes = b"") -> dict[str, Any]:
    """A file as the officer's computer has it; by default a PDF that says its name."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content or pdf(name.upper())}


def press(desk: Desk, words: str) -> None:
    """A button of the form, which a telephone has in a menu."""
    if desk.page.viewport_size["width"] < 500 and not desk.button(words).is_visible():
        menus = [desk.page.locator(menu).locator("visible=true") for menu in MORE]
        next(menu for menu in menus if menu.count()).first.click()
        desk.page.get_by_role("menuitem", name=words).or_(desk.button(words)).locator("visible=true").first.click()
    else:
        desk.press(words)


def dialog(desk: Desk) -> Locator:
    """The dialog that takes files."""
    found = desk.page.locator(".modal:has(.o_sicantik_upload)")
    expect(found).to_be_visible()
    return found


def send(desk: Desk, *papers: dict[str, Any]) -> Locator:
    """Chooses the files in the open dialog and sends them; what became of each, when all have ended."""
    shown = dialog(desk)
    shown.locator("input[type=file]").set_input_files(list(papers))
    shown.locator("footer .btn-primary").click()
    ended = shown.locator(".o_sicantik_upload_sentence:is(.o_kept, .o_waiting, .o_refused, .o_lost)")
    expect(ended).to_have_count(len(papers))
    return ended


def close(desk: Desk) -> None:
    """Closes the dialog."""
    dialog(desk).locator("footer .btn-secondary").click()
    desk.page.wait_for_selector(".modal", state="detached")
