"""Pages to sign, written by hand so that each object has a known number, and updates of them."""

import re
import subprocess
from pathlib import Path

CATALOG, PAGES, PAGE, TEXT, FONT, INFO, FORM, FIELD, NOTE, METADATA = range(1, 11)
WORDS = b"BT /F1 14 Tf 72 700 Td (IZIN 503/0042/DPMPTSP/2026) Tj ET"
OTHER_WORDS = b"BT /F1 14 Tf 72 700 Td (IZIN PALSU 503/9999/DPMPTSP/2026) Tj ET"


def stream(content: bytes, dictionary: bytes = b"") -> bytes:
    """An object with data."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


def objects(*, catalog: bytes = b"", page: bytes = b"", form: bool = False, **more: bytes) -> dict[int, bytes]:
    """One page with a text; with a form, a field for a name, too."""
    xmp = (
        b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta><?xpacket end='w'?>"
    )
    made = {
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        TEXT: stream(WORDS),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        INFO: b"<< /Title (Surat Izin) >>",
        NOTE: b"<< /Type /Annot /Subtype /Text /Rect [20 20 40 40] /Contents (Lunas) >>",
        METADATA: stream(xmp, b"/Type /Metadata /Subtype /XML"),
    }
    annotations = b"9 0 R"
    if form:
        made[FORM] = b"<< /Fields [8 0 R] /DR << /Font << /F1 5 0 R >> >> /DA (/F1 12 Tf 0 g) >>"
        made[FIELD] = (
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (nama) /V (Budi) /Rect [72 600 300 620] /P 3 0 R /F 4"
            b" /DA (/F1 12 Tf 0 g) >>"
        )
        annotations, catalog = b"9 0 R 8 0 R", catalog + b" /AcroForm 7 0 R"
    made[CATALOG] = b"<< /Type /Catalog /Pages 2 0 R /Metadata 10 0 R %s >>" % catalog
    made[PAGE] = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [%s] %s >>" % (
        annotations,
        page,
    )
    return made | {int(number[1:]): body for number, body in more.items()}


def sheet(**wanted: object) -> bytes:
    """A file with a table."""
    return _with_table(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", objects(**wanted), None)  # type: ignore[arg-type]


def start_of_table(file: bytes) -> int:
    """Where the last table begins."""
    return int(re.findall(rb"startxref\s+(\d+)", file)[-1])


def update(
    file: bytes,
    changed: dict[int, bytes],
    *,
    freed: tuple[int, ...] = (),
    previous: int | None = None,
    kept: tuple[int, ...] = (),
) -> bytes:
    """An update by hand, as somebody makes it who has no key. Of those that are kept, the table says again where they are."""
    before = start_of_table(file) if previous is None else previous
    return _with_table(file if file.endswith(b"\n") else file + b"\n", changed, before, freed, kept)


def _with_table(
    file: bytes, changed: dict[int, bytes], previous: int | None, freed: tuple[int, ...] = (), kept: tuple[int, ...] = ()
) -> bytes:
    rows = {number: b"0000000000 00001 f " for number in freed}
    rows |= {number: b"%010d 00000 n " % (file.rindex(b"\n%d 0 obj" % number) + 1) for number in kept}
    for number, body in sorted(changed.items()):
        rows[number] = b"%010d 00000 n " % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    table = b"".join(b"%d 1\n%s\n" % (number, rows[number]) for number in sorted(rows))
    size = max(*rows, *(int(size) - 1 for size in re.findall(rb"/Size (\d+)", file)), 0) + 1
    first = b"0 1\n0000000000 65535 f \n" if previous is None else b""
    before = b"" if previous is None else b"/Prev %d " % previous
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s>>\n" % (size, before)
    return file + b"xref\n" + first + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def by_qpdf(file: bytes, folder: Path, *options: str) -> bytes:
    """The same as qpdf writes it."""
    source, target = folder / "source.pdf", folder / "target.pdf"
    source.write_bytes(file)
    subprocess.run(["qpdf", source, *options, target], check=True, capture_output=True)
    return target.read_bytes()


def body(file: bytes, number: int) -> bytes:
    """The last version of an object that stands in the file itself."""
    found = list(re.finditer(rb"(?:^|[\r\n])%d 0 obj\s" % number, file))
    start = found[-1].end()
    return file[start : file.index(b"endobj", start)].strip()
