"""An addon's README.md and its page for Odoo's Apps, `static/description/index.html`: both made from `readme/*.md`.

The fragments and the headings above them are OCA's. `rig.py pages` writes both; with --pictures it also takes their
pictures anew from docs/images/en, or from what the browser tests kept under target/screenshots (`demo-permit.png` from
`demo-permit-1366.png`), and the cover, which is the upper part of the first one. `make lint` runs it with --check, which
writes nothing.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import markdown
from parts import TARGET
from PIL import Image
from riglib.addons import discover
from riglib.session import ADDONS, REPOSITORY

IMAGES = REPOSITORY / "docs" / "images" / "en"
SCREENSHOTS = TARGET / "screenshots"
FOLDER = "static/description/"
FRAGMENTS = {"DESCRIPTION": "", "INSTALL": "Installation", "CONFIGURE": "Configuration", "USAGE": "Usage"}
CONTRIBUTING = """## Contributing

The project's CONTRIBUTING.md says [where a change goes](../../CONTRIBUTING.md#where-a-change-goes-ten-ordinary-wishes)."""
"""Ends a README; who reads a page of Odoo's Apps has no project beside it."""
MADE = "<!-- Made from readme/*.md by tests/odoo/rig.py pages. -->"
WIDTH = 960
"""Of a picture; twice what a phone shows."""
COVER = FOLDER + "cover.png"
COVER_SIZE = (1120, 560)
"""Odoo's Apps show half of it."""
COLOURS = 256
"""By octree: the other ways give up the few amber figures."""
PAGE = """<!DOCTYPE html>
{made}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0; color: #212529; font: 16px/1.5 system-ui, sans-serif; }}
section {{ max-width: 960px; margin: 0 auto; padding: 16px; }}
h1, h2 {{ color: #0b5a63; line-height: 1.2; margin: 1.5em 0 .5em; }}
h1 {{ margin-top: .5em; }}
li {{ margin: .4em 0; }}
img {{ display: block; max-width: 100%; height: auto; margin: 1.5em auto; border: 1px solid #dee2e6; border-radius: 4px; }}
</style>
</head>
<body>
<section class="container">
{body}
</section>
</body>
</html>
"""
"""Odoo's Apps take the section without the head, and know Bootstrap's classes."""


def readme(root: Path) -> str:
    """The README of an addon's folder."""
    parts = [f"# {_manifest(root)['name']}", MADE]
    for name, heading in FRAGMENTS.items():
        parts += [f"## {heading}"] if heading else []
        parts.append((root / "readme" / f"{name}.md").read_text().strip().replace(f"](../{FOLDER}", f"]({FOLDER}"))
    return "\n\n".join([*parts, CONTRIBUTING]) + "\n"


def page(text: str) -> str:
    """The page of a README; its pictures lie beside it."""
    body = markdown.markdown(text.replace(f"{MADE}\n\n", "").replace(CONTRIBUTING, ""), output_format="html")
    body = body.replace(f'src="{FOLDER}', 'src="').replace("<img ", '<img class="img-fluid" ')
    title = text.partition("\n")[0].lstrip("# ")
    return PAGE.format(made=MADE, title=escape(title), body=body)


def pictures(text: str) -> list[str]:
    """The names of the pictures in a README."""
    return re.findall(rf"\]\({FOLDER}([\w-]+\.png)\)", text)


def main(arguments: Sequence[str]) -> int:
    """0 when every page is as its fragments say, or was written; else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--odoo", type=int, default=19, help="whose screenshots")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pictures", action="store_true")
    options = parser.parse_args(arguments)
    complaints = []
    for addon in discover([ADDONS]):
        root = ADDONS / addon.name
        if options.pictures:
            _take_pictures(root, SCREENSHOTS / f"odoo-{options.odoo}")
        if options.check:
            complaints += _complaints(root)
        else:
            for path, text in _made(root):
                path.write_text(text)
    for complaint in complaints:
        print(f"pages: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def _manifest(root: Path) -> dict[str, Any]:
    return ast.literal_eval((root / "__manifest__.py").read_text())


def _made(root: Path) -> list[tuple[Path, str]]:
    """Each file that is made from the fragments, and what stands in it."""
    text = readme(root)
    return [(root / "README.md", text), (root / FOLDER / "index.html", page(text))]


def _complaints(root: Path) -> Iterator[str]:
    missing = [name for name in FRAGMENTS if not (root / "readme" / f"{name}.md").exists()]
    if missing:
        yield f"{root.name}/readme lacks {', '.join(missing)}"
        return
    for path in (root / "readme").iterdir():
        if path.name not in {f"{name}.md" for name in FRAGMENTS}:
            yield f"{path.relative_to(REPOSITORY)} is no fragment that is made into a page"
    for path, text in _made(root):
        if not path.exists() or path.read_text() != text:
            yield f"{path.relative_to(REPOSITORY)} is not what {root.name}/readme says: run tests/odoo/rig.py pages"
    for name in pictures(readme(root)):
        if not (root / FOLDER / name).exists():
            yield f"{root.name}/readme shows {FOLDER}{name}, which is not there"
    if _manifest(root).get("images") != [COVER]:
        yield f"{root.name}/__manifest__.py does not name {COVER} as its only image"
    elif _size(root / COVER) != COVER_SIZE:
        yield f"{root.name} has no cover of the right size: run tests/odoo/rig.py pages --pictures"


def _size(path: Path) -> tuple[int, int] | None:
    if not path.exists():
        return None
    with Image.open(path) as picture:
        return picture.size


def _take_pictures(root: Path, folder: Path) -> None:
    """Small copies of what was found; the other pictures stay."""
    names = pictures(readme(root))
    for name in names:
        places = IMAGES / name, folder / name.replace(".png", "-1366.png")
        taken = next((place for place in places if place.exists()), None)
        if not taken:
            continue
        with Image.open(taken) as picture:
            whole = picture.convert("RGB")
        _save(whole, (WIDTH, round(whole.height * WIDTH / whole.width)), root / FOLDER / name)
        if name == names[0]:
            width, height = COVER_SIZE
            _save(whole.crop((0, 0, whole.width, whole.width * height // width)), COVER_SIZE, root / COVER)


def _save(picture: Image.Image, size: tuple[int, int], path: Path) -> None:
    few = picture.resize(size, Image.Resampling.LANCZOS)
    few = few.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
