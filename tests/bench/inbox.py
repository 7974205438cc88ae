"""What a PDF costs the worker that comes by the inbox, beside hashing and encrypting the same bytes by OpenSSL in one run."""

import hashlib
import os
import secrets
import time
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from documents import FILE_BYTES, office_with_documents, scan
from figures import Figures, Goal
from parts import Office
from riglib.processes import RigError
from riglib.session import Rig

COUNT = 1_000
TIMES = 3.0
"""Of hashing and encrypting, at most."""
_PIECE = 64 * 1024
_LIMIT_SECONDS = 900.0
_TICK = os.sysconf("SC_CLK_TCK")


def inbox(rig: Rig, figures: Figures) -> None:
    """A thousand scans lie there at once, each with the number of a permit in its name."""
    folder = rig.folder / "masuk"
    folder.mkdir()
    with office_with_documents(rig) as office:
        office.worker.stop()
        domain = [("permit_number", "!=", False)]
        [permit] = office.admin.call("sicantik.permit", "search_read", domain, ["permit_number"], limit=1)
        number = permit["permit_number"].replace("/", "_")
        clock = processor = 0.0
        for turn in range(COUNT):
            path = folder / f"{number} pindai {turn}.pdf"
            path.write_bytes(scan(FILE_BYTES))
            began, spent = time.monotonic(), time.process_time()
            _hash_and_encrypt(path)
            clock += time.monotonic() - began
            processor += time.process_time() - spent
        took, worked = _import(office, folder)
    name = f"inbox: {COUNT:,} files of {FILE_BYTES / 1e6:g} MB"
    figures.add("inbox_rate", COUNT / took, "a second", f"{name} are documents of their permits")
    text = f"  what each costs the worker, beside hashing and encrypting it ({processor / COUNT * 1000:.1f} ms of processor)"
    figures.add("inbox_processor", worked / processor, "times", text, Goal("≤", TIMES))
    figures.add("inbox_time", took / clock, "times", "  the same by the clock, with Odoo and the disk")


def _hash_and_encrypt(path: Path) -> None:
    """As the worker has to, and nothing else: read, hashed, sealed in numbered pieces."""
    content = memoryview(path.read_bytes())
    hashlib.sha256(content).hexdigest()
    cipher = AESGCM(secrets.token_bytes(32))
    for number, at in enumerate(range(0, len(content), _PIECE)):
        cipher.encrypt(number.to_bytes(12, "big"), content[at : at + _PIECE], None)


def _import(office: Office, folder: Path) -> tuple[float, float]:
    """Seconds from the first file to the last, and seconds of processors of the worker and the readers that it started."""
    settings = {"SICANTIK__INBOX__FOLDER": str(folder), "SICANTIK__INBOX__STILL_SECONDS": "1"}
    process = office.worker.start(SICANTIK__WORKER__LEASE_SECONDS="60", **settings).process
    assert process
    limit = time.monotonic() + _LIMIT_SECONDS
    while len(list(folder.glob("*.pdf"))) == COUNT and time.monotonic() < limit:
        time.sleep(0.01)
    began, spent = time.monotonic(), _seconds_of(process.pid)
    while list(folder.glob("*.pdf")) and time.monotonic() < limit:
        time.sleep(0.1)
    took, worked = time.monotonic() - began, _seconds_of(process.pid) - spent
    imported = office.admin.call("sicantik.document", "search_count", [])
    if imported != COUNT:
        raise RigError(f"{imported} of {COUNT} files were imported within {_LIMIT_SECONDS:.0f} s")
    return took, worked


def _seconds_of(pid: int) -> float:
    """User and system time, its own and that of its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK
