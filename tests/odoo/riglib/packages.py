"""Debian packages that must be installed on the machine: the only step of the rig that needs root."""

import os
import shutil
import subprocess
from pathlib import Path

from .cache import say
from .processes import RigError, clean_environment

NEEDED = {
    "postgresql": ("/usr/lib/postgresql", "*/bin/initdb"),
    "chromium-headless-shell": ("/usr/bin", "chromium-headless-shell"),
    "python3-venv": ("/usr/lib", "python3*/ensurepip/__init__.py"),
    "wkhtmltopdf": ("/usr/bin", "wkhtmltopdf"),
    "libmagic1": ("/usr/lib", "*/libmagic.so.1"),
    "qpdf": ("/usr/bin", "qpdf"),
    "poppler-utils": ("/usr/bin", "pdfsig"),
    "libnss3-tools": ("/usr/bin", "certutil"),
}
"""Package and the file that shows that it is there (from whatever package it came)."""


class MissingPackages(RigError):
    """Packages are missing and only a person may install them; the message is the command."""


def ensure_packages() -> None:
    """Install what is missing, as root or through a sudo that asks nothing; else say exactly what to run."""
    missing = [name for name, (folder, pattern) in NEEDED.items() if not any(Path(folder).glob(pattern))]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    prefix = _privilege()
    if prefix is None:
        raise MissingPackages(
            f"Debian packages are missing; run this and then the rig again:\n  sudo apt-get update && sudo {' '.join(install)}"
        )
    say(f"installing Debian packages: {' '.join(missing)}")
    environment = clean_environment(DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update"], install):
        done = subprocess.run([*prefix, *command], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RigError(f"{' '.join(install)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def _privilege() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
