"""The matrix: everything that may fail while an office works, on one version of Odoo. The other version runs the rest."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that `-m "not one_version"` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("one_version")
