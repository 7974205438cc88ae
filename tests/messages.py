"""Holds the index of messages (docs/en/messages.md, docs/id/messages.md) complete.

A message is what a person may meet on the screen and may have to understand: a sentence that Python or JavaScript says,
every phrase of `wording/`, a rule of the database, a banner of a view, and in what state connection and worker are. Each
is an entry of the page in its own language, and each entry is a message. `make lint` runs it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import polib

ROOT = Path(__file__).resolve().parents[1]
ADDONS = ROOT / "odoo_addon"
PAGES = {language: ROOT / "docs" / language / "messages.md" for language in ("en", "id")}
ERRORS = (ROOT / "src/sicantik/error.rs", ROOT / "src/odoo/error.rs")
NEVER_REPORTED = {"lease_lost"}
"""Who has lost a run reports nothing of it any more."""
STATES = re.compile(r"selection__sicantik_config__(connection_status|worker_state)__")
SHORTEST_BANNER = 26
"""Characters; what is shorter is a word inside a banner."""
_SENTENCE = re.compile(r"[.?!]$|%\((reason|answer|counts|remedy)\)s$")
_JS = re.compile(r"_t\(\s*\"((?:[^\"\\]|\\.)+)\"")
_CODE = re.compile(r"Self::\w+.* => \"(\w+)\"")
_VALUE = re.compile(r"%\(\w+\)s|%s")
_ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    wrong = [*_unexplained_codes()]
    translated = translations()
    for language, page in PAGES.items():
        known = {plain(message if language == "en" else translated.get(message, "")) for message in messages()}
        told = entries(page)
        wrong += (f"{page.relative_to(ROOT)}: no entry for “{message}”" for message in sorted(known - told.keys()))
        wrong += (f"{page.relative_to(ROOT)}: “{entry}” is no message" for entry in sorted(told.keys() - known))
        wrong += (f"{page.relative_to(ROOT)}: “{entry}” stands twice" for entry in sorted(told) if told[entry] > 1)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def plain(words: str) -> str:
    """A message as the page has it: … in place of values, no mark-up, no line breaks."""
    return " ".join(_VALUE.sub("…", re.sub(r"<[^>]*>", " ", words)).replace("|", "/").split())


def entries(page: Path) -> dict[str, int]:
    """How often each message stands in the first column of a table of the page."""
    found: dict[str, int] = {}
    for table in re.split(r"^#+ .*$", page.read_text(), flags=re.MULTILINE):
        _head, _line, rows = table.partition("|---|---|")
        for message, _words in _ROW.findall(rows):
            found[message] = found.get(message, 0) + 1
    return found


def messages() -> set[str]:
    """Every message, as the code has it."""
    return {message for addon in _addons() for message in (*_of_python(addon), *_of_scripts(addon), *_of_terms(addon))}


def translations() -> dict[str, str]:
    """Each term with its Indonesian."""
    return {entry.msgid: entry.msgstr for addon in _addons() for entry in polib.pofile(str(addon / "i18n" / "id.po"))}


def _addons() -> list[Path]:
    return sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))


def _of_python(addon: Path) -> Iterator[str]:
    for path in sorted(addon.rglob("*.py")):
        inside = path.relative_to(addon).parts
        if inside[0] == "tests":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_" and node.args:
                [term, *_values] = node.args
                if isinstance(term, ast.Constant) and (inside[0] == "wording" or _SENTENCE.search(term.value)):
                    yield term.value


def _of_scripts(addon: Path) -> Iterator[str]:
    for path in sorted((addon / "static" / "src").rglob("*.js")):
        yield from (term for term in _JS.findall(path.read_text()) if _SENTENCE.search(term))


def _of_terms(addon: Path) -> Iterator[str]:
    """Rules of the database, banners and states, which Odoo's own export names. What begins with a full stop goes on."""
    banners = list(_banners(addon))
    for entry in polib.pofile(str(addon / "i18n" / f"{addon.name}.pot")):
        words = plain(entry.msgid)
        is_whole = len(words) >= SHORTEST_BANNER and not words.startswith(".")
        is_banner = is_whole and any(words in banner for banner in banners)
        for place, _line in entry.occurrences:
            if "ir.model.constraint" in place or STATES.search(place) or (is_banner and "ir.ui.view,arch_db" in place):
                yield entry.msgid


def _banners(addon: Path) -> Iterator[str]:
    """The text of each coloured box of the addon's views."""
    for path in sorted(addon.glob("*/*_view*.xml")):
        for element in ElementTree.parse(path).iter():
            if "alert" in (element.get("class") or "").split():
                yield " ".join("".join(element.itertext()).split())


def _unexplained_codes() -> Iterator[str]:
    """The worker's codes of an error without a sentence in the addon."""
    tree = ast.parse((ADDONS / "sicantik_connector" / "wording" / "errors.py").read_text())
    known = {
        key.value for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys if isinstance(key, ast.Constant)
    }
    codes = {code for path in ERRORS for code in _CODE.findall(path.read_text())}
    if not codes:
        yield "no code of an error was found"
    yield from (f"wording/errors.py: no sentence for “{code}”" for code in sorted(codes - known - NEVER_REPORTED))


if __name__ == "__main__":
    sys.exit(main())
