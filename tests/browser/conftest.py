"""Fixtures of the browser tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from album import LANGUAGES
from desk import PATIENCE_MS, Desk
from papers import SHELF
from people import STAFF
from playwright.sync_api import Browser, expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

expect.set_options(timeout=PATIENCE_MS)

Sit = Callable[..., Desk]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Pages of the manuals: in the language of the offices, and in each of them where pictures are taken."""
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", LANGUAGES if metafunc.config.getoption("--pictures") else ["id"])


@pytest.fixture
def odoo(rig: Rig, template: str) -> Iterator[Odoo]:
    """The rig's fixture, with people of each role, and with Indonesian."""
    yield from served(rig, furnished=STAFF)


@pytest.fixture
def demo_odoo(odoo_fresh: Callable[..., Odoo]) -> Odoo:
    """An Odoo with the addons' demo data, and Odoo's own."""
    odoo = odoo_fresh(demo=True)
    odoo.allow_log("partner-autocomplete|Autocomplete API", "Odoo's own demo company has a web site that Odoo looks up")
    return odoo


@pytest.fixture
def whole_demo_odoo(odoo_fresh: Callable[..., Odoo]) -> Odoo:
    """The same with SICANTIK WhatsApp and SICANTIK Documents, which are installed by themselves, and some documents."""
    odoo = odoo_fresh(("sicantik_whatsapp", "sicantik_documents"), demo=True)
    odoo.shell(SHELF)
    odoo.allow_log("partner-autocomplete|Autocomplete API", "Odoo's own demo company has a web site that Odoo looks up")
    return odoo


@pytest.fixture
def sit_down(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Sit]:
    """`sit_down(odoo, login="admin", width=1366)`: a person at a browser; console errors fail the test at its end."""
    series, pictures = request.config.getoption("--odoo"), request.config.getoption("--pictures")
    desks: list[Desk] = []

    def sit(odoo: Any, **options: Any) -> Desk:
        desks.append(Desk(browser, odoo, series, pictures=pictures, **options))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.close()
