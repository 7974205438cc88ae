"""The whole way: the installation, a first sync as the user sees it, the worker on a large list."""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from figures import Figures, Goal
from parts import WORKER, Office, Simulator, connect
from riglib.processes import RigError, clean_environment, spawn, stop, tail
from riglib.session import Rig
from truth import differences

CONNECTOR = "sicantik_connector"
FIRST_PERMITS = 500
MANY_PERMITS = 10_000
_LIMIT_SECONDS = 600.0
_LOOK_SECONDS = 0.02


@contextmanager
def office_of(rig: Rig, simulator: Simulator, *modules: str) -> Iterator[Office]:
    """A fresh database, served without scheduled actions, and paired; afterwards its log must be free of warnings."""
    odoo = rig.odoo(CONNECTOR, *modules)
    yield connect(odoo, simulator, rig.folder)
    rig.discard(odoo)
    odoo.check_log()


@contextmanager
def simulator_of(rig: Rig, permits: int, *options: str) -> Iterator[Simulator]:
    """A SICANTIK that ends with the block."""
    simulator = Simulator(rig.folder, permits=permits, options=options)
    try:
        yield simulator
    finally:
        simulator.stop()


def installation(rig: Rig, figures: Figures) -> None:
    """The addon on a database with Odoo's base modules, as `-i` does it."""
    figures.add("installation_seconds", installation_seconds(rig), "s", "installation of the addon", Goal("<", 60))


def installation_seconds(rig: Rig) -> float:
    """One of them."""
    odoo = rig.database(())
    started = time.monotonic()
    odoo.install(CONNECTOR)
    seconds = time.monotonic() - started
    rig.discard(odoo)
    odoo.check_log()
    return seconds


def first_sync(rig: Rig, figures: Figures) -> None:
    """From the press of Sync Now to the end of the run, with the worker as a service."""
    with simulator_of(rig, FIRST_PERMITS) as simulator, office_of(rig, simulator) as office:
        office.worker.start(SICANTIK__WORKER__LEASE_SECONDS="60")
        started = time.monotonic()
        run = office.wait_end(office.order("permits"))
        seconds = time.monotonic() - started
        office.worker.stop()
        _check(run["state"] == "done" and run["created"] == FIRST_PERMITS, run)
    figures.add("first_sync_seconds", seconds, "s", f"first sync of {FIRST_PERMITS} permits, press to end", Goal("<", 30))


@dataclass(frozen=True)
class Ended:
    """A run of the command line."""

    seconds: float
    peak_mib: float
    said: dict[str, Any]


def many(rig: Rig, figures: Figures, rounds: int) -> None:
    """`sicantik run permits` on an empty Odoo, then again; a fresh database in each round."""
    new: list[Ended] = []
    again: list[Ended] = []
    with simulator_of(rig, MANY_PERMITS) as simulator:
        truth = simulator.permits()
        for number in range(rounds):
            with office_of(rig, simulator) as office:
                new.append(run_command(office, "permits"))
                again.append(run_command(office, "permits"))
                _check(new[-1].said["created"] == len(truth), new[-1].said)
                _check(again[-1].said["unchanged"] == len(truth), again[-1].said)
                if not number:
                    found = differences(office.admin, truth, details=False)
                    _check(not found, found[:5])
    for name, runs, text in (("new", new, "new"), ("unchanged", again, "unchanged")):
        head = f"worker, {MANY_PERMITS:,} permits {text}"
        rates = [len(truth) / run.seconds for run in runs]
        figures.add(f"worker_{name}_seconds", [run.seconds for run in runs], "s", f"{head}: the whole command")
        figures.add(f"worker_{name}_rows_per_second", rates, "rows/s", f"{head}: rows")
        figures.add(f"worker_{name}_calls", statistics.median(run.said["api_calls"] for run in runs), "calls", f"{head}: calls")
        figures.add(f"worker_{name}_peak_mib", [run.peak_mib for run in runs], "MiB", f"{head}: peak memory")


def run_command(office: Office, *arguments: str, fails: bool = False) -> Ended:
    """`sicantik run ARGUMENTS`, watched. The kernel's own high-water mark; the resource usage of a child would count this
    process's memory, from before the worker took its place."""
    environment = clean_environment(**office.worker.environment)
    output = office.worker.folder / f"run-{time.monotonic_ns()}.log"
    started = time.monotonic()
    process = spawn([WORKER, "run", *arguments, "--json"], output=output, environment=environment)
    peak = 0.0
    try:
        while process.poll() is None:
            peak = max(peak, memory_mib(process.pid, "VmHWM"))
            _check(time.monotonic() - started < _LIMIT_SECONDS, tail(output))
            time.sleep(_LOOK_SECONDS)
        seconds = time.monotonic() - started
    finally:
        stop(process)
    lines = output.read_text().splitlines()
    _check((process.returncode == 0) != fails, tail(output))
    return Ended(seconds, peak, json.loads(next((line for line in reversed(lines) if line.startswith("{")), "{}")))


def memory_mib(pid: int, name: str) -> float:
    """What the kernel says of a process: VmRSS, or VmHWM, its high-water mark. Nothing of one that has ended."""
    try:
        with open(f"/proc/{pid}/status") as status:
            return next((int(line.split()[1]) / 1024 for line in status if line.startswith(f"{name}:")), 0.0)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _check(holds: bool, evidence: object) -> None:
    if not holds:
        raise RigError(f"the bench met something that is not as it should be: {evidence}")
