"""Holds the index of messages (docs/en/messages.md, docs/id/messages.md) complete.

A message is what a person may meet on the screen and may have to understand: a sentence that Python, JavaScript or one of
its templates says, every phrase of `wording/`, a rule of the database, a coloured box of a view, the question before a
button does its work, and in what state connection and worker are. Each is an entry of the page in its own language, and
each entry is a message. Mark-up and blanks do not count. `make lint` runs it.
"""

import ast
import html
import re
import sys
from collections import Counter
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
SHORTEST_IN_A_BOX = 18
"""Characters without blanks; what is shorter is a word inside a coloured box."""
FEWEST_WORDS = 4
"""That begin small; what has no full stop and fewer of them is a label."""
BOXES = {"alert", "text-danger"}
"""Classes of what is said in colour."""
_END = re.compile(r"[.?!…]$|%\((reason|answer|counts|remedy)\)s$")
_JS = re.compile(r"_t\(\s*\"((?:[^\"\\]|\\.)+)\"")
_BEGIN = re.compile(r"^[\s.,;:]+")
"""What goes on behind a value begins with a mark."""
_CODE = re.compile(r"Self::\w+.* => \"(\w+)\"")
_VALUE = re.compile(r"%\(\w+\)s|%s")
_ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    wrong = [*_unexplained_codes()]
    translated = translations()
    for language, page in PAGES.items():
        said = (message if language == "en" else translated.get(key(message), "") for message in messages())
        known = {key(message): plain(message) for message in said}
        told = entries(page)
        twice = Counter(map(key, told))
        wrong += (f"{page.relative_to(ROOT)}: no entry for “{known[lost]}”" for lost in sorted(known.keys() - twice.keys()))
        wrong += (f"{page.relative_to(ROOT)}: “{entry}” is no message" for entry in told if key(entry) not in known)
        wrong += (f"{page.relative_to(ROOT)}: “{entry}” stands twice" for entry in sorted(set(told)) if twice[key(entry)] > 1)
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def plain(words: str) -> str:
    """A message as the page has it: … in place of values, no mark-up, no line breaks."""
    shown = _VALUE.sub("…", html.unescape(re.sub(r"<[^>]*>", "", words)))
    return _BEGIN.sub("", " ".join(shown.replace("|", "/").split()))


def key(words: str) -> str:
    """By what a message and its entry are compared: mark-up and markdown leave blanks where a reader sees none."""
    return "".join(plain(words).split())


def entries(page: Path) -> list[str]:
    """The messages in the first columns of the tables of the page."""
    tables = re.split(r"^#+ .*$", page.read_text(), flags=re.MULTILINE)
    return [message for table in tables for message, _words in _ROW.findall(table.partition("|---|---|")[2])]


def messages() -> set[str]:
    """Every message, as the code has it."""
    sources = (_of_python, _of_scripts, _of_templates, _of_questions, _of_terms)
    return {message for addon in _addons() for source in sources for message in source(addon)}


def translations() -> dict[str, str]:
    """The key of each term with its Indonesian."""
    return {key(entry.msgid): entry.msgstr for addon in _addons() for entry in polib.pofile(str(addon / "i18n" / "id.po"))}


def is_sentence(term: str) -> bool:
    """Whether a term says something, and is no label."""
    small = [word for word in re.findall(r"[^\W\d_]{2,}", _VALUE.sub("", term)) if word[0].islower()]
    return bool(_END.search(term)) or len(small) >= (2 if _VALUE.fullmatch(term.split()[-1]) else FEWEST_WORDS)


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
                if isinstance(term, ast.Constant) and (inside[0] == "wording" or is_sentence(term.value)):
                    yield term.value


def _of_scripts(addon: Path) -> Iterator[str]:
    for path in sorted((addon / "static" / "src").rglob("*.js")):
        yield from (term for term in _JS.findall(path.read_text()) if is_sentence(term))


def _of_templates(addon: Path) -> Iterator[str]:
    """What JavaScript's templates say: sentences, and whatever stands in a coloured box."""
    for path in sorted((addon / "static" / "src").rglob("*.xml")):
        root = ElementTree.parse(path).getroot()
        coloured = {id(inside) for box in _boxes(root) for inside in box.iter()}
        for element in root.iter():
            own = [element.text, *(child.tail for child in element)]
            for words in (" ".join(text.split()) for text in own if text and text.strip()):
                if is_sentence(words) or (id(element) in coloured and len(key(words)) >= SHORTEST_IN_A_BOX):
                    yield words


def _of_questions(addon: Path) -> Iterator[str]:
    """What a button asks before it does its work."""
    for path in _views(addon):
        yield from filter(None, (element.get("confirm") for element in ElementTree.parse(path).iter()))


def _of_terms(addon: Path) -> Iterator[str]:
    """Rules of the database, coloured boxes and states, which Odoo's own export names."""
    boxes = [key("".join(box.itertext())) for path in _views(addon) for box in _boxes(ElementTree.parse(path).getroot())]
    for entry in polib.pofile(str(addon / "i18n" / f"{addon.name}.pot")):
        words = key(entry.msgid)
        in_a_box = len(words) >= SHORTEST_IN_A_BOX and any(words in box for box in boxes)
        for place, _line in entry.occurrences:
            if "ir.model.constraint" in place or STATES.search(place) or (in_a_box and "ir.ui.view,arch_db" in place):
                yield entry.msgid


def _views(addon: Path) -> list[Path]:
    return sorted(addon.glob("*/*_view*.xml"))


def _boxes(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    return (element for element in root.iter() if BOXES.intersection((element.get("class") or "").split()))


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
