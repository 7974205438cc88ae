"""Documents in a bucket of S3 (moto's server, which checks keys, or any other: tests/odoo/gateway.py): kept there, and nothing
is lost while it fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bucket import Bucket, of_tests
from counter import Counter, pdf
from notices import run_action
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig
from test_documents import SEND, WORDS, nothing_lies_in_odoo, permits


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
    office.worker.environment |= bucket.environment()
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office


def test_documents_lie_sealed_in_the_bucket_and_come_back(office: Office, bucket: Bucket) -> None:
    counter = Counter(office.admin)
    content, permit = pdf(WORDS, 3_000_000), permits(office)[0]
    said = counter.upload(content, permit=permit, name="izin.pdf")
    assert said["state"] == "kept", said
    assert counter.take(said["document"]) == (200, content)
    nothing_lies_in_odoo(office, content)
    [(key, raw)] = bucket.objects().items()
    assert key.startswith("kantor/contoh/")
    assert b"%PDF" not in raw
    assert b"BUDI" not in raw
    assert not office.worker.files.exists(), "nothing is put into the folder"
    assert counter.upload(content, permit=permits(office)[1], name="izin.pdf")["state"] == "kept"
    assert len(bucket.objects()) == 1
    code, checks, told = office.worker.doctor()
    assert (code, checks["documents"]) == (0, "good"), told
    assert list(bucket.objects()) == [key], "what doctor put there is gone"
    has_versions = bucket.ask("get_bucket_versioning", Bucket=bucket.name).get("Status") == "Enabled"
    assert f"bucket versioning is {'on' if has_versions else 'off'}" in told, told
    assert f"object lock is {'on' if has_versions else 'off'}" in told, told

    # Somebody cleans the bucket: it is said, and the same file heals it.
    bucket.ask("delete_object", Bucket=bucket.name, Key=key)
    assert counter.take(said["document"])[0] == 410
    assert counter.upload(content, permit=permits(office)[2], name="izin.pdf")["state"] == "kept"
    assert counter.take(said["document"]) == (200, content)


@pytest.mark.one_version
def test_while_the_bucket_refuses_or_is_away_documents_wait(office: Office, bucket: Bucket) -> None:
    counter = Counter(office.admin)
    first = counter.upload(pdf(WORDS), permit=permits(office)[0], name="izin.pdf")
    assert first["state"] == "kept", first
    office.worker.stop()
    good = office.worker.environment["SICANTIK__FILES__S3_SECRET_KEY"]
    for wrong in ({"SICANTIK__FILES__S3_SECRET_KEY": "kunci-yang-salah"}, {"SICANTIK__FILES__S3_BUCKET": "tidak-ada"}):
        office.worker.environment |= wrong
        office.worker.start(**QUICK_LEASE)
        assert counter.take(first["document"])[0] == 503
        code, checks, told = office.worker.doctor()
        assert (code, checks["documents"]) == (1, "bad"), told
        assert "files.s3_" in told, told
        office.worker.stop()
        office.worker.environment |= bucket.environment()
    assert good not in office.worker.log_text()
    office.worker.environment["SICANTIK__FILES__S3_SECRET_KEY"] = "kunci-yang-salah"
    office.worker.start(**QUICK_LEASE)
    content = pdf(WORDS, 200_000)
    said = counter.upload(content, permit=permits(office)[1], name="menunggu.pdf")
    assert said["state"] == "waiting", said
    office.worker.stop()
    office.worker.environment |= bucket.environment()
    office.worker.start(**QUICK_LEASE)
    run_action(office.admin, SEND)
    assert counter.take(said["document"]) == (200, content)
