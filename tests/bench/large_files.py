"""How much the worker grows while ten files of 32 MiB come, or go, at once. The readers of PDFs, which are processes of
their own, are measured apart."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents import office_with_documents, scan
from figures import Figures, Goal
from parts import Office
from riglib.session import Rig
from runs import memory_mib

MIB = 1024 * 1024
SIZE_MIB = 32
"""As large as a file may be, unless the office says otherwise."""
COUNT = 10
LIMITS = {"in": 192, "out": 16}
"""MiB."""
_LOOK_SECONDS = 0.02
# By the addon's own hands, from a process beside Odoo: in Odoo's they would take turns. Each file has another picture.
_IN = """
import hashlib, json, threading
from odoo.addons.sicantik_documents.tools.files import Body, send
from odoo.addons.sicantik_documents.tools.sealed import PIECE_BYTES, seal
documents, permit = env["sicantik.document"], env["sicantik.permit"].search([], limit=1)
config = permit.config_id
worker, point, content = config._files_worker(), config._sealing_point(), bytearray(open({path!r}, "rb").read())
ready = {{}}
for number in range({count}):
    content[1000:1016] = number.to_bytes(16, "big")
    digest = hashlib.sha256(content).hexdigest()
    parcel = documents._pack(permit, documents, 0, "original", "izin.pdf", len(content), digest)
    pieces = [bytes(content[at : at + PIECE_BYTES]) for at in range(0, len(content), PIECE_BYTES)]
    ready[parcel.version] = Body(seal(point, documents._head(config, parcel), pieces)), digest
said = []
threads = [threading.Thread(target=lambda one=one: said.append(send(worker, one, *ready[one]).outcome)) for one in ready]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert said == ["kept"] * {count}, said
print(json.dumps(list(ready)))
"""
_OUT = """
import hashlib, json, threading
from odoo.addons.sicantik_documents.tools.files import Fetched
worker, sound = env["sicantik.config"].search([])._files_worker(), []
def take(version):
    fetched, digest = Fetched(worker, version), hashlib.sha256()
    for piece in fetched:
        digest.update(piece)
    fetched.close()
    sound.append(digest.hexdigest() == fetched.digest)
threads = [threading.Thread(target=take, args=(version,)) for version in {versions}]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert sound == [True] * {count}, sound
print(json.dumps(len(sound)))
"""


def large_files(rig: Rig, figures: Figures) -> None:
    """By a worker that has just begun, so that nothing is counted as its own that is left of earlier ones."""
    path = rig.folder / "scan.pdf"
    path.write_bytes(scan(SIZE_MIB * MIB))
    with office_with_documents(rig) as office:
        versions = _grows(office, figures, "in", _IN.format(path=str(path), count=COUNT))
        _grows(office, figures, "out", _OUT.format(versions=versions, count=COUNT))
    path.unlink()


def _grows(office: Office, figures: Figures, way: str, code: str) -> Any:
    office.worker.stop()
    process = office.worker.start().process
    assert process
    before = memory_mib(process.pid, "VmRSS")
    said, readers = _watched(process.pid, lambda: office.odoo.shell(code))
    growth = memory_mib(process.pid, "VmHWM") - before
    head = f"{COUNT} files of {SIZE_MIB} MiB {way} at once: the worker grows by"
    figures.add(f"large_files_{way}_mib", growth, "MiB", head)
    text = f"  of the {LIMITS[way]} MiB that it may grow by"
    figures.add(f"large_files_{way}", growth / LIMITS[way], "times", text, Goal("<", 1))
    if readers:
        figures.add("large_files_reader_mib", max(readers.values()), "MiB", "  the largest reader, a process of its own")
    return said


def _watched(worker: int, act: Callable[[], Any]) -> tuple[Any, dict[int, float]]:
    """What comes of it; how large each child of the worker was meanwhile."""
    children: dict[int, float] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_SECONDS):
            for child in Path(f"/proc/{worker}/task/{worker}/children").read_text().split():
                children[int(child)] = max(children.get(int(child), 0), memory_mib(int(child), "VmHWM"))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        return act(), children
    finally:
        over.set()
        watch.join()
