"""Holds the pages under docs/ and the README against what they talk of.

Links lead somewhere and every picture is used and small. Both manuals have the same pages, and what stands there in
bold is a label of the screen: a term of the addon, or one of Odoo's own words below. So is what stands in italics on
the pages for administrators. Both languages tell the same steps, line by line. `make lint` runs it.
"""

import html
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
MANUALS = ("id", "en")
ADDONS = ROOT / "odoo_addon"
LABELS_IN_ITALICS = (ROOT / "README.md", DOCS / "settings.md", DOCS / "operations.md")
OTHER_NAMES = {"SICANTIK Connector", "SICANTIK Notices"}
"""The addons."""
LARGEST_PICTURE, LARGEST_SUM, WIDEST = 80_000, 3_000_000, 1366
"""Bytes, bytes, pixels."""
ODOO_WORDS = {
    "Actions": "Action",
    "Apps": "Aplikasi",
    "Companies": "Perusahaan",
    "Export": "Ekspor",
    "Customers": "Pelanggan",
    "Group By": "Dikelompokkan berdasarkan",
    "Filters": "Penyaring",
    "Invoicing": "Penagihan",
    "Ok": "Ok",
    "Run Manually": "Jalankan Manual",
    "Scheduled Actions": "Action yang Dijadwalkan",
    "Settings": "Pengaturan",
    "Technical": "Teknis",
    "Users": "Pengguna",
    "Users & Companies": "User & Perusahaan",
}
"""Odoo's own labels that the manuals name, as Odoo 18 and 19 translate them."""
KEYS = {"Enter"}
"""Of the keyboard."""
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
_STEP = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Between the steps of a way through the menus."""
_PRESSED = re.compile(
    r"\b(?:[Pp]ress(?:es)?|[Tt]ekan|[Mm]enekan) "
    r"([A-Z][\w-]*(?: (?:[A-Z][\w-]*|and|of|or|atau|dan|dengan|ke|yang))*)"
)
"""A button that is named without bold, as a message names it."""
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_NUMBER = re.compile(r"(\d+)\. |\| (\d+) \|")
_BUTTON = re.compile(r"<button\b[^>]*?\bstring=\"([^\"]+)\"", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A line of a page that tells people to do something: it is numbered, or names a button or a way through the menus."""

    number: str
    labels: tuple[str, ...]
    text: str
    section: str
    """The heading above it and all that stands under that."""


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ADDONS.glob("*/README.md")), *sorted(DOCS.rglob("*.md"))]
    found = [*_broken_links(pages), *_bad_pictures(pages), *_lonely_pages()]
    found += [*_wrong_labels(), *_wrong_buttons(), *_differing_steps()]
    for line in found:
        print(line)
    return 1 if found else 0


def _text(page: Path) -> str:
    """A page without its code."""
    return _CODE.sub("", _FENCE.sub("", page.read_text()))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where the relative links of a page lead: a file, and a heading in it or nothing."""
    for target in _LINK.findall(_text(page)):
        if not re.match("[a-z]+:", target):
            path, _, heading = target.partition("#")
            yield (page.parent / path).resolve() if path else page, heading


def _broken_links(pages: list[Path]) -> Iterator[str]:
    for page in pages:
        for path, heading in _links(page):
            if not path.exists():
                yield f"{_name(page)}: there is no {path.name}"
            elif heading and heading not in map(_anchor, _HEADING.findall(path.read_text())):
                yield f"{_name(page)}: {path.name} has no heading #{heading}"


def _anchor(heading: str) -> str:
    """A heading as GitHub names it in addresses."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _bad_pictures(pages: list[Path]) -> Iterator[str]:
    used = {path for page in pages for path, _ in _links(page)}
    pictures = sorted((DOCS / "images").rglob("*.png"))
    for picture in pictures:
        if picture not in used:
            yield f"{_name(picture)}: no page shows it"
        if picture.stat().st_size > LARGEST_PICTURE:
            yield f"{_name(picture)}: larger than {LARGEST_PICTURE} bytes"
        if struct.unpack(">I", picture.read_bytes()[16:20])[0] > WIDEST:
            yield f"{_name(picture)}: wider than {WIDEST} pixels"
    if sum(picture.stat().st_size for picture in pictures) > LARGEST_SUM:
        yield f"docs/images: larger than {LARGEST_SUM} bytes together"


def _lonely_pages() -> Iterator[str]:
    """Pages and pictures that one language has and the other has not."""
    for parent in (DOCS, DOCS / "images"):
        named = {manual: {path.name for path in (parent / manual).iterdir()} for manual in MANUALS}
        for manual in MANUALS:
            for name in sorted(set.union(*named.values()) - named[manual]):
                yield f"{_name(parent / manual)}: {name} is missing"


def _wrong_labels() -> Iterator[str]:
    """Labels that are on no screen, and labels that one language of a page names and the other does not."""
    words = _screen_words()
    known = {"en": set(words), "id": set.union(*words.values())}
    for page in LABELS_IN_ITALICS:
        unknown = _labels(page, _ITALIC) - known["en"] - OTHER_NAMES
        yield from (f"{_name(page)}: “{label}” is no label" for label in sorted(unknown))
    for page in sorted((DOCS / "en").glob("*.md")):
        twin = DOCS / "id" / page.name
        if not twin.exists():
            continue
        english, indonesian = _labels(page), _labels(twin)
        yield from (f"{_name(page)}: “{label}” is no label" for label in sorted(english - known["en"]))
        yield from (f"{_name(twin)}: “{label}” is no label" for label in sorted(indonesian - known["id"]))
        for label in sorted(english & known["en"]):
            if not words[label] & indonesian:
                yield f"{_name(twin)}: does not name “{label}” ({' or '.join(sorted(words[label]))}), the English page does"
        told = set().union(*(words.get(label, set()) for label in english))
        for label in sorted(indonesian & known["id"] - told):
            yield f"{_name(page)}: does not name “{label}”, the Indonesian page does"


def _wrong_buttons() -> Iterator[str]:
    """What is to be pressed, by messages and their explanations, and is on no screen."""
    words = _screen_words()
    known = {"en": set(words), "id": set.union(*words.values())}
    for manual in MANUALS:
        for page in sorted((DOCS / manual).glob("*.md")):
            for label in _PRESSED.findall(_text(page)):
                if re.sub(r"( [a-z]+)+$", "", label) not in known[manual] | KEYS:
                    yield f"{_name(page)}: “{label}” is no label"


def steps(page: Path) -> list[Step]:
    """What the page tells people to do, from its top to its bottom."""
    words = _screen_words()
    translate = page.parent.name == "id"
    buttons = {word for button in _buttons() for word in (words.get(button, ()) if translate else [button])}
    found = []
    for section in re.split(r"^(?=#+ )", page.read_text(), flags=re.MULTILINE):
        for line in section.splitlines():
            number, marked = _NUMBER.match(line), _BOLD.findall(line)
            if number or buttons.intersection(marked) or any(_STEP in label for label in marked):
                labels = tuple(_plain(part) for label in marked for part in label.split(_STEP))
                found.append(Step(str(number and (number[1] or number[2])), labels, line, section))
    return found


@cache
def _buttons() -> set[str]:
    """The labels of all buttons of the addons' views."""
    views = (path.read_text() for path in ADDONS.glob("*/*/*.xml"))
    return {_plain(html.unescape(label)) for view in views for label in _BUTTON.findall(view)}


def _differing_steps() -> Iterator[str]:
    words = _screen_words()
    for page in sorted((DOCS / "en").glob("*.md")):
        twin = DOCS / "id" / page.name
        for english, other in zip_longest(steps(page), steps(twin) if twin.exists() else []):
            same = english and other and english.number == other.number
            if not same or any(not words.get(label, {label}) & set(other.labels) for label in english.labels):
                yield f"{_name(twin)}: “{other and other.text}” is not the step “{english and english.text}” of the English page"
                break


def _labels(page: Path, marked: re.Pattern[str] = _BOLD) -> set[str]:
    """What is marked, such as in bold: each step of a way through the menus is one label."""
    return {_plain(part) for words in marked.findall(_text(page)) for part in words.split(_STEP)}


@cache
def _screen_words() -> dict[str, set[str]]:
    """Each label in English with its Indonesian ones: several terms may differ in mark-up only."""
    words: dict[str, set[str]] = {label: {translation} for label, translation in ODOO_WORDS.items()}
    for addon in sorted(ADDONS.iterdir()):
        template = addon / "i18n" / f"{addon.name}.pot"
        if template.exists():
            terms = {entry.msgid for entry in polib.pofile(str(template))}
            for entry in polib.pofile(str(addon / "i18n" / "id.po")):
                if entry.msgid in terms:
                    words.setdefault(_plain(entry.msgid), set()).add(_plain(entry.msgstr))
    return words


def _plain(words: str) -> str:
    """Without mark-up and line breaks, as a reader sees it."""
    return " ".join(re.sub(r"<[^>]*>", " ", words).split())


if __name__ == "__main__":
    sys.exit(main())
