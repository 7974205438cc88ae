"""The page of the manual about where documents are kept, each step as an operator does it; a real worker answers."""

import pytest
from clerk import STAFF
from counter import Counter, pdf
from manual_walk import FURNISH, Story, Walk, page_of, walk_through
from offices import MakeOffice
from parts import QUICK_LEASE
from riglib.server import Odoo
from riglib.session import Rig

STORAGE = ("SICANTIK", "Documents", "Storage")
MODEL = "sicantik.document.storage"
TOLD = ["state", "hint", "kind", "place", "documents", "versions", "size_text", "free_text", "waiting_count"]


def storage(walk: Walk) -> None:
    with walk.step(*STORAGE, who="operator") as clerk:
        shown = clerk.menu(*STORAGE).fresh()
        assert (shown["state"], shown["documents"]) == ("ready", 0), shown
        permit = clerk.find("sicantik.permit", ("status", "=", "active"))
        said = Counter(clerk.session).upload(pdf("SURAT IZIN", 200_000), permit=permit, name="izin.pdf")
        assert said["state"] == "kept", said
    with walk.step("State", who="operator") as clerk:
        record = clerk.call(MODEL, "create", {"config_id": clerk.find("sicantik.config")})
        [told] = clerk.call(MODEL, "read", [record], TOLD)
        assert (told["state"], told["hint"], told["kind"]) == ("ready", False, "folder"), told
        assert (told["documents"], told["versions"], told["waiting_count"]) == (1, 1, 0), told
        assert "/files" in told["place"], told
        assert "%" in told["free_text"], told
    with walk.step("Ask Again", who="operator") as clerk:
        assert clerk.record(MODEL, record).press("Ask Again") is True
    with walk.step("Waiting", who="operator") as clerk:
        assert clerk.record(MODEL, record).press("Waiting").look() == []


STORIES = (storage,)


@pytest.fixture
def odoo(rig: Rig) -> Odoo:
    """An office with demo data; the walk discards it."""
    return rig.odoo("sicantik_documents", demo=True, furnished=STAFF + FURNISH)


@pytest.mark.one_version
@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig, make_office: MakeOffice) -> None:
    office = make_office(permits=5)
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: bool(office.read_config("worker_public_key")), "the worker told its key")
    walk_through(rig, story, office.odoo)
