"""Documents end to end: an officer brings a permit's PDF in, the worker keeps it sealed, and whoever may see it gets it back."""

import contextlib
import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest
from counter import Counter, pdf
from notices import run_action
from offices import MakeOffice, keep_in
from parts import QUICK_LEASE, Office, killed_after
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

WORDS = "IZIN CONTOH MILIK BUDI CONTOH"
SEND = "sicantik_documents.cron_send_documents"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Five permits, and a worker that Odoo has heard of, with its key."""
    office = make_office(permits=5)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office


@pytest.fixture
def counter(office: Office) -> Counter:
    return Counter(office.admin)


def permits(office: Office) -> list[int]:
    return office.admin.call("sicantik.permit", "search", [], order="id")


def objects(office: Office) -> list[Path]:
    """The sealed files that lie at the worker."""
    return sorted(path for path in office.worker.files.glob("*/*") if path.is_file())


def nothing_lies_in_odoo(office: Office, content: bytes) -> None:
    """Neither the file nor a word of it stands in Odoo's database or filestore."""
    attachments = office.admin.call("ir.attachment", "search_count", [("res_model", "like", "sicantik.document%")])
    assert attachments == 0
    for path in (office.odoo.rig.data / "filestore" / office.odoo.database).rglob("*"):
        assert not path.is_file() or content[:200] not in path.read_bytes(), path
    readable = "SELECT id FROM sicantik_document_upload WHERE position('\\x25504446'::bytea in sealed) > 0"
    assert office.odoo.sql(readable) == []


def test_a_document_is_kept_sealed_and_comes_back_as_it_was(office: Office, counter: Counter) -> None:
    permit = permits(office)[0]
    contents = [pdf(WORDS, size) for size in (0, 65_536, 2_000_000)]
    for number, content in enumerate(contents, 1):
        said = counter.upload(content, permit=permit, name=f"izin {number}.pdf")
        assert said["state"] == "kept", said
        assert counter.take(said["document"]) == (200, content)
        nothing_lies_in_odoo(office, content)
    assert len(objects(office)) == 3
    for path in objects(office):
        assert b"%PDF" not in (raw := path.read_bytes()), path
        assert b"BUDI" not in raw, path
    # The same file again is the same document; for another permit it is another one over the same bytes.
    again = counter.upload(contents[0], permit=permit, name="sekali lagi.pdf")
    assert (again["state"], "DOC/" in again["sentence"]) == ("refused", True), again
    other = counter.upload(contents[0], permit=permits(office)[1], name="izin lain.pdf")
    assert other["state"] == "kept", other
    assert len(objects(office)) == 3
    # A further version of a document; the earlier one stays.
    document = other["document"]
    first = counter.read(document)["current_version_id"][0]
    assert counter.upload(pdf("VERSI DUA"), document=document, name="izin lain 2.pdf")["state"] == "kept"
    assert counter.take(document) == (200, pdf("VERSI DUA"))
    assert counter.take(document, first) == (200, contents[0])


def test_what_is_no_permit_s_pdf_is_refused_in_words(office: Office, counter: Counter) -> None:
    permit = permits(office)[0]
    cut = pdf(WORDS, 5_000)[:4_000]
    script = pdf(WORDS, also=b"/OpenAction<</S/JavaScript/JS(app.alert)>>")
    for content in (b"PK\x03\x04 no PDF at all", cut, script):
        said = counter.upload(content, permit=permit, name="salah.pdf")
        assert (said["state"], said["document"]) == ("refused", 0), said
        assert len(said["sentence"]) > 20, said
    assert office.admin.call("sicantik.document", "search_count", []) == 0
    assert objects(office) == []


def test_while_the_worker_is_away_a_document_waits_sealed(office: Office, counter: Counter) -> None:
    content, permit = pdf(WORDS, 300_000), permits(office)[0]
    office.worker.stop()
    said = counter.upload(content, permit=permit, name="menunggu.pdf")
    assert said["state"] == "waiting", said
    document = said["document"]
    assert counter.read(document)["is_waiting"]
    nothing_lies_in_odoo(office, content)
    run_action(office.admin, SEND)
    assert counter.read(document)["is_waiting"], "nobody is there yet"
    office.worker.start(**QUICK_LEASE)
    run_action(office.admin, SEND)
    assert not counter.read(document)["is_waiting"]
    assert counter.take(document) == (200, content)
    assert office.odoo.sql("SELECT id FROM sicantik_document_upload") == []
    # Its bytes are not to be had while the worker is away, and that is said.
    office.worker.stop()
    status, page = counter.take(document)
    assert (status, b"<h1>" in page) == (503, True), page
    office.worker.start(**QUICK_LEASE)
    assert counter.take(document) == (200, content)


@pytest.mark.one_version
@pytest.mark.parametrize(("store", "moments"), [("sqlite", (0.0, 0.03, 0.2)), ("postgres", (0.01, 0.08))])
def test_a_worker_that_is_killed_keeps_a_document_once_or_not_at_all(
    rig: Rig, office: Office, counter: Counter, store: str, moments: tuple[float, ...]
) -> None:
    office.worker.stop()
    keep_in(store, rig, office)
    permit = permits(office)[0]
    for moment in moments:
        office.worker.start(**QUICK_LEASE)
        content = pdf(f"{WORDS} {moment}", 4_000_000)
        worker = office.worker.process
        assert worker
        with killed_after(moment, worker.kill):
            said = counter.upload(content, permit=permit, name=f"terputus {moment}.pdf")
        assert said["state"] in ("kept", "waiting"), said
        office.worker.kill()
        office.worker.start(**QUICK_LEASE)
        run_action(office.admin, SEND)
        document = counter.read(said["document"])
        assert (document["is_waiting"], len(document["version_ids"])) == (False, 1), document
        assert counter.take(said["document"]) == (200, content)
        office.worker.stop()
    assert len(objects(office)) == len(moments)


@pytest.mark.one_version
def test_an_odoo_that_is_killed_leaves_nothing_of_a_document_and_takes_it_again(office: Office, counter: Counter) -> None:
    permit = permits(office)[0]
    for number, moment in enumerate((0.01, 0.05, 0.1, 0.15)):
        content, name = pdf(f"{WORDS} {number}", 4_000_000), f"terputus {number}.pdf"
        # No answer came, or that of a moment before.
        with killed_after(moment, office.odoo.kill), contextlib.suppress(OSError, http.client.HTTPException):
            counter.upload(content, permit=permit, name=name)
        office.odoo.start()
        nothing_lies_in_odoo(office, content)
        said = counter.upload(content, permit=permit, name=name)
        [document] = office.admin.call("sicantik.document", "search", [("name", "=", name.removesuffix(".pdf"))])
        assert said["document"] in (0, document), said
        assert counter.take(document) == (200, content)
        assert len(objects(office)) == number + 1
