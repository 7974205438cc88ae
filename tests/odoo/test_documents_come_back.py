"""What goes away, and what comes back: documents that are erased, and a store of the worker that comes back from an hour ago."""

import contextlib
import http.client
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from counter import Counter, pdf
from notices import run_action
from offices import MakeOffice
from parts import QUICK_LEASE, Office, killed_after
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from test_documents import SEND, WORDS, objects, permits

ERASE = "sicantik_documents.cron_erase_documents"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    office = make_office(permits=5)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office.admin)


def bring(counter: Counter, permit: int, words: str) -> int:
    said = counter.upload(pdf(words, 200_000), permit=permit, name=f"{words}.pdf")
    assert said["state"] == "kept", said
    return said["document"]


def erase(office: Office, *documents: int) -> None:
    """As a manager does, by the dialog; the scheduled action follows."""
    wizard = office.admin.call("sicantik.document.erase", "create", {"document_ids": list(documents), "reason": "diminta"})
    office.admin.call("sicantik.document.erase", "action_confirm", [wizard])
    run_action(office.admin, ERASE)


def store_of(office: Office) -> Path:
    return office.worker.folder / f"store-{office.worker.port}.db"


def save(office: Office) -> Path:
    """A copy of the worker's store, as docs/operations.md says to make one."""
    copy = store_of(office).with_suffix(".copy")
    with contextlib.closing(sqlite3.connect(store_of(office))) as store:
        store.execute("VACUUM INTO ?", (str(copy),))
    return copy


def bring_back(office: Office, copy: Path) -> None:
    office.worker.stop()
    for path in store_of(office).parent.glob(f"{store_of(office).name}*"):
        path.unlink()
    shutil.copy(copy, store_of(office))
    store_of(office).chmod(0o600)


def test_an_erased_document_leaves_its_hash_and_nothing_to_read(office: Office, counter: Counter) -> None:
    first, other, *_ = permits(office)
    erased, same, stays = bring(counter, first, WORDS), bring(counter, other, WORDS), bring(counter, first, "IZIN LAIN")
    assert len(objects(office)) == 2
    erase(office, erased)
    found = counter.read(erased)
    assert (found["state"], found["name"]) == ("erased", found["number"]), found
    [version] = office.admin.call("sicantik.document.version", "read", found["version_ids"], ["sha256", "erased_at", "title"])
    assert version["sha256"] and version["erased_at"] and not version["title"], version
    assert counter.take(erased)[0] == 410
    assert counter.take(same) == (200, pdf(WORDS, 200_000)), "the same bytes, of another permit"
    assert counter.take(stays)[0] == 200
    written = "SELECT id FROM mail_message WHERE model = 'sicantik.document' AND res_id = {} AND body LIKE '%BUDI%'"
    assert office.odoo.sql(written.format(erased)) == []
    erase(office, same)
    assert len(objects(office)) == 1
    # The same file may come anew, and is another document.
    assert bring(counter, first, WORDS) != erased


@pytest.mark.one_version
def test_what_is_ordered_while_the_worker_is_away_is_erased_when_it_is_back(office: Office, counter: Counter) -> None:
    permit, *_ = permits(office)
    document = bring(counter, permit, WORDS)
    office.worker.kill()
    waiting = counter.upload(pdf("MENUNGGU"), permit=permit, name="menunggu.pdf")
    assert waiting["state"] == "waiting", waiting
    erase(office, document, waiting["document"])
    assert [counter.read(one)["state"] for one in (document, waiting["document"])] == ["withdrawn"] * 2
    assert len(objects(office)) == 1, "nothing is told that did not happen"
    assert counter.take(document)[0] == 410
    office.worker.start(**QUICK_LEASE)
    run_action(office.admin, SEND)
    run_action(office.admin, ERASE)
    assert counter.read(document)["state"] == "erased"
    assert objects(office) == []
    # Nobody knows whether it was on its way when the worker went: that is over after ten minutes.
    assert counter.read(waiting["document"])["state"] == "withdrawn"
    office.odoo.sql("UPDATE sicantik_document SET erase_ordered_at = erase_ordered_at - interval '11 minutes'")
    run_action(office.admin, ERASE)
    assert counter.read(waiting["document"])["state"] == "erased"


@pytest.mark.one_version
def test_a_worker_that_is_killed_has_erased_each_or_not_and_does_it_then(office: Office, counter: Counter) -> None:
    permit, *_ = permits(office)
    for moment in (0.0, 0.02, 0.05, 0.1):
        documents = [bring(counter, permit, f"{WORDS} {moment} {number}") for number in range(6)]
        worker = office.worker.process
        assert worker
        with killed_after(moment, worker.kill):
            erase(office, *documents)
        office.worker.kill()
        told = sum(counter.read(document)["state"] == "erased" for document in documents)
        assert len(objects(office)) <= len(documents) - told, "what is told as erased is gone"
        office.worker.start(**QUICK_LEASE)
        run_action(office.admin, ERASE)
        assert {counter.read(document)["state"] for document in documents} == {"erased"}
        assert objects(office) == []


@pytest.mark.one_version
def test_an_odoo_that_is_killed_within_an_erasure_tells_nothing_that_did_not_happen(office: Office, counter: Counter) -> None:
    permit, *_ = permits(office)
    for turn, moment in enumerate((0.02, 0.06, 0.12, 0.2)):
        names = [f"{WORDS} {turn} {number}" for number in range(5)]
        documents = {bring(counter, permit, name): pdf(name, 200_000) for name in names}
        # No answer came, or that of a moment before.
        with killed_after(moment, office.odoo.kill), contextlib.suppress(OSError, http.client.HTTPException):
            erase(office, *documents)
        office.odoo.start()
        found = office.admin.call("sicantik.document", "read", list(documents), ["state", "erase_ordered_at"])
        told = sum(document["state"] == "erased" for document in found)
        assert len(objects(office)) <= len(documents) - told, "what is told as erased is gone"
        untouched = [document["id"] for document in found if not document["erase_ordered_at"]]
        assert [counter.take(document) for document in untouched] == [(200, documents[document]) for document in untouched]
        if untouched:
            erase(office, *untouched)
        run_action(office.admin, ERASE)
        assert {counter.read(document)["state"] for document in documents} == {"erased"}
        assert objects(office) == []


@pytest.mark.one_version
def test_a_store_that_comes_back_from_an_hour_ago_forgets_nothing_and_revives_nothing(office: Office, counter: Counter) -> None:
    first, second, *_ = permits(office)
    kept, goes = bring(counter, first, "TETAP"), bring(counter, first, "DIHAPUS")
    copy = save(office)
    new, again = bring(counter, first, "BARU"), bring(counter, second, "TETAP")
    passing = bring(counter, second, "SEBENTAR")
    erase(office, goes, passing)
    lying = objects(office)
    bring_back(office, copy)
    # What the earlier store does not know is no orphan, whoever is asked; and without Odoo nothing is taken away.
    worker, odoo = office.worker, office.worker.environment["SICANTIK__ODOO__URL"]
    worker.environment["SICANTIK__ODOO__URL"] = "http://127.0.0.1:9"
    code, told, said = worker.command("files", "verify", "--remove-orphans")
    assert (code, told["odoo"], "nothing is taken away" in said) == (1, False, True), (told, said)
    assert worker.command("files", "recover")[0] == 1
    worker.environment["SICANTIK__ODOO__URL"] = odoo
    code, told, said = worker.command("files", "verify", "--remove-orphans")
    assert code == 1, (told, said)
    counts = {name: len(told[name]) for name in ("forgotten", "forgotten_versions", "erased_again", "missing", "orphans")}
    assert counts == {"forgotten": 1, "forgotten_versions": 1, "erased_again": 1, "missing": 0, "orphans": 0}, told
    assert objects(office) == lying
    worker.start(**QUICK_LEASE)
    assert counter.take(new)[0] == 410, "until it is known again, that is said"
    code, told, said = worker.command("files", "recover")
    assert (code, len(told["recovered"]), len(told["versions"]), len(told["erased"])) == (0, 1, 1, 1), (told, said)
    for document, words in ((kept, "TETAP"), (new, "BARU"), (again, "TETAP")):
        assert counter.take(document) == (200, pdf(words, 200_000)), words
    assert counter.take(goes)[0] == 410
    assert objects(office) == lying, "none twice"
    code, told, _ = worker.command("files", "verify")
    assert (code, told["sound"], told["odoo"]) == (0, 2, True), told
    assert bring(counter, second, "SEBENTAR") != passing
