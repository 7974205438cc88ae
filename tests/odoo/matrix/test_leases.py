"""Two workers of one office, cut off, suspended and killed at random: one of them at a time, never too fast, nothing lost.

SICANTIK_LEASE_SCHEDULES=200 plays more schedules; SICANTIK_LEASE_SEED=N begins at another one.
"""

import os
import random
import re
import signal
import time
from pathlib import Path

import pytest
from offices import MakeOffice
from parts import OPEN_STATES, WAIT_SECONDS, Office, Worker, must_be_polite
from severable import Severable

RATE = 10
LEASE_SECONDS = 5
STALE = r"WARNING odoo.http: stale_token: "
QUICK = {"SICANTIK__WORKER__LEASE_SECONDS": str(LEASE_SECONDS), "SICANTIK__WORKER__POLL_SECONDS": "1"}
IN_FLIGHT = 3
"""Calls of a run that a worker has under way at once: two batches and a report."""
FIRST_SEED, SCHEDULES = int(os.environ.get("SICANTIK_LEASE_SEED", "1")), int(os.environ.get("SICANTIK_LEASE_SCHEDULES", "3"))


class Player:
    """A worker with a way of its own to Odoo."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.way = Severable(office.odoo.url)
        self.worker = Worker(folder, office.worker.environment | QUICK | {"SICANTIK__ODOO__URL": self.way.url})
        self.resumed: list[float] = []
        self.worker.start()

    def suffer(self, what: str, seconds: float) -> None:
        process = self.worker.process
        assert process
        if what == "cut":
            self.way.cut()
            time.sleep(seconds)
            self.way.heal()
        elif what == "suspend":
            process.send_signal(signal.SIGSTOP)
            time.sleep(seconds)
            self.resumed.append(time.monotonic())
            process.send_signal(signal.SIGCONT)
        else:
            self.worker.kill()
            time.sleep(seconds / 3)
            self.worker.start()

    def end(self) -> None:
        self.way.heal()
        if self.worker.process:
            self.worker.stop()
        self.way.close()


@pytest.mark.long
def test_whatever_happens_to_two_workers_sicantik_is_asked_at_its_rate_and_nothing_is_lost(
    make_office: MakeOffice, tmp_path: Path
) -> None:
    office = make_office(permits=120, options=("--max-page-rows", "30"))
    office.odoo.sql(f"UPDATE sicantik_config SET rate_limit = {RATE}")
    office.odoo.allow_log(r"WARNING .*sicantik.*", "a worker was not there when Odoo knocked")
    office.odoo.allow_log(STALE, "what was on its way when the lease ended; _play counts it")
    for seed in range(FIRST_SEED, FIRST_SEED + SCHEDULES):
        _play(office, tmp_path / str(seed), seed)
        # The next schedule begins with an empty Odoo.
        office.odoo.sql("DELETE FROM sicantik_permit")


def _play(office: Office, folder: Path, seed: int) -> None:
    dice = random.Random(seed)
    office.simulator.forget_calls()
    stale_before = _stale_calls(office)
    players: list[Player] = []
    try:
        for name in ("first", "second"):
            (folder / name).mkdir(parents=True)
            players.append(Player(office, folder / name))
        # Whoever holds one of them holds SICANTIK for both.
        run_id, beside = office.order("all", full=True), office.order("compare")
        office.wait_for(run_id, lambda run: run["state"] == "claimed" and run["api_calls"] > 0)
        for step in range(2):
            if office.read_run(run_id)["state"] not in OPEN_STATES:
                break
            what, seconds = ("cut", "suspend", "kill")[(seed + step) % 3], dice.uniform(0.5, 1.8 * LEASE_SECONDS)
            holder = office.admin.call("sicantik.sync.run", "read", [run_id], ["worker_name"])[0]["worker_name"]
            player = players[0] if dice.random() < 0.5 or not holder else _holder(players, holder)
            print(f"SICANTIK_LEASE_SEED={seed}: {what} for {seconds:.1f} s", flush=True)
            player.suffer(what, seconds)
        run = office.wait_end(run_id, WAIT_SECONDS)
        assert run["state"] == "done", f"seed {seed}: {run}"
        compared = office.wait_end(beside, WAIT_SECONDS)
        assert compared["state"] in ("done", "partial"), f"seed {seed}: {compared}"
        resumed = sum(len(player.resumed) for player in players)
    finally:
        for player in players:
            player.end()
    stale = _stale_calls(office) - stale_before
    assert stale <= 2 * IN_FLIGHT, f"seed {seed}: {stale} calls after a lease, two mishaps allow {2 * IN_FLIGHT}"
    must_be_polite(office.simulator.calls(), RATE, resumed=resumed, what=f"seed {seed}")
    office.must_agree(details=True, what=f"seed {seed}")


def _stale_calls(office: Office) -> int:
    """Calls so far with a lease that was over, as Odoo logs them."""
    return len(re.findall(STALE, office.odoo.log_path.read_text()))


def _holder(players: list[Player], name: str) -> Player:
    """Its log names the instance that Odoo names."""
    return next((player for player in players if name in player.worker.log_text()), players[0])
