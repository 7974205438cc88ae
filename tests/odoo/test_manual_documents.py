"""The page of the manual about documents, each step as viewers, operators and managers do it; a real worker keeps the files."""

import pytest
from clerk import STAFF, Clerk, Page
from counter import Counter, pdf
from manual_walk import FURNISH, Story, Walk, page_of, walk_through
from offices import MakeOffice
from parts import QUICK_LEASE
from riglib.server import Odoo
from riglib.session import Rig

NOT_TAKEN = """
permit = env["sicantik.permit"].search([("status", "=", "active")], order="id desc", limit=1)
env["sicantik.document"].create({"name": "Tidak diterima", "permit_id": permit.id, "refusal": "damaged"})
"""
"""A document whose file waited, and was refused then."""
ALL_DOCUMENTS = ("SICANTIK", "Documents", "All Documents")


def documents(walk: Walk) -> None:
    with walk.step("Upload Documents", *ALL_DOCUMENTS, "Permit", "Choose Files", who="operator") as clerk:
        permit = clerk.find("sicantik.permit", ("status", "=", "active"))
        opened = clerk.menu("SICANTIK", "Permits").row(permit).press("Upload Documents")
        asked = clerk.menu(*ALL_DOCUMENTS).press("Upload Documents")
        assert asked.finish("Choose Files", permit_id=permit)["params"] == opened["params"]
    with walk.step("Document Type", "Stage", "Original", "Signed", who="operator"):
        [kind, *_] = opened["params"]["types"]
    walk.outside()  # dropping files on a field is the browser's: tests/browser/test_documents_page.py
    with walk.step("Upload", "Close", who="operator") as clerk:
        counter = Counter(clerk.session)
        words = [("surat izin.pdf", "SURAT IZIN"), ("permohonan.pdf", "PERMOHONAN")]
        said = [counter.upload(pdf(text), permit=permit, type=kind[0], stage="original", name=name) for name, text in words]
        assert [one["state"] for one in said] == ["kept", "kept"], said
        first, second = [one["document"] for one in said]
    with walk.step("The last file was not taken.", "Last File Not Taken", "New Version", who="operator") as clerk:
        clerk.menu(*ALL_DOCUMENTS).filter("Waiting for the Worker", "Last File Not Taken")
        refused = clerk.find("sicantik.document", ("refusal", "!=", False))
        new_version(clerk, counter, refused, "LEBIH BAIK")
        assert not clerk.value("sicantik.document", refused, "refusal")
    find_and_look(walk, first, permit)
    with walk.step("Mark as Ready", "Back to Draft", who="operator") as clerk:
        clerk.menu(*ALL_DOCUMENTS).press("Mark as Ready", first, second)
        document(clerk, first).press("Back to Draft")
        document(clerk, first).press("Mark as Ready")
    with walk.step("New Version", "Back to Draft", who="operator") as clerk:
        new_version(clerk, counter, first, "DIPERBAIKI")
        assert clerk.value("sicantik.document", first, "state") == "ready"
        document(clerk, first).press("Back to Draft")
    with walk.step("Withdraw", "Reason", who="operator") as clerk:
        clerk.menu(*ALL_DOCUMENTS).press("Withdraw", first, second).finish("Withdraw", reason="Contoh")
    with walk.step("Take Back Withdrawal", who="manager") as clerk:
        document(clerk, first).press("Take Back Withdrawal")
        assert clerk.value("sicantik.document", first, "state") == "draft"
    set_up(walk)


def find_and_look(walk: Walk, found: int, permit: int) -> None:
    with walk.step(*ALL_DOCUMENTS, who="viewer") as clerk:
        assert found in clerk.menu(*ALL_DOCUMENTS).look()
        assert found in clerk.menu("SICANTIK", "Permits").row(permit).press("Documents").look()
    with walk.step("Preview", "Download", who="viewer") as clerk:
        counter = Counter(clerk.session)
        assert document(clerk, found).press("Preview")["tag"] == "sicantik_documents.preview"
        assert document(clerk, found).press("Download")["target"] == "download"
        assert counter.take(found) == (200, pdf("SURAT IZIN"))
    with walk.step("Versions", "Preview", "Download", who="viewer") as clerk:
        version = clerk.find("sicantik.document.version", ("document_id", "=", found))
        shown = document(clerk, found).press("Preview", version, of="sicantik.document.version")
        assert shown["tag"] == "sicantik_documents.preview"


def set_up(walk: Walk) -> None:
    with walk.step("SICANTIK", "Configuration", "Document Types", "Company", "Active", who="manager") as clerk:
        kinds = clerk.menu("SICANTIK", "Configuration", "Document Types")
        kind = clerk.call(kinds.model, "create", {"name": "Berita Acara"})
        clerk.call(kinds.model, "write", [kind], {"active": False})
    with walk.step("SICANTIK", "Configuration", "Document Tags", who="manager") as clerk:
        tags = clerk.menu("SICANTIK", "Configuration", "Document Tags")
        clerk.call(tags.model, "create", {"name": "arsip 2019", "color": 3})


def document(clerk: Clerk, record: int) -> Page:
    """The form of a document, as the list opens it."""
    return clerk.menu(*ALL_DOCUMENTS).row(record)


def new_version(clerk: Clerk, counter: Counter, record: int, words: str) -> None:
    opened = document(clerk, record).press("New Version")
    assert opened["params"]["document"] == record
    assert counter.upload(pdf(words), document=record, name="lagi.pdf")["state"] == "kept"


STORIES = (documents,)


@pytest.fixture
def odoo(rig: Rig) -> Odoo:
    """An office with demo data; the walk discards it."""
    return rig.odoo("sicantik_documents", demo=True, furnished=STAFF + FURNISH + NOT_TAKEN)


@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig, make_office: MakeOffice) -> None:
    office = make_office(permits=5)
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: bool(office.read_config("worker_public_key")), "the worker told its key")
    walk_through(rig, story, office.odoo)
