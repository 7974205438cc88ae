"""What each command of rig.py does: set up, then call the library and print the outcome."""

import argparse
import multiprocessing
import subprocess
import tempfile
import threading
import traceback
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from . import addon_tests, debian, lifecycle, packages, venv, versions
from .cache import cache_dir, say
from .processes import RigError, spawn_visible
from .session import REPOSITORY, TEST_ADDONS, Rig

TESTS = REPOSITORY / "tests"
Outcome = TypeVar("Outcome")
_FOLDERS = ("odoo", "browser")
"""Where the tests against a real Odoo lie, under tests/."""
_SIDE_BY_SIDE = ("-n", "4", "--dist", "worksteal")
"""Whole runs go in four processes, which share a PostgreSQL and its templates: most tests wait for others most of the time."""


def setup(options: argparse.Namespace) -> bool:
    """Prepare the machine and the cache, in silence where all is there; one line for each version that is missing."""
    _ready(options, "cannot be tested")
    return True


def addon_tests_command(options: argparse.Namespace) -> bool:
    """Odoo's own tests of the addons, and of those that are there for tests only."""
    parts = [_inside(number, _addon_tests, options.modules) for number in _available(options)]
    ended = [part for part in parts if isinstance(part, addon_tests.Outcome)]
    print(f"{sum(part.passed for part in ended)} passed, {sum(part.failed for part in ended)} failed", flush=True)
    return all(part.ok for part in parts)


def lifecycle_command(options: argparse.Namespace) -> bool:
    """Install, upgrade, uninstall."""
    return all([_inside(number, _lifecycle, options.modules).ok for number in _available(options)])


def pytest_command(options: argparse.Namespace) -> bool:
    """The end-to-end tests alone."""
    return all([_pytest(number, options.arguments).ok for number in _available(options)])


def test_command(options: argparse.Namespace) -> bool:
    """All that the project checks against a real Odoo, for each version that is there.

    What cannot differ between them (marked `one_version`; all of tests/odoo/matrix) runs on the first one.
    """
    broken: list[int] = []
    available = _available(options, broken)
    # One such run keeps one core busy. On Ctrl-C or an error each process of the pool closes its rig.
    with multiprocessing.get_context("fork").Pool(len(available)) as pool:
        inside = pool.map(_all_inside, available)
        pool.close()
        pool.join()
    summary = [(False, f"Odoo {number}.0: could not be set up") for number in broken]
    for number, (tests, life) in zip(available, inside, strict=True):
        chosen = [] if number == available[0] else ["-m", "not one_version"]
        end = _to_its_end(f"Odoo {number}.0, end-to-end", partial(_pytest, number, [*options.arguments, *chosen]))
        ok = tests.ok and life.ok and end.ok
        summary.append((ok, f"Odoo {number}.0: addon tests {tests}; lifecycle of {life}; end-to-end {end}"))
    for ok, line in summary:
        print(f"{'ok    ' if ok else 'FAILED'} {line}", flush=True)
    return all(ok for ok, _ in summary)


def up_command(options: argparse.Namespace) -> bool:
    """One Odoo in the foreground until Ctrl-C."""
    numbers = _available(options)
    with Rig(numbers[-1]) as rig:
        modules = options.modules or ["sicantik_connector"]
        odoo = rig.odoo(*modules, cron_threads=1 if options.cron else 0, demo=options.demo_data)
        say(f"{rig.installation} with {', '.join(modules)}: {odoo.url}/odoo  login {odoo.login}  password {odoo.password}")
        say(f"database {odoo.database}, log {odoo.log_path}; Ctrl-C ends it and removes everything")
        while odoo.running:
            threading.Event().wait(1.0)
        raise RigError("Odoo ended by itself")


def demo_command(options: argparse.Namespace) -> bool:
    """An office with all its parts; see tests/odoo/demo.py."""
    return _script("odoo/demo.py", _available(options)[-1], *(["--once"] if options.once else []))


def bench_command(options: argparse.Namespace) -> bool:
    """Figures beside their goals; see tests/bench/README.md."""
    chosen = [f"--rounds={options.rounds}", f"--beside={options.beside}", *(f"--only={part}" for part in options.only)]
    return _script("bench/bench.py", _available(options)[-1], *chosen)


def account_tests_command(options: argparse.Namespace) -> bool:
    """Odoo's own tests of payments, with the addon that protects them and without; see tests/odoo/account_tests.py."""
    return all([_script("odoo/account_tests.py", number) for number in _available(options)])


def translations_command(options: argparse.Namespace) -> bool:
    """The addons' terms, brought up to date; see tests/odoo/translations.py."""
    return _script("odoo/translations.py", _available(options)[0])


def pages_command(options: argparse.Namespace) -> bool:
    """The addons' READMEs and pages for Odoo's Apps; see tests/odoo/app_pages.py."""
    venv.ensure_venv()
    number = _asked(options)[-1]
    return _script("odoo/app_pages.py", number, *(["--pictures"] if options.pictures else []))


def pictures_command(options: argparse.Namespace) -> bool:
    """The pictures of the manuals: taken by a browser test, then put into docs/images; see tests/browser/pictures.py."""
    number = _available(options)[0]
    names = ("test_manual", "test_payment_page", "test_whatsapp_manual", "test_documents_manual", "test_inbox_page")
    stories = [str(TESTS / "browser" / f"{name}.py") for name in names]
    return _pytest(number, [*stories, "--pictures"]).ok and _script("browser/pictures.py", number)


def pins_command(options: argparse.Namespace) -> bool:
    """Raise the version of every Python package, on purpose: the tests say afterwards whether they do."""
    packages.ensure_packages()
    venv.newest_pins()
    return True


def clean_command(options: argparse.Namespace) -> bool:
    """Empty the cache of what `setup` and the runs put there; a tree given as odoo-18/ stays."""
    for pattern in ("venv-*", "moto-*", "base-*", "odoo-19", "bytecode", "cargo-tools", "*.lock"):
        for path in cache_dir().glob(pattern):
            say(f"removing {path.name}")
            subprocess.run(["rm", "-rf", "--", str(path)], check=True)
    return True


def _script(path: str, number: int, *arguments: str) -> bool:
    """Run a script of tests/ in the venv. It uses this library; the library does not know it."""
    return spawn_visible([venv.python(), "-B", TESTS / path, f"--odoo={number}", *arguments]) == 0


def _asked(options: argparse.Namespace) -> list[int]:
    return options.odoo or list(versions.SERIES)


def _available(options: argparse.Namespace, broken: list[int] | None = None) -> list[int]:
    """Set up, and give the versions that can run; see `_ready` for `broken`."""
    found = _ready(options, "was not tested", broken)
    if not found:
        raise RigError("no Odoo to run")
    return found


def _ready(options: argparse.Namespace, missing: str, broken: list[int] | None = None) -> list[int]:
    """With `broken`, a version whose set-up fails is told and filed there, and the others go on."""
    packages.ensure_packages()
    venv.ensure_venv()
    found = []
    for number in sorted(set(_asked(options))):
        try:
            if number == 19:
                debian.ensure_odoo19()
        except RigError as error:
            if broken is None:
                raise
            say(f"Odoo {number}.0 could not be set up: {error}")
            broken.append(number)
            continue
        try:
            versions.find(number)
            found.append(number)
        except RigError as error:
            say(f"Odoo {number}.0 {missing}: {error}")
    return found


@dataclass(frozen=True)
class Broken:
    """A part of the tests that did not get to its end."""

    reason: str
    ok = False

    def __str__(self) -> str:
        return f"broke off: {self.reason}"


def _to_its_end(what: str, part: Callable[[], Outcome]) -> Outcome | Broken:
    """What a part brought; when it breaks off, that is told, and the other parts still get their turn."""
    try:
        return part()
    except Exception as error:
        told = str(error) if isinstance(error, RigError) else traceback.format_exc()
        print(f"{what} broke off: {told}", flush=True)
        return Broken((str(error) or type(error).__name__).splitlines()[0])


def _inside(number: int, part: Callable[[Rig, Sequence[str]], Outcome], modules: Sequence[str]) -> Outcome | Broken:
    """One thing that is tested inside Odoo, in a run of its own."""

    def run() -> Outcome:
        with Rig(number) as rig:
            return part(rig, modules)

    return _to_its_end(f"Odoo {number}.0", run)


def _all_inside(number: int) -> tuple[addon_tests.Outcome | Broken, lifecycle.Outcome | Broken]:
    """The addons' own tests, and their lives."""

    def run() -> tuple[addon_tests.Outcome | Broken, lifecycle.Outcome | Broken]:
        with Rig(number) as rig:
            tests = _to_its_end(f"Odoo {number}.0, addon tests", partial(_addon_tests, rig, ()))
            if isinstance(tests, addon_tests.Outcome):
                print(f"{tests.passed} passed, {tests.failed} failed", flush=True)
            return tests, _to_its_end(f"Odoo {number}.0, lifecycle", partial(_lifecycle, rig, ()))

    both = _to_its_end(f"Odoo {number}.0", run)
    return (both, both) if isinstance(both, Broken) else both


def _addon_tests(rig: Rig, modules: Sequence[str]) -> addon_tests.Outcome:
    result = addon_tests.run(rig, modules, [TEST_ADDONS])
    _complain((*result.skipped, *result.complaints))
    print(f"odoo-{rig.installation.series.number} addon tests: {result}", flush=True)
    return result


def _lifecycle(rig: Rig, modules: Sequence[str]) -> lifecycle.Outcome:
    result = lifecycle.run(rig, modules)
    _complain(result.complaints)
    print(f"odoo-{rig.installation.series.number} lifecycle of {result}", flush=True)
    return result


def _complain(complaints: Iterable[str]) -> None:
    for complaint in complaints:
        print(f"  {complaint}", flush=True)


@dataclass(frozen=True)
class _Ended:
    """How a pytest run ended."""

    code: int
    counts: str

    @property
    def ok(self) -> bool:
        return self.code == 0

    def __str__(self) -> str:
        return self.counts or f"did not run (pytest exit code {self.code})"


def _pytest(number: int, arguments: Sequence[str]) -> _Ended:
    """Run pytest in the venv. Without a file or folder among the arguments it runs all end-to-end tests."""
    chosen = list(arguments)
    if not any(Path(argument.split("::")[0]).exists() for argument in chosen):
        chosen += [*_SIDE_BY_SIDE, *(str(TESTS / folder) for folder in _FOLDERS if (TESTS / folder).is_dir())]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # Its temporary files go where they are removed with the report.
        own = [f"--odoo={number}", f"--junitxml={report}", f"--basetemp={folder}/pytest", "-c", TESTS / "pytest.ini"]
        code = spawn_visible([venv.python(), "-B", "-m", "pytest", *own, *chosen])
        return _Ended(code, _counts(report))


def _counts(report: Path) -> str:
    if not report.exists():
        return ""
    suite = next(ElementTree.parse(report).iter("testsuite"))
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return f"{total - failed - skipped} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
