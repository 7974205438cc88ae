"""A document at its public address, end to end: a stranger gets what the office hands out, and nothing once it does not."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from counter import Counter, pdf
from notices import make_it_day
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from riglib import processes
from riglib.plugin import served
from riglib.rpc import DIRECT
from riglib.server import Odoo
from riglib.session import Rig

WORDS = "IZIN CONTOH MILIK BUDI CONTOH"
LIVE = 'env["sicantik.config"].search([]).write({"go_live_date": "2000-01-01", "user_id": env.ref("base.user_admin").id})'
CANCEL = """
env["sicantik.permit"].browse({permit}).write({{"status": "cancelled", "cancel_reason": "x", "ending": "cancelled"}})
"""


@pytest.fixture
def odoo(rig: Rig) -> Iterator[Odoo]:
    yield from served(rig, "sicantik_documents")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Five permits, and a worker that the internet reaches."""
    office = make_office(permits=5)
    make_it_day(office.odoo)
    office.odoo.shell(LIVE)
    listen = f"127.0.0.1:{processes.free_port()}"
    office.worker.environment |= {"SICANTIK__PUBLIC__LISTEN": listen, "SICANTIK__PUBLIC__ADDRESS": f"http://{listen}"}
    office.worker.start(**QUICK_LEASE)
    assert office.wait_end(office.order("permits"))["state"] == "done"
    return office


def stranger(address: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, as somebody gets them who has nothing but the address."""
    request = urllib.request.Request(address, method=method)
    try:
        with DIRECT.open(request, timeout=30) as response:
            status, headers, body = response.status, response.headers, response.read()
    except urllib.error.HTTPError as refusal:
        status, headers, body = refusal.code, refusal.headers, refusal.read()
    return status, {name.lower(): value for name, value in headers.items() if name.lower() != "date"}, body


def press(office: Office, button: str, document: int) -> str:
    """The address, where the button says one."""
    said = office.admin.call("sicantik.document", button, [document])
    return said["params"]["url"] if isinstance(said, dict) else ""


def publish(office: Office, permit: int) -> None:
    [found] = office.admin.call("sicantik.permit", "read", [permit], ["permit_type_id"])
    office.admin.call("sicantik.permit.type", "action_publish_documents", [found["permit_type_id"][0]])


def test_a_stranger_gets_what_the_office_hands_out(office: Office) -> None:
    counter, content = Counter(office.admin), pdf(WORDS, 400_000)
    permit = office.admin.call("sicantik.permit", "search", [("status", "=", "active")], limit=1)[0]
    document = counter.upload(content, permit=permit, name="izin BUDI.pdf")["document"]
    publish(office, permit)
    ready = [("permit_id", "=", permit), ("kind", "=", "permit_ready")]
    assert office.admin.call("sicantik.notice", "search_count", ready) == 0
    press(office, "action_ready", document)
    [notice] = office.admin.call("sicantik.notice", "search_read", ready, ["state", "download_link"])
    assert notice["state"] != "cancelled"
    address = press(office, "action_public_address", document)
    assert notice["download_link"] == address

    status, headers, body = stranger(address)
    assert (status, body, headers["content-type"]) == (200, content, "application/pdf")
    assert "BUDI" not in str(headers), "a name stands in no header"
    status, headers, body = stranger(address, "HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(content)), b"")

    # A draft is for the office alone; ready again it is the same address, and nobody is told twice.
    press(office, "action_draft", document)
    assert stranger(address)[0] == 410
    press(office, "action_ready", document)
    assert stranger(address)[::2] == (200, content)
    assert office.admin.call("sicantik.notice", "search_count", [*ready, ("state", "!=", "cancelled")]) == 1

    # The newest version; then the address is taken back, and is as one that never was.
    newer = pdf("VERSI DUA")
    assert counter.upload(newer, document=document, name="lagi.pdf")["state"] == "kept"
    assert stranger(address)[::2] == (200, newer)
    press(office, "action_take_back_address", document)
    never = address[:-4] + ("AAAA" if not address.endswith("AAAA") else "BBBB")
    assert stranger(address) == stranger(never)
    assert stranger(address)[0] == 404
    press(office, "action_new_address", document)
    other = press(office, "action_public_address", document)
    assert (stranger(other)[0], stranger(address)[0]) == (200, 404)

    office.odoo.shell(CANCEL.format(permit=permit))
    status, _, body = stranger(other)
    assert status == 410
    assert b"di kantor perizinan" in body
    assert b"BUDI" not in body
    said = office.worker.log_text()
    assert not any(one.rpartition("/")[2] in said for one in (address, other)), "a token stands in the worker's log"


def test_while_odoo_is_away_a_stranger_is_asked_to_come_again(office: Office) -> None:
    counter, content = Counter(office.admin), pdf(WORDS)
    permit = office.admin.call("sicantik.permit", "search", [("status", "=", "active")], limit=1)[0]
    document = counter.upload(content, permit=permit, name="izin.pdf")["document"]
    publish(office, permit)
    press(office, "action_ready", document)
    address = press(office, "action_public_address", document)
    assert stranger(address)[0] == 200
    office.odoo.stop()
    status, headers, _ = stranger(address)
    assert (status, "retry-after" in headers) == (503, True)
    office.odoo.start()
    worker = office.worker.process
    assert worker
    processes.wait_until(lambda: stranger(address)[::2] == (200, content), process=worker, seconds=60, what="the document")
