"""The addons as they are handed out: target/addons/18.0/ and 19.0/, each with a folder and a zip file for every addon.

One source serves both series, so the manifests in git have the short version (`1.3.0`), the same in each; a copy has the
series before it (`18.0.1.3.0`), as Odoo puts it there itself. What git does not know is not handed out. `make addons` runs
it; `make lint` runs it with --check, which holds the versions and writes nothing.
"""

import argparse
import ast
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from riglib.addons import discover
from riglib.processes import RigError
from riglib.session import ADDONS, REPOSITORY
from riglib.versions import SERIES

MANIFEST = "__manifest__.py"
LICENCE = "LICENSE"
"""Of the repository; each copy has it."""
_SHORT = re.compile(r"\d+\.\d+\.\d+")
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip, so that the same source makes the same bytes."""


def version(folders: Iterable[Path]) -> str:
    """The one version of the addons; a RigError where they differ or name a series."""
    found = {folder.name: ast.literal_eval((folder / MANIFEST).read_text())["version"] for folder in folders}
    one = set(found.values())
    if len(one) != 1 or not _SHORT.fullmatch(*one):
        said = ", ".join(f"{name} {number}" for name, number in sorted(found.items()))
        raise RigError(f"the addons have one version of three numbers, the same in each {MANIFEST}; found: {said}")
    return one.pop()


def release(folders: Sequence[Path], target: Path) -> list[Path]:
    """Writes the copies anew; the zip files that came of it."""
    number = version(folders)
    shutil.rmtree(target, ignore_errors=True)
    zips = []
    for series in (f"{one}.0" for one in SERIES):
        for folder in folders:
            copy = target / series / folder.name
            _copy(folder, copy)
            _stamp(copy / MANIFEST, number, f"{series}.{number}")
            zips.append(_zipped(copy, f"{folder.name}-{series}.{number}.zip"))
    return zips


def main(arguments: Sequence[str]) -> int:
    """0 when all was written, or is fit to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    folders = [ADDONS / addon.name for addon in discover([ADDONS])]
    try:
        if options.check:
            version(folders)
            return 0
        for path in release(folders, REPOSITORY / "target" / "addons"):
            print(path.relative_to(REPOSITORY))
    except RigError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def _copy(folder: Path, copy: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z", "."], cwd=folder, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, copy / name)
    shutil.copyfile(REPOSITORY / LICENCE, copy / LICENCE)


def _stamp(manifest: Path, short: str, long: str) -> None:
    manifest.write_text(manifest.read_text().replace(f'"version": "{short}"', f'"version": "{long}"', 1))
    if ast.literal_eval(manifest.read_text())["version"] != long:
        raise RigError(f'{manifest.parent.name}: its version is not written as "version": "{short}"')


def _zipped(copy: Path, name: str) -> Path:
    """The folder as one file beside it."""
    target = copy.parent / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in copy.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(copy.parent)), _BEGINNING)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
