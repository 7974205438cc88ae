"""What a document costs on its way in and out, beside Odoo's own attachments on the same server in the same run."""

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from counter import Counter
from figures import Figures, Goal
from parts import Office
from processor import seconds_so_far
from riglib.processes import RigError
from riglib.session import Rig
from runs import office_of, simulator_of

ADDON = "sicantik_documents"
FILE_BYTES = 2_000_000
FILES = 5
"""Of each round and way."""
SHARE = 0.334
"""A third of the rate of Odoo's own attachments, at least."""
_BOUNDARY = "bench-of-documents"
Cost = tuple[float, float]
"""Seconds, and seconds of processors."""


@contextmanager
def office_with_documents(rig: Rig, permits: int = 1) -> Iterator[Office]:
    """Permits, and a worker whose key Odoo knows."""
    with simulator_of(rig, permits) as simulator, office_of(rig, simulator, ADDON) as office:
        office.unhurried(rate=1000)
        office.worker.start(SICANTIK__WORKER__LEASE_SECONDS="60")
        office.wait_end(office.order("permits"))
        yield office
        office.worker.stop()


def scan(size: int) -> bytes:
    """A page with a picture that nothing can be squeezed out of, in so many bytes: a permit that was scanned."""
    head = b"%%PDF-1.7\n1 0 obj<</Type/XObject/Subtype/Image/Width 1240/Height 1754/BitsPerComponent 8/ColorSpace/DeviceGray"
    head += b"/Filter/DCTDecode/Length %08d>>stream\n"
    drawn = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
    objects = (
        b"<</Type/Catalog/Pages 3 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</XObject<</Im0 1 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
    )
    rest, places = b"\nendstream\nendobj\n", []
    for number, content in enumerate(objects, 2):
        places.append(len(rest))
        rest += b"%d 0 obj%b\nendobj\n" % (number, content)
    row, end = b"%010d 00000 n \n", b"trailer<</Size 6/Root 2 0 R>>\nstartxref\n%010d\n%%%%EOF\n"
    table = b"xref\n0 6\n0000000000 65535 f \n" + row % 9
    picture = size - len(head % 0) - len(rest) - len(table) - len(places) * len(row % 0) - len(end % 0)
    begun = len(head % 0) + picture
    rows = b"".join(row % (begun + place) for place in places)
    return head % picture + secrets.token_bytes(picture) + rest + table + rows + end % (begun + len(rest))


@dataclass
class Way:
    """How a file goes in and comes out again. `pack`: what is sent of it; `bring`: its id; `address`: where it is."""

    label: str
    pack: Callable[[bytes], bytes]
    bring: Callable[[bytes], int]
    address: Callable[[int], str]
    costs: dict[str, list[Cost]] = field(default_factory=lambda: {"up": [], "down": []})

    def round(self, office: Office) -> None:
        """A few files go in, then they come out and are as they were."""
        contents = [scan(FILE_BYTES) for _ in range(FILES)]
        packed = [self.pack(content) for content in contents]
        ids = self._measured("up", lambda: [self.bring(body) for body in packed])
        addresses = [self.address(one) for one in ids]
        found = self._measured("down", lambda: [office.admin.fetch(address) for address in addresses])
        if found != [(200, content) for content in contents]:
            raise RigError(f"{self.label}: what came out is not what went in: {[status for status, _ in found]}")

    def _measured(self, step: str, act: Callable[[], list[Any]]) -> list[Any]:
        began, spent = time.monotonic(), seconds_so_far()
        done = act()
        self.costs[step].append((time.monotonic() - began, seconds_so_far() - spent))
        return done


def documents(rig: Rig, figures: Figures, rounds: int) -> None:
    """By one officer's session, one file after the other; whichever way is first changes by turns."""
    with office_with_documents(rig) as office:
        for number in range(256):
            # As in a place that has been in use: a new folder is brought to the disk, too.
            (office.worker.files / f"{number:02x}").mkdir(parents=True, exist_ok=True)
        odoos, ours = ways = [_odoos(office), _ours(office)]
        for number in range(rounds + 1):
            for way in ways[:: -1 if number % 2 else 1]:
                way.round(office)
    for step, done in (("up", "in"), ("down", "out")):
        # The first round fills Odoo's caches.
        pairs = list(zip(odoos.costs[step][1:], ours.costs[step][1:], strict=True))
        for name, way, costs in zip(("attachments", "documents"), ways, zip(*pairs, strict=True), strict=True):
            rates = [FILES * FILE_BYTES / 1e6 / seconds for seconds, _ in costs]
            figures.add(f"{name}_{done}", rates, "MB/s", f"files of {FILE_BYTES / 1e6:g} MB {done}, {way.label}")
        ratios = [odoo[0] / our[0] for odoo, our in pairs]
        figures.add(f"documents_{done}_ratio", ratios, "times", "  documents' rate beside it", Goal("≥", SHARE))
        work = sum(odoo[1] for odoo, _ in pairs) / sum(our[1] for _, our in pairs)
        figures.add(f"documents_{done}_processor", work, "times", "  the same in processor time, the worker's counted")


def _odoos(office: Office) -> Way:
    """Odoo's own attachments, as the paper clip at a permit sends them."""
    session = office.admin
    token = re.search(rb'csrf_token: "([^"]+)"', session.fetch("/odoo")[1])
    fields = {
        "csrf_token": token[1].decode() if token else "",
        "thread_model": "sicantik.permit",
        "thread_id": str(_permit(office)),
    }
    kind = f"multipart/form-data; boundary={_BOUNDARY}"

    def pack(content: bytes) -> bytes:
        parts = [f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="ufile"; filename="izin.pdf"\r\n'
        head += "Content-Type: application/pdf\r\n\r\n"
        return ("".join(parts) + head).encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()

    def bring(form: bytes) -> int:
        _, said = session.fetch("/mail/attachment/upload", form, **{"Content-Type": kind})
        data = json.loads(said)["data"]
        # Odoo 19, and 18.
        return data["attachment_id"] if "attachment_id" in data else data["ir.attachment"][0]["id"]

    return Way("Odoo's attachments", pack, bring, lambda attachment: f"/web/content/{attachment}")


def _ours(office: Office) -> Way:
    counter, permit = Counter(office.admin), _permit(office)

    def bring(content: bytes) -> int:
        said = counter.upload(content, permit=permit, name="izin.pdf")
        if said["state"] != "kept":
            raise RigError(f"a document was not kept: {said}")
        return said["document"]

    def address(document: int) -> str:
        return f"/sicantik/documents/{document}/{counter.read(document)['current_version_id'][0]}/izin.pdf"

    return Way("documents", bytes, bring, address)


def _permit(office: Office) -> int:
    return office.admin.call("sicantik.permit", "search", [], limit=1)[0]
