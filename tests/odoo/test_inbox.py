"""The inbox end to end: what somebody puts into a folder finds its permit, or a person who knows it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counter import Counter, pdf
from offices import MakeOffice, keep_in
from parts import QUICK_LEASE, WAIT_SECONDS, Office
from riglib import processes
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

WORDS = "IZIN CONTOH MILIK BUDI CONTOH"
STILL = 3
"""A file is taken when it has not changed for so many seconds."""


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents")


class Inbox:
    """The folder, as those see it who put files there."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        folder.mkdir()

    def put(self, name: str, content: bytes) -> Path:
        """Copied under a name that nobody takes for a whole file, as programs do."""
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(content)
        return unfinished.rename(self.folder / name)

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.is_file())

    def taken(self, outcome: str) -> list[str]:
        """Names of the PDFs that lie there; each has a sentence beside it."""
        found = [path for path in (self.folder / outcome).glob("*/*") if path.suffix != ".txt"]
        for path in found:
            assert path.with_name(f"{path.name}.txt").read_text().strip().endswith("."), path
        return sorted(path.name for path in found)

    def sentence(self, outcome: str, name: str) -> str:
        [found] = (self.folder / outcome).glob(f"*/{name}.txt")
        return found.read_text()

    def wait_empty(self) -> None:
        process = self.office.worker.process
        assert process
        processes.wait_until(lambda: not self.waiting(), process=process, seconds=WAIT_SECONDS, what="an empty inbox")

    def arrivals(self, **fields: Any) -> list[dict[str, Any]]:
        domain = [(name, "=", value) for name, value in fields.items()]
        names = ["name", "state", "permit_id", "document_id", "pages", "size", "refusal", "hint", "proposal_ids"]
        return self.office.admin.call("sicantik.document.arrival", "search_read", domain, names, order="id")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Five permits in Odoo; the worker is down."""
    office = make_office(permits=5)
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.worker.stop()
    return office


@pytest.fixture
def inbox(office: Office, tmp_path: Path) -> Inbox:
    return Inbox(office, tmp_path / "masuk")


def start(inbox: Inbox) -> None:
    settings = {"SICANTIK__INBOX__FOLDER": str(inbox.folder), "SICANTIK__INBOX__STILL_SECONDS": str(STILL)}
    inbox.office.worker.start(**QUICK_LEASE, **settings)


def numbers(office: Office) -> list[dict[str, Any]]:
    """Permits whose numbers are long enough to be found in a text."""
    names = ["permit_number", "registration_number"]
    found = office.admin.call("sicantik.permit", "search_read", [("permit_number", "!=", False)], names, order="id")
    return [permit for permit in found if len(permit["permit_number"]) > 8]


def file_name(number: str) -> str:
    return number.replace("/", "_")


def test_files_find_their_permits_by_their_numbers(office: Office, inbox: Inbox) -> None:
    first, second, third = numbers(office)[:3]
    counter = Counter(office.admin)
    by_name, by_text = pdf(WORDS, 40_000), pdf(f"Nomor: {second['permit_number']}")
    inbox.put(f"Izin {file_name(first['permit_number'])}.pdf", by_name)
    inbox.put("pindai 17.pdf", by_text)
    inbox.put("pindai tanpa nomor.pdf", pdf("HALAMAN KOSONG"))
    inbox.put("dua izin.pdf", pdf(f"{second['permit_number']} dan {third['permit_number']}"))
    inbox.put("program.pdf", pdf(WORDS, also=b"/OpenAction<</S/JavaScript/JS(app.alert)>>"))
    (inbox.folder / "sedang disalin.pdf.part").write_bytes(by_name[:100])
    (inbox.folder / "tautan.pdf").symlink_to("/etc/hostname")
    start(inbox)
    left = ["sedang disalin.pdf.part", "tautan.pdf"]
    processes.wait_until(lambda: inbox.waiting() == left, process=office.worker.process, seconds=WAIT_SECONDS, what="the inbox")
    assert inbox.taken("imported") == sorted([f"Izin {file_name(first['permit_number'])}.pdf", "pindai 17.pdf"])
    assert inbox.taken("unmatched") == ["dua izin.pdf", "pindai tanpa nomor.pdf"]
    assert inbox.taken("refused") == ["program.pdf"]
    assert "JavaScript" in inbox.sentence("refused", "program.pdf")
    arrived = {arrival["name"]: arrival for arrival in inbox.arrivals()}
    for name, permit, content in (
        (f"Izin {file_name(first['permit_number'])}.pdf", first, by_name),
        ("pindai 17.pdf", second, by_text),
    ):
        arrival = arrived[name]
        assert (arrival["state"], arrival["permit_id"][0]) == ("imported", permit["id"]), arrival
        assert counter.take(arrival["document_id"][0]) == (200, content)
        assert counter.read(arrival["document_id"][0])["state"] == "draft"
    assert len(arrived["dua izin.pdf"]["proposal_ids"]) == 2
    # A person chooses; until then the file can be looked at, by whoever may see it.
    waiting = arrived["pindai tanpa nomor.pdf"]["id"]
    address = office.admin.call("sicantik.document.arrival", "action_preview", [waiting])["params"]["url"]
    assert office.admin.fetch(address) == (200, pdf("HALAMAN KOSONG"))
    office.admin.call("sicantik.document.arrival", "write", [waiting], {"permit_id": third["id"]})
    document = office.admin.call("sicantik.document.arrival", "action_attach", [waiting])["res_id"]
    assert counter.take(document) == (200, pdf("HALAMAN KOSONG"))
    assert office.admin.fetch(address)[0] == 404
    # The same bytes again are no second document, under whichever name, and whoever brought them first.
    inbox.put("lagi.pdf", by_text)
    inbox.put(f"Izin {file_name(third['permit_number'])}.pdf", pdf("HALAMAN KOSONG"))
    inbox.put("dua izin.pdf", pdf(f"{second['permit_number']} dan {third['permit_number']}"))
    processes.wait_until(lambda: inbox.waiting() == left, process=office.worker.process, seconds=WAIT_SECONDS, what="the inbox")
    assert len(inbox.taken("double")) == 3
    assert office.admin.call("sicantik.document", "search_count", []) == 3
    # Nothing of the sealed bytes is readable, and the log names no file.
    for path in office.worker.files.glob("*/*"):
        assert b"%PDF" not in path.read_bytes(), path
    log = office.worker.log.read_text()
    assert "pindai" not in log and "CONTOH" not in log, log


@pytest.mark.one_version
def test_a_half_copied_file_is_waited_for(office: Office, inbox: Inbox) -> None:
    permit = numbers(office)[0]
    content = pdf(WORDS, 200_000)
    path = inbox.folder / f"{file_name(permit['permit_number'])}.pdf"
    start(inbox)
    with path.open("wb") as file:
        for at in range(0, len(content), 20_000):
            file.write(content[at : at + 20_000])
            file.flush()
            time.sleep(STILL / 3)
            assert not inbox.arrivals(), "it grows"
    inbox.wait_empty()
    [arrival] = inbox.arrivals()
    assert (arrival["state"], arrival["size"]) == ("imported", len(content)), arrival


@pytest.mark.one_version
@pytest.mark.parametrize("killed", ["worker", "odoo"])
@pytest.mark.parametrize(("moment", "store"), [(5.2, "sqlite"), (5.5, "postgres"), (6.0, "sqlite")])
def test_whoever_is_killed_each_file_is_imported_once(
    rig: Rig, office: Office, inbox: Inbox, killed: str, moment: float, store: str
) -> None:
    keep_in(store, rig, office)
    found = numbers(office)[:3]
    contents = {f"{file_name(permit['permit_number'])}.pdf": pdf(permit["permit_number"], 2_000_000) for permit in found}
    for name, content in contents.items():
        inbox.put(name, content)
    start(inbox)
    time.sleep(moment)
    if killed == "worker":
        office.worker.kill()
        start(inbox)
    else:
        office.odoo.kill()
        office.odoo.start()
    inbox.wait_empty()
    assert inbox.taken("imported") == sorted(contents)
    counter = Counter(office.admin)
    arrivals = inbox.arrivals()
    assert sorted(arrival["state"] for arrival in arrivals) == ["imported"] * len(found), arrivals
    for arrival in arrivals:
        assert counter.take(arrival["document_id"][0]) == (200, contents[arrival["name"]])
    assert office.admin.call("sicantik.document", "search_count", []) == len(found)


@pytest.mark.one_version
def test_without_a_folder_or_a_right_nothing_is_lost(office: Office, inbox: Inbox) -> None:
    permit = numbers(office)[0]
    name = f"{file_name(permit['permit_number'])}.pdf"
    inbox.folder.rmdir()
    start(inbox)
    log = office.worker.log
    said = "files of the inbox cannot be taken in"
    processes.wait_until(
        lambda: said in log.read_text(), process=office.worker.process, seconds=WAIT_SECONDS, what="a word about it"
    )
    inbox.folder.mkdir()
    inbox.put(name, pdf(WORDS))
    os.utime(inbox.folder / name, (1, 1))
    inbox.wait_empty()
    assert inbox.taken("imported") == [name]


@pytest.mark.one_version
def test_lost_bytes_come_back_by_the_inbox(office: Office, inbox: Inbox) -> None:
    """Somebody cleaned the place of files: the copy that was taken, or the file under another name, is put there again."""
    permit = numbers(office)[0]
    name, content = f"{file_name(permit['permit_number'])}.pdf", pdf(WORDS)
    inbox.put(name, content)
    start(inbox)
    inbox.wait_empty()
    [arrival] = inbox.arrivals()
    counter, document = Counter(office.admin), arrival["document_id"][0]
    for again in (name, "salinan.pdf"):
        for path in office.worker.files.glob("*/*"):
            path.unlink()
        assert counter.take(document)[0] != 200
        if again == name:
            [copy] = inbox.folder.glob(f"imported/*/{name}")
            copy.rename(inbox.folder / name)
        else:
            inbox.put(again, content)
        inbox.wait_empty()
        assert counter.take(document) == (200, content)
    assert inbox.taken("double") == ["salinan.pdf"]
    assert office.admin.call("sicantik.document", "search_count", []) == 1
