"""Fixtures of the browser tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk import Desk
from people import STAFF
from playwright.sync_api import Browser, expect
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

# As long as the desk waits for a page: three browsers may share two cores.
expect.set_options(timeout=20_000)

Sit = Callable[..., Desk]
_CHAT = r"ERROR odoo.sql_db: bad query: b'\s*(UPDATE|INSERT INTO) \"(discuss_channel_member|mail_presence|bus_presence)\""
_OWN_ERRORS = {
    _CHAT: "Odoo's own chat: two requests of a page meet on a row, and Odoo repeats the later one",
    r"ERROR odoo.addons.bus.websocket: .*could not serialize": "Odoo's own presence: two windows of one person meet on a row",
    r"ERROR odoo.addons.bus.models.bus: Bus.loop error.*Bad file descriptor": "Odoo's own bus: a page goes as it is told",
}
"""What Odoo logs now and then when somebody looks at its pages, whatever addon they are of."""


@pytest.fixture
def odoo(rig: Rig, template: str) -> Iterator[Odoo]:
    """The rig's fixture, with people of each role, and with Indonesian."""
    yield from served(rig, furnished=STAFF)


@pytest.fixture
def sit_down(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Sit]:
    """`sit_down(odoo, login="admin", width=1366)`: a person at a browser; console errors fail the test at its end."""
    desks: list[Desk] = []

    def sit(odoo: Any, **options: Any) -> Desk:
        for pattern, reason in _OWN_ERRORS.items():
            odoo.allow_log(pattern, reason)
        desks.append(Desk(browser, odoo, request.config.getoption("--odoo"), **options))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.close()
