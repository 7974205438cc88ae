"""Where the rig keeps what outlives a run and a clone: Odoo 19, the venv, databases prepared once."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "sicantik-companion"
STAMP = ".complete"
"""A folder of the cache counts only with this file in it: a set-up that was killed half-way leaves none."""


def cache_dir() -> Path:
    """The cache folder, made if need be: `SICANTIK_RIG_CACHE`, or the usual place for root or for a user."""
    chosen = os.environ.get("SICANTIK_RIG_CACHE")
    if chosen:
        folder = Path(chosen).expanduser().resolve()
    elif os.geteuid() == 0:
        folder = Path("/var/cache") / NAME
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def say(text: str) -> None:
    """One line for the person who watches, at once even into a pipe."""
    print(f"rig: {text}", flush=True)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the cache's lock `name`: of two rigs that start at once, one prepares and the other waits for it."""
    with (cache_dir() / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another rig prepares the cache ({name}); waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def complete(folder: Path) -> bool:
    """Whether `folder` was finished by `publish`."""
    return (folder / STAMP).is_file()


@contextmanager
def publish(folder: Path) -> Iterator[Path]:
    """Give a fresh folder to fill; it becomes `folder` only when the block ends without an error."""
    building = folder.with_name(folder.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    try:
        yield building
        (building / STAMP).touch()
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def digest(*parts: str | bytes) -> str:
    """A short key over what something was made from: a change of any part makes another key."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return total.hexdigest()[:12]
