"""Takes the pictures that `test_manual.py` left under target/screenshots into docs/images, small enough for a page.

`rig.py pictures` runs that test, then this.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "odoo"))

# isort: split
from album import FOLDER, LANGUAGES
from parts import REPOSITORY

IMAGES = REPOSITORY / "docs" / "images"
LARGEST = 78_000
"""Bytes of one picture."""
_PALETTES = (192, 128, 96, 64, 48, 32)
"""Colours, until the picture is small enough: pages are plain surfaces with few colours, which median cut keeps exactly."""


def main(arguments: Sequence[str]) -> int:
    """0 when every language has its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, help="any: the pictures are there already")
    parser.parse_args(arguments)
    for language in LANGUAGES:
        taken = sorted((FOLDER / language).glob("*.png"))
        if not taken:
            print(f"pictures: none of {language!r} under {FOLDER}", file=sys.stderr)
            return 1
        folder = IMAGES / language
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        total = sum(_shrink(picture, folder / picture.name) for picture in taken)
        print(f"docs/images/{language}: {len(taken)} pictures, {total // 1000} kB")
    return 0


def _shrink(source: Path, target: Path) -> int:
    """Writes the picture with as many colours as fit; its bytes."""
    with Image.open(source) as picture:
        whole = picture.convert("RGB")
    for colours in _PALETTES:
        whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            break
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
