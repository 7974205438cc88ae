"""The page of the manual about erasing documents, each step as a manager does it; a real worker keeps the files and lets go of
them."""

import pytest
from clerk import STAFF
from counter import Counter, pdf
from manual_walk import FURNISH, Story, Walk, configuration, page_of, walk_through
from notices import run_action
from offices import MakeOffice
from parts import QUICK_LEASE
from riglib.server import Odoo
from riglib.session import Rig
from test_manual_documents import ALL_DOCUMENTS, document

ERASE = "sicantik_documents.cron_erase_documents"


def erase_documents(walk: Walk) -> None:
    operator = walk.clerk("operator")
    permit = operator.find("sicantik.permit", ("partner_id", "!=", False))
    [partner, _] = operator.value("sicantik.permit", permit, "partner_id")
    counter = Counter(operator.session)
    said = [counter.upload(pdf(name.upper()), permit=permit, name=f"{name}.pdf") for name in ("satu", "dua", "tiga")]
    documents = [one["document"] for one in said]
    labels = ("Permits", "Erase Documents", *ALL_DOCUMENTS, "Erase Documents", "Erase")
    with walk.step(*labels, who="manager") as clerk:
        asked = clerk.record("res.partner", partner).press("Erase Documents")
        assert set(documents) <= set(asked.action["context"]["default_document_ids"])
        document(clerk, documents[-1]).press("Erase")
        asked = clerk.menu(*ALL_DOCUMENTS).press("Erase Documents", *documents[:-1])
    with walk.step("Documents", "Files", who="manager"):
        assert asked.has("document_count", "version_count")
    with walk.step("Reason", "Erase for Good", who="manager") as clerk:
        asked.finish("Erase for Good", reason="Surat 3 Maret")
        run_action(walk.clerk("admin").session, ERASE)
        assert [clerk.value("sicantik.document", one, "state") for one in documents] == ["erased", "erased", "draft"]
    with walk.step("Documents", "Keep Withdrawn Documents", who="manager") as clerk:
        configuration(clerk).save(document_keep_days=365)


STORIES = (erase_documents,)


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
