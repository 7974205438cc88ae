"""The two Odoo versions and all that differs between them on the command line. Nothing else in the rig asks for a version."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path

from .cache import cache_dir, complete
from .processes import RigError


@dataclass(frozen=True)
class Series:
    """How one version is started."""

    number: int
    without_demo: str
    """18 reads a bare `--without-demo` together with the next option; 19 warns about `=all`.

    In a database that is there already 18 loads demo data unless told not to, 19 never asks; both only above modules
    that have theirs."""
    log_handlers: tuple[str, ...] = ()
    """Loggers to be kept silent, each for a reason given beside it."""


SERIES = {
    18: Series(18, "--without-demo=all"),
    # 19 logs a deprecation warning on each call of /jsonrpc, which the rig's client with a key uses on both versions.
    19: Series(19, "--without-demo", ("odoo.addons.rpc.controllers.jsonrpc:ERROR",)),
}


@dataclass(frozen=True)
class Installation:
    """One Odoo that can be started: its files and how to call them."""

    series: Series
    launcher: Path
    python_path: Path | None
    addons: tuple[Path, ...]
    release: Path

    def __str__(self) -> str:
        return f"Odoo {self.series.number}.0"

    def addon(self, name: str) -> Path:
        """The folder of one of Odoo's own addons."""
        folders = [folder / name for folder in (*self.addons, self.release.parent / "addons")]
        return next((folder for folder in folders if folder.is_dir()), folders[-1])

    @property
    def identity(self) -> str:
        """Changes when the tree is replaced by another one: part of the key of the prepared databases."""
        marks = [self.release, self.release.parent / "addons" / "base" / "__manifest__.py"]
        return "|".join(f"{mark}:{mark.stat().st_mtime_ns}" for mark in marks) + self.release.read_text()


def find(number: int) -> Installation:
    """The installation of one version; a RigError says why there is none."""
    if number not in SERIES:
        raise RigError(f"Odoo {number} is not a version of the rig (known: {', '.join(map(str, SERIES))})")
    return _packaged(SERIES[number]) if number == 19 else _tree(SERIES[number])


def odoo19_root() -> Path:
    """Where Debian's package of Odoo 19 is unpacked."""
    return cache_dir() / "odoo-19"


def _packaged(series: Series) -> Installation:
    root = odoo19_root()
    if not complete(root):
        raise RigError("Odoo 19 is not set up yet: run `rig.py setup --odoo 19`")
    modules = root / "usr/lib/python3/dist-packages"
    return Installation(series, root / "usr/bin/odoo", modules, (), modules / "odoo/release.py")


def _tree(series: Series) -> Installation:
    given = os.environ.get("ODOO_HOME")
    tree = Path(given).expanduser().resolve() if given else cache_dir() / f"odoo-{series.number}"
    release = tree / "odoo/release.py"
    if not given and not tree.exists():
        raise RigError(
            f"no Odoo {series.number} source tree: give one with ODOO_HOME, or as odoo-{series.number}/ in the cache folder"
        )
    if not (release.is_file() and (tree / "odoo-bin").is_file() and (tree / "addons/web").is_dir()):
        raise RigError(f"not a complete Odoo source tree (odoo-bin, odoo/, addons/): {tree}")
    found = _version(release)
    if found != series.number:
        raise RigError(f"the tree given for Odoo {series.number} is Odoo {found}: {tree}")
    return Installation(series, tree / "odoo-bin", None, (tree / "addons", tree / "odoo/addons"), release)


def _version(release: Path) -> int:
    for line in release.read_text().splitlines():
        if line.startswith("version_info"):
            return int(ast.literal_eval(line.partition("(")[2].split(",")[0]))
    raise RigError(f"no version_info in {release}")
