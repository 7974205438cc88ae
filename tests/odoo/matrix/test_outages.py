"""Odoo and its database go away in the middle of a run and come back."""

from collections.abc import Iterator

import pytest
from offices import MakeOffice
from parts import QUICK_LEASE, Office
from riglib.plugin import served
from riglib.server import Odoo
from riglib.session import Rig

SLOW = ("--query-ms", "100", "--detail-ms", "10", "--max-page-rows", "100")
BROKEN_LOG = (
    r"(ERROR|WARNING|CRITICAL) (odoo\.sql_db|odoo\.http|odoo\.addons\.bus|odoo\.service|werkzeug|odoo\.modules|odoo\.registry)"
)


def begin(make_office: MakeOffice, kind: str) -> tuple[Office, int]:
    """An office with a run that is under way."""
    office = make_office(permits=1500 if kind == "permits" else 250, options=SLOW)
    office.unhurried(rate=100)
    if kind == "expiry":
        assert office.worker.run("permits")[0] == 0
    office.worker.start(**QUICK_LEASE)
    run_id = office.order(kind)
    office.wait_for(run_id, lambda run: run["done"] >= 60)
    return office, run_id


@pytest.mark.parametrize("kind", ["permits", "expiry"])
@pytest.mark.parametrize("how", ["stop", "kill"])
def test_odoo_goes_and_comes_back(make_office: MakeOffice, kind: str, how: str) -> None:
    office, run_id = begin(make_office, kind)
    office.odoo.allow_log(BROKEN_LOG, "it was ended in the middle of calls")
    getattr(office.odoo, how)()
    office.wait_until(lambda: office.worker.get("readyz")["status"] == "degraded", "the worker notices")
    assert office.worker.get("healthz") == {"status": "ok"}
    office.odoo.start()
    assert office.wait_end(run_id)["state"] == "done"
    office.wait_until(lambda: office.worker.get("readyz")["status"] == "ready", "the worker is well again")
    office.must_agree(details=kind == "expiry")


class TestPostgresql:
    """One that no other test uses meanwhile."""

    @pytest.fixture(scope="class")
    def alone(self, rig: Rig) -> Iterator[Rig]:
        """A run of its own."""
        with Rig(rig.installation.series.number) as alone:
            yield alone

    @pytest.fixture
    def odoo(self, alone: Rig) -> Iterator[Odoo]:
        """What `make_office` connects the worker to."""
        yield from served(alone)

    @pytest.mark.parametrize("kind", ["permits", "expiry"])
    def test_is_restarted(self, make_office: MakeOffice, kind: str) -> None:
        office, run_id = begin(make_office, kind)
        office.odoo.allow_log(BROKEN_LOG, "its database was restarted in the middle of calls")
        office.odoo.rig.cluster.restart()
        assert office.wait_end(run_id)["state"] == "done"
        office.must_agree(details=kind == "expiry")
