"""The Python environment in which Odoo, pytest and Playwright run: one for both versions, every package of it pinned."""

import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .cache import STAMP, cache_dir, complete, digest, locked, say
from .processes import RigError, clean_environment, run

HERE = Path(__file__).resolve().parent.parent
REQUIREMENTS = (HERE / "requirements.txt", HERE / "requirements-test.txt")
CONSTRAINTS = HERE / "constraints.txt"
"""The version of every package, so that a run today and a run next year check the same."""
MOTO = HERE / "requirements-s3.txt"
PYHANKO = HERE / "requirements-signing.txt"
PYTHON = Path("/usr/bin/python3")
"""Debian's own Python, whatever else is first in PATH: the pins were measured with it."""
_TO_BUILD = ("pip", "setuptools", "wheel")
"""What installs and builds the others; `newest_pins` leaves these as they are."""
_ABOVE_THE_PINS = """\
# Every package of the rig's Python environment, also those that others bring along. Raised on purpose, by `rig.py pins`;
# requirements.txt says what holds a package back. pip, setuptools and wheel are chosen by hand: docopt and ofxparse build
# from source and want a setuptools that still brings pkg_resources.
"""


def folder() -> Path:
    """The folder of the environment for today's requirements: other requirements make another one."""
    return cache_dir() / f"venv-{digest(*(path.read_bytes() for path in (*REQUIREMENTS, CONSTRAINTS)))}"


def python() -> Path:
    """The environment's interpreter; a RigError when it is not set up."""
    if not complete(folder()):
        raise RigError("the Python environment is not set up yet: run `rig.py setup`")
    return folder() / "bin/python"


def ensure_venv() -> None:
    """Make the environment if the cache has none for these requirements."""
    if complete(folder()):
        return
    with locked("venv"):
        if complete(folder()):
            return
        say("making the Python environment (about half a minute)")
        _build(folder())


def moto() -> Path:
    """The interpreter of the environment of moto's server, which is made at the first call."""
    return _of_its_own("moto", MOTO)


def pyhanko() -> Path:
    """The same of pyHanko."""
    return _of_its_own("pyhanko", PYHANKO)


def _of_its_own(name: str, pins: Path) -> Path:
    target = cache_dir() / f"{name}-{digest(pins.read_bytes())}"
    with locked(name):
        if not complete(target):
            say(f"making the environment of {name} (about half a minute)")
            run([PYTHON, "-m", "venv", "--clear", target], what="making the venv")
            pip = [target / "bin/python", "-m", "pip", "--disable-pip-version-check"]
            run([*pip, "install", "--quiet", "-r", pins], what="pip install", environment=clean_environment())
            missing = unpinned(installed(target / "bin/python"), pins.read_text())
            if missing:
                raise RigError(f"not pinned in {pins.name}: {', '.join(missing)}")
            (target / STAMP).touch()
    return target / "bin/python"


def unpinned(installed: Iterable[str], pins: str) -> list[str]:
    """Which lines of `pip freeze` the constraints do not name as they are."""
    pinned = {_named(line) for line in pins.splitlines() if line.strip() and not line.startswith("#")}
    return [line for line in installed if _named(line) not in pinned]


def installed(interpreter: Path) -> list[str]:
    """Every package of an environment, pip itself included, as `pip freeze` names it."""
    return run([interpreter, "-m", "pip", "--disable-pip-version-check", "freeze", "--all"], what="pip freeze").splitlines()


def newest_pins() -> None:
    """Raise the constraints to the newest packages that the requirements allow."""
    kept = [line for line in CONSTRAINTS.read_text().splitlines() if line.partition("==")[0] in _TO_BUILD]
    with tempfile.TemporaryDirectory() as work:
        start = Path(work) / "start.txt"
        start.write_text("\n".join(kept))
        _install(Path(work) / "venv", start)
        found = set(installed(Path(work) / "venv/bin/python")) | set(kept)
    CONSTRAINTS.write_text(_ABOVE_THE_PINS + "".join(f"{line}\n" for line in sorted(found, key=str.lower)))


def _build(target: Path) -> None:
    """Scripts in a venv name their target, so it is built where it stays; only the stamp at the end makes it count."""
    _install(target, CONSTRAINTS)
    missing = unpinned(installed(target / "bin/python"), CONSTRAINTS.read_text())
    if missing:
        raise RigError(f"not pinned in {CONSTRAINTS.name}: {', '.join(missing)}; `rig.py pins` does it")
    (target / STAMP).touch()


def _install(target: Path, constraints: Path) -> None:
    run([PYTHON, "-m", "venv", "--clear", target], what="making the venv")
    chosen = [part for path in REQUIREMENTS for part in ("-r", path)]
    pip = [target / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # By the environment, because what a package needs to be built obeys the constraints then, too.
    run([*pip, "pip", "setuptools", *chosen], what="pip install", environment=clean_environment(PIP_CONSTRAINT=str(constraints)))


def _named(line: str) -> str:
    """`Name==1.0`, however the name is spelt."""
    name, separator, version = line.partition("==")
    return re.sub(r"[-_.]+", "-", name).strip().lower() + separator + version.strip()
