"""The Python environment in which Odoo, pytest and Playwright run: one for both versions."""

import tempfile
from pathlib import Path

from .cache import STAMP, cache_dir, complete, digest, locked, say
from .processes import RigError, clean_environment, run

HERE = Path(__file__).resolve().parent.parent
REQUIREMENTS = (HERE / "requirements.txt", HERE / "requirements-test.txt")
PYTHON = Path("/usr/bin/python3")
"""Debian's own Python, whatever else is first in PATH: the pins were measured with it."""


def folder() -> Path:
    """The folder of the environment for today's requirements: other requirements make another one."""
    return cache_dir() / f"venv-{digest(*(path.read_bytes() for path in REQUIREMENTS))}"


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


def _build(target: Path) -> None:
    """Scripts in a venv name their target, so it is built where it stays; only the stamp at the end makes it count."""
    run([PYTHON, "-m", "venv", "--clear", target], what="making the venv")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraint:
        # ofxparse and docopt build from source and want a setuptools that still brings pkg_resources.
        constraint.write("setuptools<81\n")
        constraint.flush()
        chosen = [part for path in REQUIREMENTS for part in ("-r", path)]
        run(
            [target / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *chosen],
            what="pip install",
            environment=clean_environment(PIP_CONSTRAINT=constraint.name),
        )
    (target / STAMP).touch()
