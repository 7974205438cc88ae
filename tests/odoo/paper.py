"""Pages as people and their cameras see them: rendered, photographed askew, their QR codes read, their words found."""

from __future__ import annotations

import math
import random
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

DPI = 150
"""What an office's printer and a cheap scanner make of a page."""


def picture(file: bytes, folder: Path, page: int = 1) -> Image.Image:
    """A page as it is printed."""
    path = folder / "rendered.pdf"
    path.write_bytes(file)
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), "-cropbox", "-png", path]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    (folder / "page.png").write_bytes(done.stdout)
    return Image.open(folder / "page.png").convert("L")


def words(file: bytes, folder: Path, page: int = 1) -> str:
    """What can be copied from a page."""
    path = folder / "words.pdf"
    path.write_bytes(file)
    command = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), path, "-"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def codes(seen: Image.Image) -> list[zxingcpp.Barcode]:
    """The QR codes that a reader finds."""
    return zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormat.QRCode)


def box(code: zxingcpp.Barcode) -> tuple[int, int, int, int]:
    """Left, top, right, bottom, whichever way it lies."""
    corners = [code.position.top_left, code.position.top_right, code.position.bottom_right, code.position.bottom_left]
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


def difference(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int] | None:
    """The part of a page that is not as it was."""
    return ImageChops.difference(before, after).getbbox()


def photographed(page: Image.Image, around: tuple[int, int, int, int]) -> Image.Image:
    """By a telephone that is held over that part of the paper, askew and turned: not quite sharp, in a light that comes from a
    side, with the noise of a small camera. A pixel of the paper is three of the photograph."""
    left, top, right, bottom = around
    part = page.crop((left - 60, top - 60, right + 120, bottom + 60))
    part = part.resize((part.width * 3, part.height * 3), Image.Resampling.BICUBIC)
    width, height = part.size
    seen = [(width * 0.16, height * 0.08), (width * 0.9, height * 0.14), (width, height * 0.97), (0, height * 0.9)]
    photo = part.transform(part.size, Image.Transform.PERSPECTIVE, _perspective(seen, part.size), Image.Resampling.BICUBIC)
    photo = photo.rotate(9, Image.Resampling.BICUBIC, fillcolor=120).filter(ImageFilter.GaussianBlur(1.5))
    light = Image.linear_gradient("L").rotate(90).resize(photo.size).point(lambda value: 130 + value * 110 // 255)
    # Always the same noise, so that a photograph that can be read today can be read tomorrow.
    noise = Image.frombytes("L", photo.size, random.Random(2026).randbytes(photo.width * photo.height))
    noise = noise.point(lambda value: 128 + (value - 128) // 5)
    return ImageChops.add(ImageChops.multiply(photo, light), noise, offset=-128)


def _perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """The numbers that bring what lies at the corners of a picture to those places: eight equations, solved."""
    flat = [(0, 0), (size[0], 0), size, (0, size[1])]
    rows = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    for column in range(8):
        pivot = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column and not math.isclose(rows[row][column], 0):
                rows[row] = [value - rows[row][column] * above for value, above in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]
