"""The page of the manual about handing documents out, as operators and managers do it; a real worker keeps the files."""

import pytest
from clerk import STAFF, Clerk, Page
from counter import Counter, pdf
from manual_walk import FURNISH, Story, Walk, page_of, walk_through
from offices import MakeOffice
from parts import QUICK_LEASE
from riglib import processes
from riglib.server import Odoo
from riglib.session import Rig

ALL_DOCUMENTS = ("SICANTIK", "Documents", "All Documents")


def hand_out(walk: Walk) -> None:
    clerk = walk.clerk("operator")
    permit = clerk.find("sicantik.permit", ("status", "=", "active"), ("permit_type_id", "!=", False))
    ready = Counter(clerk.session).upload(pdf("SURAT IZIN"), permit=permit, name="surat izin.pdf")["document"]
    document(clerk, ready).press("Mark as Ready")
    publish(walk, permit)
    with walk.step(*ALL_DOCUMENTS, "Public Address", who="operator") as clerk:
        assert document(clerk, ready).has("publication")
        assert clerk.value("sicantik.document", ready, "publication") == "published"
    with walk.step("Copy Address", "Open Address", who="operator") as clerk:
        first = address(clerk, ready)
        assert "/documents/" in first
    with walk.step("Take Back Address", who="operator") as clerk:
        document(clerk, ready).press("Take Back Address")
        assert clerk.value("sicantik.document", ready, "publication") == "no_address"
    with walk.step("New Address", who="operator") as clerk:
        document(clerk, ready).press("New Address")
        assert address(clerk, ready) != first


def publish(walk: Walk, permit: int) -> None:
    [kind, _] = walk.clerk("manager").value("sicantik.permit", permit, "permit_type_id")
    with walk.step("SICANTIK", "Permit Types", who="manager") as clerk:
        page = clerk.menu("SICANTIK", "Permit Types").row(kind)
    with walk.step("Publish Documents", "Publish", who="manager") as clerk:
        page.press("Publish")
        assert clerk.value("sicantik.permit.type", kind, "publish_documents")
    with walk.step("Stop Publishing", who="manager") as clerk:
        page.press("Stop Publishing")
        assert not clerk.value("sicantik.permit.type", kind, "publish_documents")
    page.press("Publish")


def document(clerk: Clerk, record: int) -> Page:
    """The form of a document, as the list opens it."""
    return clerk.menu(*ALL_DOCUMENTS).row(record)


def address(clerk: Clerk, record: int) -> str:
    """What the button copies."""
    said = document(clerk, record).press("Copy Address")
    assert said["tag"] == "sicantik_documents.public_address"
    return said["params"]["url"]


STORIES = (hand_out,)


@pytest.fixture
def odoo(rig: Rig) -> Odoo:
    """An office with demo data; the walk discards it."""
    return rig.odoo("sicantik_documents", demo=True, furnished=STAFF + FURNISH)


@pytest.mark.one_version
@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig, make_office: MakeOffice) -> None:
    office = make_office(permits=5)
    listen = f"127.0.0.1:{processes.free_port()}"
    office.worker.environment |= {"SICANTIK__PUBLIC__LISTEN": listen, "SICANTIK__PUBLIC__ADDRESS": f"http://{listen}"}
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: bool(office.read_config("worker_public_address")), "the worker told its address")
    office.wait_until(lambda: bool(office.read_config("worker_public_key")), "the worker told its key")
    walk_through(rig, story, office.odoo)
