"""Odoo 19 from Debian's suite sid, unpacked privately: the machine's own packages and apt settings stay as they are."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .cache import cache_dir, complete, locked, publish, say
from .processes import RigError, run
from .versions import odoo19_root

FROM_SID = ("odoo-19", "fonts-montserrat")
FROM_RELEASE = (
    "libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-font-awesome",
    "fonts-inconsolata", "fonts-roboto-unhinted", "fonts-ocr-b", "fonts-glyphicons-halflings",
)  # fmt: skip
"""What odoo-19's links point to: without them /web/login is an error 500."""


def ensure_odoo19() -> None:
    """Download and unpack Odoo 19 if the cache has none."""
    if complete(odoo19_root()):
        return
    with locked("odoo-19"):
        if complete(odoo19_root()):
            return
        release = _codename()
        entries = list(_entries(release))
        if not entries:
            raise RigError(f"no apt source for Debian {release} main on this machine: Odoo 19 cannot be downloaded")
        failures = []
        for entry in entries:
            try:
                with publish(odoo19_root()) as root, tempfile.TemporaryDirectory(dir=cache_dir()) as work:
                    _download(entry, release, Path(work))
                    _unpack(Path(work), root)
                return
            except RigError as error:
                # The entry of a third party that names the same suite; Debian's own comes next.
                failures.append(str(error))
        raise RigError("Odoo 19 could not be downloaded from Debian:\n" + "\n".join(failures))


def _codename() -> str:
    facts = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    name = facts.get("VERSION_CODENAME", "").strip('"')
    if facts.get("ID", "").strip('"') != "debian" or not name:
        raise RigError("Odoo 19 comes from Debian's package; this machine is not Debian")
    return name


def _entries(release: str) -> Iterator[str]:
    """The machine's apt entries of `release` main, rewritten (deb822) to offer both that release and sid."""
    parts = Path("/etc/apt/sources.list.d")
    for path in sorted(parts.glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            rewritten = from_deb822(stanza, release)
            if rewritten:
                yield rewritten
    for path in [Path("/etc/apt/sources.list"), *sorted(parts.glob("*.list"))]:
        for line in path.read_text().splitlines() if path.exists() else []:
            rewritten = from_one_line(line, release)
            if rewritten:
                yield rewritten


def from_deb822(stanza: str, release: str) -> str | None:
    """One stanza of a .sources file for both suites, or None when it is not for `release` main."""
    fields: dict[str, list[str]] = {}
    for line in stanza.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line[0] in " \t" and fields:
            fields[next(reversed(fields))].append(line)
        else:
            name, _, value = line.partition(":")
            fields[name.strip().title()] = [value.strip()]
    words = {name: " ".join(value).split() for name, value in fields.items()}
    if release not in words.get("Suites", []) or "main" not in words.get("Components", []) or "deb" not in words.get("Types", []):
        return None
    if "no" in words.get("Enabled", []):
        return None
    fields |= {"Types": ["deb"], "Suites": [f"{release} sid"], "Components": ["main"]}
    return "".join(f"{name}: {chr(10).join(value)}\n" for name, value in fields.items())


def from_one_line(line: str, release: str) -> str | None:
    """The same for one line of a .list file (`deb [options] URI suite components`)."""
    match = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)", line)
    if not match or match[3] != release or "main" not in match[4].split("#")[0].split():
        return None
    names = {
        "arch": "Architectures",
        "signed-by": "Signed-By",
        "trusted": "Trusted",
        "check-valid-until": "Check-Valid-Until",
    }
    options = dict(option.split("=", 1) for option in (match[1] or "").split() if "=" in option)
    extra = "".join(f"{names[key]}: {value.replace(',', ' ')}\n" for key, value in options.items() if key in names)
    return f"Types: deb\nURIs: {match[2]}\nSuites: {release} sid\nComponents: main\n{extra}"


def _download(entry: str, release: str, work: Path) -> None:
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (work / folder).mkdir(parents=True)
    (work / "debian.sources").write_text(entry)
    options = {
        "Dir::Etc::sourcelist": work / "debian.sources", "Dir::Etc::sourceparts": "-", "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache", "APT::Sandbox::User": "root", "Acquire::Languages": "none",
    }  # fmt: skip
    apt = ["apt-get", *(part for key, value in options.items() for part in ("-o", f"{key}={value}"))]
    say("downloading Odoo 19 (Debian package, about 120 MB)")
    run([*apt, "update"], what="apt-get update for sid")
    wanted = [f"{name}/sid" for name in FROM_SID] + [f"{name}/{release}" for name in FROM_RELEASE]
    # apt writes into the current folder; `run` sits in /, hence the shell.
    run(["sh", "-c", 'cd "$0" && exec "$@"', work / "debs", *apt, "download", *wanted], what="apt-get download odoo-19")


def _unpack(work: Path, root: Path) -> None:
    say("unpacking Odoo 19 (1.3 GB)")
    for package in sorted((work / "debs").glob("*.deb")):
        run(["dpkg-deb", "-x", package, root], what=f"unpacking {package.name}")
