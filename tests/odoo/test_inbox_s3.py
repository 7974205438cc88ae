"""The inbox in a bucket of S3 (moto's server, which checks keys), beside the documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bucket import Bucket, of_tests
from counter import Counter, pdf
from offices import MakeOffice
from parts import QUICK_LEASE, WAIT_SECONDS, Office
from riglib import processes
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

INBOX = "kantor/masuk"


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents")


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Bucket]:
    with of_tests(tmp_path) as opened:
        yield opened


@pytest.fixture
def office(make_office: MakeOffice, bucket: Bucket) -> Office:
    office = make_office(permits=5)
    office.worker.environment |= bucket.environment() | {
        "SICANTIK__INBOX__S3_PREFIX": INBOX,
        "SICANTIK__INBOX__STILL_SECONDS": "1",
    }
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office


def test_what_is_put_into_the_bucket_is_taken(office: Office, bucket: Bucket) -> None:
    domain = [("permit_number", "like", "_________")]
    [permit] = office.admin.call("sicantik.permit", "search_read", domain, ["permit_number"], limit=1)
    content = pdf(f"NOMOR {permit['permit_number']}", 200_000)
    files = {"izin satu.pdf": content, "tanpa nomor.pdf": pdf("TANPA NOMOR"), "izin 50% #2.pdf": content}
    odd = ("folder/", "folder/dalam.pdf")
    for name, bytes_ in (files | dict.fromkeys(odd, b"x")).items():
        bucket.ask("put_object", Bucket=bucket.name, Key=f"{INBOX}/{name}", Body=bytes_.decode("ascii"))

    def waiting() -> set[str]:
        return {key for key in bucket.objects() if key.removeprefix(f"{INBOX}/") in files}

    processes.wait_until(lambda: not waiting(), process=office.worker.process, seconds=WAIT_SECONDS, what="an empty inbox")
    lying = {key.removeprefix(f"{INBOX}/"): raw for key, raw in bucket.objects().items() if key.startswith(INBOX)}
    taken = {"/".join((parts[0], parts[2])): raw for key, raw in lying.items() if len(parts := key.split("/")) == 3}
    assert {name for name in taken if name.endswith(".pdf")} <= {
        f"{outcome}/{name}" for outcome in ("imported", "double", "unmatched") for name in files
    }
    assert {name for name in taken if name.endswith(".txt")} == {f"{name}.txt" for name in taken if name.endswith(".pdf")}
    assert taken["unmatched/tanpa nomor.pdf"] == files["tanpa nomor.pdf"]
    assert taken["unmatched/tanpa nomor.pdf.txt"].decode().strip().endswith(".")
    for name in odd:
        assert lying[name] == b"x", "what lies elsewhere is left alone"
    [document] = office.admin.call("sicantik.document", "search", [])
    assert Counter(office.admin).take(document) == (200, content)
    code, checks, told = office.worker.doctor()
    assert (code, checks["documents"], checks["inbox"]) == (0, "good", "good"), told
    verified = office.worker.command("files", "verify")
    assert verified[0] == 0, verified
