"""The counter of an office: somebody who brings documents in and takes them out, as the pages of Odoo do."""

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from riglib.rpc import Session


class Counter:
    """A signed-in person with documents in hand."""

    def __init__(self, session: Session) -> None:
        self.session = session
        _, page = session.fetch("/odoo")
        found = re.search(rb'csrf_token: "([^"]+)"', page)
        assert found, page[:2000]
        self._token = found[1].decode()

    def upload(self, content: bytes, **query: Any) -> dict[str, Any]:
        """What Odoo answers: `state`, `sentence`, `document`. `query` says where it goes: `permit` or `document`; `name`."""
        headers = {
            "Content-Type": "application/octet-stream",
            "X-CSRF-Token": self._token,
            "X-Sicantik-Name": quote(query.pop("name")),
        }
        status, answer = self.session.fetch(f"/sicantik/documents/upload?{urlencode(query)}", content, **headers)
        said = json.loads(answer)
        assert status == 200, (status, said)
        return said

    def read(self, document: int) -> dict[str, Any]:
        """The document, and its versions."""
        names = ["number", "name", "state", "stage", "is_waiting", "refusal", "current_version_id", "version_ids"]
        [found] = self.session.call("sicantik.document", "read", [document], names)
        return found

    def take(self, document: int, version: int = 0) -> tuple[int, bytes]:
        """The bytes of a version, by default the current one: status and body."""
        version = version or self.read(document)["current_version_id"][0]
        return self.session.fetch(f"/sicantik/documents/{document}/{version}/dokumen.pdf")


def pdf(words: str, size: int = 0, also: bytes = b"") -> bytes:
    """A page with these lines, filled up to as many bytes; `also` stands in the catalogue."""
    lines = words.encode("ascii", "replace").replace(b"(", rb"\(").replace(b")", rb"\)").split(b"\n")
    drawn = b"BT /F1 12 Tf 16 TL 72 760 Td (" + b") Tj T* (".join(lines) + b") Tj ET"
    drawn += b" " * max(size - 700, 0)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R%b>>" % also,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    text, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj%b\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        text + b"xref\n0 6\n0000000000 65535 f \n" + rows + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(text)
    )
