"""Stamps as others see them: qpdf accepts the file, a reader of QR codes finds the address, also askew, and words are found."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paper import DPI, box, codes, difference, photographed, picture, words
from parts import check_built
from pdf_forms import FORMS, WAYS, hybrid, page, rewritten, written
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from revised import ADDRESS, CONTROL, NUMBER, STAMP, ask, qpdf_says, refusal, stamped

pytestmark = pytest.mark.one_version

MARGIN = 18
SIDE = 57
QUIET = 4 / 41 * SIDE
"""Of a code of 41 modules, in points: what is white around it, where the address makes it so."""
SIGNED = Path(__file__).parent / "pdfs"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    check_built()


@pytest.fixture
def by_qpdf(tmp_path: Path) -> Callable[..., bytes]:
    return lambda file, *options: rewritten(tmp_path, file, *options)


def check_page(before: bytes, after: bytes, folder: Path, number: int = 1) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """The page is as it was but for the stamp, which lies on it, upright, and can be read."""
    was, now = picture(before, folder, number), picture(after, folder, number)
    found = codes(now)
    assert [code.text for code in found] == [ADDRESS]
    assert abs(found[0].orientation) <= 1
    left, top, right, bottom = box(found[0])
    side = SIDE * DPI / 72
    assert abs(right - left - side) < 3 and abs(bottom - top - side) < 3, (box(found[0]), side)
    changed = difference(was, now)
    assert changed is not None and changed[0] >= left - side / 4 and changed[1] >= top - side / 4, changed
    assert changed[2] <= right + 3.5 * side and changed[3] <= bottom + side / 4, changed
    assert changed[2] < now.width - 1 and changed[3] < now.height - 1, changed
    text = words(after, folder, number)
    assert NUMBER in text and CONTROL in text, text
    return now, box(found[0])


@pytest.mark.parametrize("form", FORMS)
def test_a_stamp_is_read_from_every_form_of_a_page(form: str, tmp_path: Path) -> None:
    file = written(FORMS[form])
    assert qpdf_says(file, tmp_path) == ""
    after = stamped(file)
    assert after.startswith(file)
    assert qpdf_says(after, tmp_path) == ""
    seen, around = check_page(file, after, tmp_path)
    left, _, _, bottom = around
    place = (MARGIN + QUIET) * DPI / 72
    assert abs(left - place) < 4 and abs(seen.height - bottom - place) < 4, (left, seen.height - bottom, place)
    assert ADDRESS in [code.text for code in codes(photographed(seen, around))]
    answer, _ = ask(after, {"look": {"most_pages": 500, "allow_embedded": False, "wants_original": True}})
    assert "seen" in answer, answer


@pytest.mark.parametrize("form", FORMS)
def test_a_stamp_is_read_whatever_way_the_objects_are_written(form: str, by_qpdf: Any, tmp_path: Path) -> None:
    file = by_qpdf(written(FORMS[form]), *WAYS["object streams"])
    after = stamped(file)
    assert after.startswith(file) and qpdf_says(after, tmp_path) == ""
    assert [code.text for code in codes(picture(after, tmp_path))] == [ADDRESS]
    assert NUMBER in words(after, tmp_path)


@pytest.mark.parametrize("way", WAYS)
def test_a_stamp_on_what_a_program_wrote(way: str, by_qpdf: Any, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "made.pdf"), pagesize=(612, 792))
    canvas.drawString(72, 700, "Surat Izin")
    canvas.save()
    file = by_qpdf((tmp_path / "made.pdf").read_bytes(), *WAYS[way])
    after = stamped(file)
    assert after.startswith(file) and qpdf_says(after, tmp_path) == ""
    check_page(file, after, tmp_path)


def test_a_stamp_on_what_other_programs_print(tmp_path: Path) -> None:
    html, printed = tmp_path / "page.html", tmp_path / "printed.pdf"
    html.write_text("<html><body><h1>Surat Izin</h1><p style='color: red'>Kota Contoh</p><a href='https://example.org/'>x</a>")
    chromium = ["chromium-headless-shell", "--no-sandbox", f"--print-to-pdf={printed}", f"file://{html}"]
    for command in (["wkhtmltopdf", "--quiet", html, printed], chromium):
        printed.unlink(missing_ok=True)
        subprocess.run(command, capture_output=True, timeout=120, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
        file = printed.read_bytes()
        after = stamped(file)
        assert qpdf_says(after, tmp_path) == "", command[0]
        check_page(file, after, tmp_path)


def test_a_stamp_is_read_from_a_file_for_older_and_newer_readers(tmp_path: Path) -> None:
    file = hybrid()
    assert qpdf_says(file, tmp_path) == ""
    after = stamped(file)
    assert after.startswith(file) and qpdf_says(after, tmp_path) == ""
    check_page(file, after, tmp_path)


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("corner", ["top_left", "top_right", "bottom_left", "bottom_right"])
def test_a_corner_is_that_which_is_seen(corner: str, turned: int, tmp_path: Path) -> None:
    boxes = f"/MediaBox [-30 40 565 882] /CropBox [0 50 500 800] /Rotate {turned}"
    file = written(page(page=f"/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {boxes}"))
    after = stamped(file, place={"corner": corner})
    seen, (left, top, right, bottom) = check_page(file, after, tmp_path)
    assert (top < seen.height / 3) == corner.startswith("top") and (bottom > seen.height * 2 / 3) == corner.startswith("bottom")
    assert (left < seen.width / 3) == corner.endswith("left")
    assert (right > seen.width / 3) == corner.endswith("right")


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_place_is_counted_from_the_lower_left_that_is_seen(turned: int, tmp_path: Path) -> None:
    boxes = f"/MediaBox [-30 40 565 882] /Rotate {turned}"
    file = written(page(page=f"/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> {boxes}"))
    after = stamped(file, place={"at": {"x": 120.0, "y": 210.0}}, side=80.0, words=[])
    seen = picture(after, tmp_path)
    left, _, _, bottom = box(codes(seen)[0])
    quiet = 4 / 41 * 80
    place = ((120 + quiet) * DPI / 72, (210 + quiet) * DPI / 72)
    assert abs(left - place[0]) < 4 and abs(seen.height - bottom - place[1]) < 4, (left, bottom, place)


def test_first_last_and_all_pages(tmp_path: Path) -> None:
    file = written(FORMS["300 pages"])
    for pages, with_stamp, without in (("first", (1,), (2, 300)), ("last", (300,), (1, 299)), ("all", (1, 2, 151, 300), ())):
        after = stamped(file, pages=pages)
        assert qpdf_says(after, tmp_path) == ""
        for number in with_stamp:
            check_page(file, after, tmp_path, number)
        for number in without:
            assert difference(picture(file, tmp_path, number), picture(after, tmp_path, number)) is None, (pages, number)
        assert len(after) - len(file) < 300_000, "a drawing is there once"


def test_what_gets_no_stamp(by_qpdf: Any) -> None:
    file = written(FORMS["plain"])
    order = {"stamp": STAMP}
    for name in ("signed.pdf", "signed-twice.pdf"):
        assert refusal((SIGNED / name).read_bytes(), order) == "signed"
    assert refusal(by_qpdf(file, "--encrypt", "", "owner", "256", "--"), order) == {"refused": "encrypted"}
    assert refusal(file[:-30], order) == {"refused": "damaged"}
    assert refusal(b"\n\n" + file, order) == "unfit"
    assert refusal(file, {"stamp": STAMP | {"place": {"at": {"x": 500.0, "y": 10.0}}}}) == "no_room"
    assert refusal(file, {"stamp": STAMP | {"place": {"at": {"x": 10.0, "y": -1.0}}}}) == "no_room"
    assert refusal(written(page(page="/Contents 4 0 R /MediaBox [0 0 90 90]")), order) == "no_room"
    assert refusal(written(page(page="/Contents 4 0 R")), order) == "unfit"
    assert refusal(file, {"stamp": STAMP | {"address": "https://example.org/" + "x" * 3000}}) == "too_long"


def test_words_are_said_as_far_as_the_font_has_them(tmp_path: Path) -> None:
    file = written(FORMS["plain"])
    after = stamped(file, words=["Perizinan \u201cBerusaha\u201d (A\\B) \u2013 caf\u00e9", "ke-\u0101 \u6f22"])
    text = words(after, tmp_path)
    assert "Perizinan \u201cBerusaha\u201d (A\\B) \u2013 caf\u00e9" in text and "ke-a ?" in text, text
