"""PDFs in every form that a stamp or a signature field meets, made by hand where no program makes them so."""

from __future__ import annotations

import subprocess
from pathlib import Path

TEXT = "SURAT IZIN 503/0042/2026"
_CONTENT = f"BT /F1 24 Tf 72 400 Td ({TEXT}) Tj ET 0.5 g 72 380 200 10 re f"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_RESOURCES = "<< /Font << /F1 5 0 R >> >>"
_A4 = "[0 0 595 842]"


def stream(content: str | bytes, dictionary: str = "") -> bytes:
    """A stream as an object."""
    data = content.encode() if isinstance(content, str) else content
    return f"<< {dictionary} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def written(objects: dict[int, bytes], trailer: str = "") -> bytes:
    """A file with a table, as older programs write it."""
    file, rows = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {0: "0000000000 65535 f \n"}
    for number, body in sorted(objects.items()):
        rows[number] = f"{len(file):010} 00000 n \n"
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(file)
    file += b"xref\n" + "".join(f"{number} 1\n{row}" for number, row in rows.items()).encode()
    size = max(objects) + 1
    file += f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(file)


def page(
    *,
    page: str = f"/Contents 4 0 R /Resources {_RESOURCES} /MediaBox {_A4}",
    tree: str = "",
    catalog: str = "",
    content: str = _CONTENT,
    more: dict[int, bytes] | None = None,
) -> dict[int, bytes]:
    """The objects of a document of one page."""
    return {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        2: f"<< /Type /Pages /Kids [3 0 R] /Count 1 {tree} >>".encode(),
        3: f"<< /Type /Page /Parent 2 0 R {page} >>".encode(),
        4: stream(content),
        5: _FONT,
        **(more or {}),
    }


def many(count: int) -> dict[int, bytes]:
    """Pages that share their resources and a box above them, half of them turned."""
    objects = page()
    numbers = range(10, 10 + 2 * count, 2)
    objects[2] = (
        f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] /Count {count} "
        f"/MediaBox {_A4} /Resources 6 0 R /Rotate 90 >>"
    ).encode()
    del objects[3], objects[4]
    objects[6] = _RESOURCES.encode()
    for place, number in enumerate(numbers):
        turned = "/Rotate 0" if place % 2 else ""
        objects[number] = f"<< /Type /Page /Parent 2 0 R /Contents {number + 1} 0 R {turned} >>".encode()
        objects[number + 1] = stream(f"BT /F1 24 Tf 72 400 Td (Page {place + 1}) Tj ET")
    return objects


def hybrid() -> bytes:
    """A table that older readers understand, and beside it a stream with what they need not see."""
    objects = page()
    hidden = {5: objects.pop(5), 30: b"<< /Hidden true >>"}
    index, body = "", b""
    for number, text in hidden.items():
        index += f"{number} {len(body)} "
        body += text + b"\n"
    objects[20] = stream(index.encode() + body, f"/Type /ObjStm /N {len(hidden)} /First {len(index)}")
    file = written(objects)
    first = file.index(b"xref\n")
    table = file[first : file.index(b"trailer")]
    file = file[:first]
    rows = b"".join(b"\x02" + (20).to_bytes(4) + place.to_bytes(2) for place in range(2))
    at = len(file)
    beside = stream(rows, "/Type /XRef /W [1 4 2] /Index [5 1 30 1] /Size 31 /Root 1 0 R")
    file += b"21 0 obj\n" + beside + b"\nendobj\n"
    start = len(file)
    table += f"5 1\n0000000000 00000 f \n21 1\n{at:010} 00000 n \n30 1\n0000000000 00000 f \n".encode()
    return file + table + f"trailer\n<< /Size 31 /Root 1 0 R /XRefStm {at} >>\nstartxref\n{start}\n%%EOF\n".encode()


def _forms() -> dict[str, dict[int, bytes]]:
    contents, boxed = "/Contents 4 0 R", f"/MediaBox {_A4}"
    whole = f"{contents} /Resources {_RESOURCES}"
    link = "<< /Type /Annot /Subtype /Link /Rect [72 380 272 390] /Border [0 0 0] /A << /S /URI /URI (https://example.org/) >> >>"
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sender) /F 4 /Rect [72 300 272 320] /P 3 0 R >>"
    half = stream("0.5 g 72 380 200 10 re f Q")
    return {
        "plain": page(),
        "a box and resources above": page(page=contents, tree=f"{boxed} /Resources {_RESOURCES}"),
        "a box and resources that are objects": page(
            page=f"{contents} /MediaBox 8 0 R /Resources 9 0 R", more={8: _A4.encode(), 9: _RESOURCES.encode()}
        ),
        "a box that begins elsewhere": page(page=f"{whole} /MediaBox [-100 200 495 1042]"),
        "a box by its other corners": page(page=f"{whole} /MediaBox [595 842 0 0]"),
        "cut": page(page=f"{whole} {boxed} /CropBox [50 60 545.5 782.25]"),
        "cut and turned": page(page=f"{whole} {boxed} /CropBox [50 60 545 782] /Rotate 90"),
        "cut wider than the paper": page(page=f"{whole} {boxed} /CropBox [-50 -60 900 900]"),
        "lying": page(page=f"{whole} /MediaBox [0 0 842 595]"),
        "small": page(page=f"{whole} /MediaBox [0 0 300 200]"),
        "turned by 90": page(page=f"{whole} {boxed} /Rotate 90"),
        "turned by 180": page(page=f"{whole} {boxed} /Rotate 180"),
        "turned by 270": page(page=f"{whole} {boxed} /Rotate 270"),
        "turned back by 90": page(page=f"{whole} {boxed} /Rotate -90"),
        "turned above": page(page=f"{whole} /MediaBox [10 20 605 862]", tree="/Rotate 270"),
        "without contents": page(page=f"/Resources {_RESOURCES} {boxed}"),
        "without resources": page(page=f"{contents} {boxed}", content="0.5 g 72 380 200 10 re f"),
        "contents in pieces": page(
            page=f"/Contents [4 0 R 7 0 R] /Resources {_RESOURCES} {boxed}", content=f"q {_CONTENT}", more={7: half}
        ),
        "contents in an array that is an object": page(
            page=f"/Contents 8 0 R /Resources {_RESOURCES} {boxed}", content=f"q {_CONTENT}", more={7: half, 8: b"[4 0 R 7 0 R]"}
        ),
        "a state that is left behind": page(content=f"{_CONTENT} q q 0.1 0 0 0.1 300 300 cm 1 0 0 rg 0 0 10 10 re W n"),
        "a text in a hidden mark that is left open": page(
            page=f"{contents} /Resources << /Font << /F1 5 0 R >> /Properties << /M 8 0 R >> >> {boxed}",
            catalog="/OCProperties << /OCGs [8 0 R] /D << /OFF [8 0 R] >> >>",
            content=f"{_CONTENT} /OC /M BDC BT",
            more={8: b"<< /Type /OCG /Name (Draft) >>"},
        ),
        "drawings with the stamp's name": page(
            page=f"{contents} /Resources << /Font << /F1 5 0 R >> /XObject 8 0 R >> {boxed}",
            content=f"{_CONTENT} q 1 0 0 1 72 600 cm /Stamp Do Q",
            more={
                8: b"<< /Stamp 9 0 R /Stamp+ 9 0 R >>",
                9: stream("0 0 30 30 re f", "/Type /XObject /Subtype /Form /BBox [0 0 30 30]"),
            },
        ),
        "dark all over": page(content="0.2 g 0 0 595 842 re f"),
        "annotations": page(page=f"{whole} {boxed} /Annots [{link}]"),
        "annotations in an array that is an object": page(page=f"{whole} {boxed} /Annots 8 0 R", more={8: f"[{link}]".encode()}),
        "a form": page(
            page=f"{whole} {boxed} /Annots [9 0 R]", catalog="/AcroForm << /Fields [9 0 R] /DA (/Helv 0 Tf) >>", more={9: field}
        ),
        "a form that is an object": page(
            page=f"{whole} {boxed} /Annots [9 0 R]",
            catalog="/AcroForm 8 0 R",
            more={8: b"<< /Fields [9 0 R] /SigFlags 0 >>", 9: field},
        ),
        "fields in an array that is an object": page(
            page=f"{whole} {boxed} /Annots 7 0 R",
            catalog="/AcroForm 8 0 R",
            more={7: b"[9 0 R]", 8: b"<< /Fields 11 0 R /SigFlags 3 >>", 9: field, 11: b"[9 0 R]"},
        ),
        "300 pages": many(300),
    }


FORMS = _forms()
"""Objects by the form that they are in."""

WAYS = {
    "one by one": ("--object-streams=disable",),
    "object streams": ("--object-streams=generate",),
    "linearised": ("--linearize",),
    "linearised object streams": ("--object-streams=generate", "--linearize"),
}
"""How qpdf writes a file."""


def rewritten(folder: Path, file: bytes, *options: str) -> bytes:
    """A file as qpdf writes it with these options."""
    source, target = folder / "source.pdf", folder / "target.pdf"
    source.write_bytes(file)
    done = subprocess.run(["qpdf", source, *options, target], capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    return target.read_bytes()
