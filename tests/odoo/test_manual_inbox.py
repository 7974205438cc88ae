"""The page of the manual about the inbox, each step as operators and managers do it; a real worker takes the files."""

from pathlib import Path

import pytest
from clerk import STAFF
from counter import pdf
from manual_walk import FURNISH, Story, Walk, page_of, walk_through
from offices import MakeOffice
from parts import QUICK_LEASE, WAIT_SECONDS, Office
from riglib import processes
from riglib.server import Odoo
from riglib.session import Rig

UNMATCHED = ("SICANTIK", "Documents", "Unmatched")
ARRIVAL = "sicantik.document.arrival"


def inbox(walk: Walk) -> None:
    # Files are put into a folder and found there by no page of Odoo's: tests/odoo/test_inbox.py
    walk.outside()
    walk.outside()
    walk.outside()
    with walk.step(*UNMATCHED, who="operator") as clerk:
        listed = clerk.menu(*UNMATCHED)
        alone, proposed, useless = (clerk.find(ARRIVAL, ("name", "=", name)) for name in NAMES)
        assert {alone, proposed, useless} <= set(listed.look())
    with walk.step("Preview", who="operator") as clerk:
        shown = clerk.menu(*UNMATCHED).row(alone).press("Preview")
        assert clerk.session.fetch(shown["params"]["url"]) == (200, pdf("TANPA NOMOR"))
    with walk.step("This One", "Its Permit", "Attach to This Permit", who="operator") as clerk:
        proposal = clerk.find("sicantik.document.arrival.proposal", ("arrival_id", "=", proposed))
        clerk.menu(*UNMATCHED).row(proposed).press("This One", proposal, of="sicantik.document.arrival.proposal")
        permit = clerk.find("sicantik.permit", ("status", "=", "active"))
        clerk.call(ARRIVAL, "write", [alone], {"permit_id": permit})
        opened = clerk.menu(*UNMATCHED).row(alone).press("Attach to This Permit")
        assert clerk.value("sicantik.document", opened.record, "permit_id")[0] == permit
    with walk.step("Not Needed", who="operator") as clerk:
        clerk.menu(*UNMATCHED).press("Not Needed", useless)
        assert clerk.value(ARRIVAL, useless, "state") == "dismissed"
    with walk.step("SICANTIK", "Configuration", "Documents", who="manager") as clerk:
        config = clerk.find("sicantik.config", ("document_inbox", "=", True))
        clerk.call("sicantik.config", "write", [config], {"document_inbox_ready": True})


NAMES = ("tanpa nomor.pdf", "dua nomor.pdf", "undangan.pdf")
STORIES = (inbox,)


@pytest.fixture
def odoo(rig: Rig) -> Odoo:
    """An office with demo data; the walk discards it."""
    return rig.odoo("sicantik_documents", demo=True, furnished=STAFF + FURNISH)


def bring(office: Office, folder: Path) -> None:
    """Three files come that nobody but a person knows."""
    folder = folder / "masuk"
    folder.mkdir()
    domain = [("permit_number", "like", "_________")]
    permits = office.admin.call("sicantik.permit", "search_read", domain, ["permit_number"], limit=2)
    two = " dan ".join(permit["permit_number"] for permit in permits)
    for name, words in zip(NAMES, ("TANPA NOMOR", two, "UNDANGAN"), strict=True):
        (folder / name).write_bytes(pdf(words))
    office.worker.start(**QUICK_LEASE, SICANTIK__INBOX__FOLDER=str(folder), SICANTIK__INBOX__STILL_SECONDS="1")
    processes.wait_until(
        lambda: not any((folder / name).exists() for name in NAMES),
        process=office.worker.process,
        seconds=WAIT_SECONDS,
        what="an empty inbox",
    )


@pytest.mark.one_version
@pytest.mark.parametrize("story", STORIES, ids=page_of)
def test_whoever_is_told_to_do_it_may_do_it(story: Story, rig: Rig, make_office: MakeOffice, tmp_path: Path) -> None:
    office = make_office(permits=5)
    bring(office, tmp_path)
    walk_through(rig, story, office.odoo)
