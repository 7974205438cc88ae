"""Holds the addons to their rooms: a folder for each model, and in it a file for each thought.

A file has at most `MAX_LINES` lines, because a thought is rarely longer, and a model spread over many small files is as
hard to read as one of a thousand lines. It has one class for each model. Every folder imports its files, in the order
in which they override each other. Another room, of this addon or of another one, is used through its `__init__.py` only,
so what a room shows to others stands in one place; helpers know no model. docs/architecture.md names every file.
`make lint` runs it.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDONS = ROOT / "odoo_addon"
PAGE = ROOT / "docs" / "architecture.md"
HEADING = "## The addons' folders\n"
MAX_LINES = 350
ROOMS = "models"
HELPERS = ("tools", "wording")
"""Folders for what is no model."""
IMPORTED_AT_NEED = ("tools",)
"""Whoever needs a file of these imports it by itself."""
_ROW = re.compile(r"^\| `(\w[\w/]*)/` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
_NAME = re.compile(r"`(\w+)`")


def main() -> int:
    """Prints what is wrong; 1 if anything is."""
    addons = sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))
    found = [line for addon in addons for line in (*_wrong_files(addon), *_wrong_folders(addon), *_wrong_page(addon))]
    for line in found:
        print(line)
    return 1 if found or not addons else 0


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _stems(folder: Path) -> set[str]:
    """The modules of a folder."""
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def _folders(addon: Path) -> list[Path]:
    """Where the addon's code lies, but for its tests and what lies in its root."""
    folders = (path.parent for path in addon.rglob("__init__.py"))
    return sorted(path for path in folders if path != addon and "tests" not in path.relative_to(addon).parts)


def _wrong_files(addon: Path) -> Iterator[str]:
    for path in sorted(addon.rglob("*.py")):
        text = path.read_text()
        lines, tree = len(text.splitlines()), ast.parse(text)
        if lines > MAX_LINES:
            yield f"{_name(path)}: {lines} lines, at most {MAX_LINES}"
        for model, count in Counter(_models(tree)).items():
            if count > 1:
                yield f"{_name(path)}: {count} classes of {model}, which are one"
        inside = path.relative_to(addon).parts
        if inside[0] == "tests":
            continue  # They look into what they test.
        for other, used in _used(addon, path, tree):
            if used[:1] == (ROOMS,) and inside[0] in HELPERS:
                yield f"{_name(path)}: uses {'/'.join(used)}, but helpers know no model"
            elif len(used) > 2 and used[0] == ROOMS and (other, used[:2]) != (addon, inside[:2]):
                yield f"{_name(path)}: uses {'/'.join(used)}.py, a file of another room; let its __init__.py show it"


def _models(tree: ast.Module) -> Iterator[str]:
    """The model of each class of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            own = {ast.unparse(part.targets[0]): part.value for part in node.body if isinstance(part, ast.Assign)}
            named = own.get("_name") or own.get("_inherit")
            if isinstance(named, ast.Constant):
                yield str(named.value)


def _used(addon: Path, path: Path, tree: ast.Module) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """What a module imports of our addons: each with a path below it, such as `("models", "config", "schedule")`."""
    package = path.relative_to(addon).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = [*("odoo", "addons", addon.name), *package[: len(package) - node.level + 1]] if node.level else []
            start += node.module.split(".") if node.module else []
            modules = [[*start, alias.name] for alias in node.names]
        else:
            continue
        for module in modules:
            if module[:2] == ["odoo", "addons"] and (ADDONS / module[2]).is_dir():
                yield ADDONS / module[2], _file_of(ADDONS / module[2], module[3:])


def _file_of(addon: Path, parts: list[str]) -> tuple[str, ...]:
    """The module or folder in which an imported name stands."""
    while parts and not (addon.joinpath(*parts).is_dir() or addon.joinpath(*parts).with_suffix(".py").is_file()):
        parts = parts[:-1]
    return tuple(parts)


def _wrong_folders(addon: Path) -> Iterator[str]:
    """Files that nobody imports, and files outside of every package."""
    for folder in _folders(addon):
        if folder.name in IMPORTED_AT_NEED:
            continue
        inside = {path.name for path in folder.iterdir() if (path / "__init__.py").is_file()}
        tree = ast.parse((folder / "__init__.py").read_text())
        used = {used[-1] for _, used in _used(addon, folder / "__init__.py", tree) if used}
        for name in sorted((_stems(folder) | inside) - used):
            yield f"{_name(folder)}/__init__.py: does not import {name}"
    rooms = {path for path in (addon / ROOMS).rglob("*.py") if not (path.parent / "__init__.py").is_file()}
    yield from (f"{_name(path)}: its folder has no __init__.py" for path in sorted(rooms))


def _wrong_page(addon: Path) -> Iterator[str]:
    """Files that the table of rooms does not name, and names that are no file."""
    _, _, rest = PAGE.read_text().partition(HEADING)
    _, _, own = rest.partition("\n## ")[0].partition(f"\n### `{addon.name}`\n")
    section, _, _ = own.partition("\n### ")
    told = {folder: set(_NAME.findall(names)) for folder, names in _ROW.findall(section)}
    there = {path.relative_to(addon).as_posix(): _stems(path) for path in _folders(addon)}
    for folder in sorted(told.keys() | there.keys()):
        named, files = told.get(folder, set()), there.get(folder, set())
        for name in sorted(files - named):
            yield f"{_name(PAGE)}: does not name {folder}/{name}.py"
        for name in sorted(named - files):
            yield f"{_name(PAGE)}: there is no {folder}/{name}.py"


if __name__ == "__main__":
    sys.exit(main())
