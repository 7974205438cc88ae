"""Fixtures of the end-to-end tests: an office with all its parts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from letterbox import Letterbox
from parts import Office, Simulator, connect
from riglib.server import Odoo
from riglib.session import Rig

MakeOffice = Callable[..., Office]


def keep_in(store: str, rig: Rig, office: Office) -> None:
    """Gives the worker, which is down, a new store: a file (`sqlite`), as it had one, or a database (`postgres`)."""
    if store == "sqlite":
        return
    name = f"store_{office.worker.port}"
    rig.cluster.create_database(name)
    office.worker.environment |= {
        "SICANTIK__STORE__URL": f"postgres://odoo:none@127.0.0.1:{rig.cluster.port}/{name}",
        "SICANTIK__SECRETS__MASTER_KEY_FILE": str(office.worker.folder / "master.key"),
    }


@pytest.fixture
def simulators(tmp_path: Path) -> Iterator[Callable[..., Simulator]]:
    """`simulators(permits=…, seed=…, options=(…))` starts simulators that end with the test."""
    made: list[Simulator] = []

    def start(**options: Any) -> Simulator:
        made.append(Simulator(tmp_path, **options))
        return made[-1]

    yield start
    for simulator in made:
        simulator.stop()


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    """A mail server that takes everything."""
    with Letterbox() as opened:
        yield opened


@pytest.fixture
def make_office(odoo: Odoo, simulators: Callable[..., Simulator], tmp_path: Path) -> Iterator[MakeOffice]:
    """`make_office(permits=…, options=(…), **settings)`: a paired worker, not yet started, and its log checked for secrets."""
    made: list[Office] = []

    def make(*, permits: int = 500, seed: int = 1, options: tuple[str, ...] = (), **settings: Any) -> Office:
        simulator = simulators(permits=permits, seed=seed, options=options)
        made.append(connect(odoo, simulator, tmp_path, **settings))
        return made[-1]

    yield make
    for office in made:
        if office.worker.process:
            office.worker.stop()
        said = office.worker.log_text()
        for name in ("SICANTIK__ODOO__API_KEY", "SICANTIK__HOOK__KEY"):
            assert office.worker.environment[name] not in said, f"{name} stands in the worker's log"
        assert "PEMOHON" not in said, "an applicant's name stands in the worker's log"
