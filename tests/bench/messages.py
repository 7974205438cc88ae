"""What a message costs the worker's store, beside a durable commit of one row in the same store and run."""

import json
import subprocess
from pathlib import Path

from figures import Figures, Goal
from parts import TARGET
from riglib.processes import RigError
from riglib.session import Rig

BENCH = TARGET / "release" / "examples" / "sicantik-queue-bench"
COUNT = 200
"""Of each round."""
SHARE = 0.2
"""A message is its keeping, two durable commits of five and of three statements, and a line of the journal that is synced."""
PROVIDER = 80.0
"""So many a second Meta takes from one number at most."""


def messages(rig: Rig, figures: Figures, rounds: int) -> None:
    """Both kinds of store, on the same disk, each commit as safe as an office's.

    A first round is not counted: PostgreSQL knows its tables then, as it does on any server a minute after its start.
    """
    name = "queue_bench"
    rig.cluster.create_database(name)
    shared = f"postgres://odoo:none@127.0.0.1:{rig.cluster.port}/{name}"
    for text, address in (("SQLite", f"sqlite:{rig.cluster.folder / 'queue.db'}"), ("PostgreSQL", shared)):
        folder = rig.cluster.folder / f"outbox-{text}"
        folder.mkdir()
        _rounds(address, folder, 1)
        if address == shared:
            rig.cluster.sql(name, "ANALYZE")
        pairs = _rounds(address, folder, rounds)
        head, key = f"outbox on {text}", f"queue_{text.lower()}"
        commits, rates = zip(*pairs, strict=True)
        ratios = [rate / commit for commit, rate in pairs]
        figures.add(f"{key}_commits", commits, "a second", f"{head}: durable commits of one row")
        figures.add(key, rates, "a second", f"{head}: messages kept, begun and ended", Goal("≥", PROVIDER))
        figures.add(f"{key}_ratio", ratios, "times", "  of those commits", Goal("≥", SHARE))
    rig.cluster.drop_database(name)


def _rounds(address: str, folder: Path, rounds: int) -> list[list[float]]:
    command = [BENCH, address, folder, str(rounds), str(COUNT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RigError(f"the queue could not be measured: {done.stderr[-500:]}")
    return json.loads(done.stdout)
