"""The pytest plugin: fixtures for tests against a real Odoo. `tests/conftest.py` loads it for tests/odoo and tests/browser."""

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from . import versions
from .processes import RigError, tail
from .server import Odoo
from .session import Rig

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

_SHARED = pytest.StashKey[Rig]()
CONNECTOR = "sicantik_connector"
CHROMIUM = "/usr/bin/chromium-headless-shell"
"""The engine of Debian's Chromium without its window: an empty page in a context of its own costs half the processor time."""
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP kantor.example.test 127.0.0.1",
)  # fmt: skip
"""No sandbox: Chromium refuses it as root. The rest keeps it from talking to anybody but the test's own server, which has
a second name: an office's own network, where pages come by plain http from another machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--odoo 18` or `--odoo 19` (default), and `--pictures`."""
    choices = tuple(map(str, versions.SERIES))
    parser.addoption("--odoo", choices=choices, default="19", help="the Odoo version that the tests run against")
    pictures = "keep pictures of the pages under target/screenshots, and walk through the manual in each of its languages"
    parser.addoption("--pictures", action="store_true", help=pictures)


def pytest_configure(config: pytest.Config) -> None:
    """SIGTERM ends a test run as Ctrl-C does: with every fixture's teardown."""
    signal.signal(signal.SIGTERM, _interrupt)


def pytest_report_header(config: pytest.Config) -> str:
    """The version, so that a pasted report tells it."""
    return f"odoo: {config.getoption('--odoo')}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones come first: of several processes none is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "WorkerController") -> None:
    """Of several processes side by side: all use one run, which the process that leads them holds."""
    config = node.config
    if _SHARED not in config.stash:
        config.stash[_SHARED] = _begin(config, browsed=True)
        config.add_cleanup(config.stash[_SHARED].close)
    node.workerinput["run"] = str(config.stash[_SHARED].folder)


@pytest.fixture(scope="session")
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """The run: PostgreSQL, templates and copies. At the end everything that it started is stopped and removed."""
    run = getattr(request.config, "workerinput", {}).get("run")
    browsed = any("browser" in getattr(item, "fixturenames", ()) for item in request.session.items)
    with _begin(request.config, browsed=browsed or bool(run), beside=Path(run) if run else None) as session:
        yield session


@pytest.fixture(scope="session")
def template(rig: Rig) -> str:
    """The name of a database with sicantik_connector installed; copy it with `rig.copy(template)`."""
    return rig.template(CONNECTOR)


@pytest.fixture
def odoo(rig: Rig, template: str) -> Iterator[Odoo]:
    """A served Odoo with sicantik_connector on a fresh database, for this test alone.

    At the end the log must be free of warnings; a test that causes one on purpose says so with `odoo.allow_log(pattern, reason)`.
    """
    yield from served(rig)


@pytest.fixture(scope="module")
def shared_odoo(rig: Rig, template: str) -> Iterator[Odoo]:
    """The same, started once for all tests of a module: for tests that only read, or that keep apart by their own records."""
    yield from served(rig)


@pytest.fixture
def odoo_fresh(rig: Rig) -> Iterator[Callable[..., Odoo]]:
    """`odoo_fresh(modules=("sicantik_whatsapp",), cron_threads=0, start=True, demo=False)`: further Odoos, each on its own
    fresh database; `demo`: with demo data."""
    made: list[Odoo] = []

    def fresh(modules: tuple[str, ...] = (CONNECTOR,), *, cron_threads: int = 0, start: bool = True, demo: bool = False) -> Odoo:
        made.append(rig.database(modules, cron_threads=cron_threads, demo=demo))
        return made[-1].start() if start else made[-1]

    yield fresh
    for odoo in made:
        rig.discard(odoo)
    for odoo in made:
        odoo.check_log()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium under Playwright; open pages in a context of their own: `browser.new_context(base_url=odoo.url)`."""
    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test shows the end of its Odoo's log."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Odoo):
                report.sections.append((f"Odoo log of {name}", tail(value.log_path)))
    return report


def start_chromium(playwright: Playwright) -> Browser:
    """The browser of the tests and of the bench."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))


def served(rig: Rig, addon: str = CONNECTOR, *, furnished: str = "") -> Iterator[Odoo]:
    """An Odoo of a fixture: with this addon and what `Rig.template` tells, until the test has ended."""
    odoo = rig.odoo(addon, furnished=furnished)
    yield odoo
    rig.discard(odoo)
    odoo.check_log()


def _begin(config: pytest.Config, **choices: Any) -> Rig:
    disk = shutil.disk_usage(tempfile.gettempdir())
    if disk.free < max(1 << 30, disk.total // 10):
        remedy = "Make room: the worker calls that nearly full, as it should, and tests of its storage would fail."
        pytest.exit(
            f"The disk of {tempfile.gettempdir()} has less than a gibibyte or a tenth of its room left. {remedy}", returncode=2
        )
    try:
        return Rig(int(config.getoption("--odoo")), **choices)
    except RigError as error:
        pytest.exit(str(error), returncode=2)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
