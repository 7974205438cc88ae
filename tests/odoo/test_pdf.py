"""What the worker says of PDFs that other programs made, and that qpdf, an independent reader, accepts what it takes."""

import json
import random
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from parts import WORKER, check_built
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

pytestmark = pytest.mark.one_version

SIGNED = Path(__file__).parent / "pdfs"
"""Made once, as its README says."""
TEXT = "IZIN MENDIRIKAN 503/0042/DPMPTSP/2026"


def look(file: bytes, most_pages: int = 500, allow_embedded: bool = False, wants_original: bool = False) -> dict[str, Any] | str:
    """What the worker's child says: what it saw, or the code of a refusal."""
    limits = {"most_pages": most_pages, "allow_embedded": allow_embedded, "wants_original": wants_original}
    order = json.dumps({"size": len(file), "work": {"look": limits}}).encode()
    command = [WORKER, "read-pdf", "--largest", str(len(file))]
    done = subprocess.run(command, input=order + b"\n" + file, capture_output=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    return answer.get("seen") or answer["refused"]


def qpdf_says(file: bytes, folder: Path) -> int:
    """0: all well. 2: an error. 3: warnings."""
    path = folder / "judged.pdf"
    path.write_bytes(file)
    return subprocess.run(["qpdf", "--check", path], capture_output=True, timeout=60).returncode


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    check_built()


@pytest.fixture(scope="module")
def permit() -> bytes:
    """Three pages with text and a picture, as an office's program makes them."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=(595, 842))
    canvas.setTitle("Surat Izin")
    for number in range(1, 4):
        canvas.drawString(72, 760, f"{TEXT} {number}")
        picture = BytesIO()
        _picture().save(picture, "PNG")
        canvas.drawImage(ImageReader(picture), 72, 500, 200, 200)
        canvas.linkURL("https://example.org/", (72, 480, 200, 500))
        canvas.bookmarkPage(f"page{number}")
        canvas.addOutlineEntry(f"Page {number}", f"page{number}")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _picture() -> Any:
    return Image.effect_noise((120, 120), 60)


@pytest.fixture
def by_qpdf(tmp_path: Path) -> Callable[..., bytes]:
    """A file as qpdf writes it with these options."""

    def rewritten(file: bytes, *options: str) -> bytes:
        source, target = tmp_path / "source.pdf", tmp_path / "target.pdf"
        source.write_bytes(file)
        done = subprocess.run(["qpdf", source, *options, target], capture_output=True, text=True)
        assert done.returncode in (0, 3), done.stderr
        return target.read_bytes()

    return rewritten


WAYS = {
    "as it was": (),
    "linearised": ("--linearize",),
    "object streams": ("--object-streams=generate",),
    "both": ("--object-streams=generate", "--linearize"),
    "no object streams": ("--object-streams=disable",),
    "readable": ("--qdf",),
    "unpacked": ("--stream-data=uncompress",),
    "older": ("--force-version=1.3", "--object-streams=disable"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_program_writes_in_any_way_is_taken(way: str, permit: bytes, by_qpdf: Any, tmp_path: Path) -> None:
    file = by_qpdf(permit, *WAYS[way]) if WAYS[way] else permit
    seen = look(file)
    assert isinstance(seen, dict), seen
    assert (seen["pages"], seen["title"], seen["signatures"]) == (3, "Surat Izin", 0)
    assert f"{TEXT} 1" in seen["text"] and f"{TEXT} 2" in seen["text"] and f"{TEXT} 3" not in seen["text"]
    assert qpdf_says(file, tmp_path) == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--encrypt", "", "owner", "256", "--"),
        ("--encrypt", "user", "owner", "256", "--"),
        ("--encrypt", "", "owner", "128", "--use-aes=y", "--"),
        ("--allow-weak-crypto", "--encrypt", "", "owner", "40", "--"),
        ("--object-streams=generate", "--encrypt", "", "owner", "256", "--"),
    ],
)
def test_what_is_encrypted_is_refused_also_without_a_password(options: tuple[str, ...], permit: bytes, by_qpdf: Any) -> None:
    assert look(by_qpdf(permit, *options)) == "encrypted"


def test_a_file_inside_is_found_and_gone_when_it_was_taken_out(permit: bytes, by_qpdf: Any, tmp_path: Path) -> None:
    inside = tmp_path / "data.txt"
    inside.write_text("data")
    file = by_qpdf(permit, "--object-streams=generate", "--add-attachment", str(inside), "--")
    assert look(file) == "embedded_files"
    assert isinstance(look(file, allow_embedded=True), dict)
    assert isinstance(look(by_qpdf(file, "--remove-attachment=data.txt")), dict)


def test_a_script_is_found_in_whatever_way_it_is_written(by_qpdf: Any) -> None:
    file = _with_script()
    assert look(file) == "javascript"
    for way, options in WAYS.items():
        if options:
            assert look(by_qpdf(file, *options)) == "javascript", way


def _with_script() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_what_is_damaged_is_taken_when_it_was_mended(permit: bytes, by_qpdf: Any) -> None:
    for damaged in (permit[:-20], permit.replace(b"startxref", b"startxxxx"), permit[:300] + b"\n" + permit[300:]):
        assert look(damaged) == "damaged"
        assert isinstance(look(by_qpdf(damaged, "--object-streams=generate")), dict)


def test_a_signature_counts_and_is_no_original() -> None:
    for path, signatures in ((SIGNED / "signed.pdf", 1), (SIGNED / "signed-twice.pdf", 2)):
        seen = look(path.read_bytes())
        assert isinstance(seen, dict) and seen["signatures"] == signatures, seen
        assert look(path.read_bytes(), wants_original=True) == "signed"


def test_what_other_programs_print_is_taken(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><head><title>Surat Izin</title></head><body><h1>{TEXT}</h1></body></html>")
    target = tmp_path / "printed.pdf"
    chromium = ["chromium-headless-shell", "--no-sandbox", f"--print-to-pdf={target}", f"file://{page}"]
    for command in (["wkhtmltopdf", "--quiet", page, target], chromium):
        target.unlink(missing_ok=True)
        subprocess.run(command, capture_output=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
        seen = look(target.read_bytes())
        assert isinstance(seen, dict) and seen["pages"] == 1, (command[0], seen)
        assert qpdf_says(target.read_bytes(), tmp_path) == 0, command[0]
        assert TEXT.replace(" ", "") in seen["text"].replace(" ", "").replace("\n", ""), (command[0], seen["text"])


def test_what_qpdf_cannot_read_is_not_taken(permit: bytes, by_qpdf: Any, tmp_path: Path) -> None:
    """Bits are flipped at random: most such files are refused, and qpdf has no error in those that are taken."""
    chance = random.Random(20260713)
    small = by_qpdf(permit, "--pages", ".", "1", "--")
    files = [small, by_qpdf(small, "--object-streams=generate")]
    taken = 0
    for round_ in range(200):
        file = bytearray(files[round_ % 2])
        for _ in range(chance.randint(1, 3)):
            file[chance.randrange(len(file))] ^= 1 << chance.randrange(8)
        if isinstance(look(bytes(file)), dict):
            taken += 1
            (tmp_path / "flipped.pdf").write_bytes(file)
            assert qpdf_says(bytes(file), tmp_path) != 2, round_
    assert 0 < taken < 200
