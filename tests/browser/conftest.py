"""Fixtures of the browser tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from desk import Desk
from playwright.sync_api import Browser

Sit = Callable[..., Desk]


@pytest.fixture
def sit_down(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Sit]:
    """`sit_down(odoo, login="admin", width=1366)`: a person at a browser; console errors fail the test at its end."""
    desks: list[Desk] = []

    def sit(odoo: Any, **options: Any) -> Desk:
        desks.append(Desk(browser, odoo, request.config.getoption("--odoo"), **options))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.close()
