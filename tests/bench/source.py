"""What SICANTIK has to bear: calls of a pass over the list, calls of the nights, beside a plain walk by small pages."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from figures import Figures, Goal
from parts import Simulator, Worker
from riglib.processes import RigError
from riglib.session import Rig
from runs import office_of, run_command, simulator_of

LIST = "listpermohonanterbit"
PERMITS = 12_000
SLOW_SERVER = ("--query-ms", "200", "--row-us", "10")
PEER_PAGE = 100
CUT_ROWS = 500
SEEDS = range(1, 11)
EXPIRY_PERMITS = 500
DETAIL_MS = 150
RATE = 10.0
MICROSECONDS = 1_000_000
USED = 9.5
"""Calls a second that an expiry run should reach when 10 are allowed."""


def whole_list(rig: Rig, figures: Figures) -> None:
    """A slow server with 12,000 permits: the service's first contact and its next pass, which knows what the first one
    learnt; and a walk in JSON by pages of 100."""
    head = f"{PERMITS:,} permits, 0.2 s a query"
    with simulator_of(rig, PERMITS, *SLOW_SERVER) as simulator, office_of(rig, simulator) as office:
        truth = simulator.permits()
        office.worker.start()
        started = time.monotonic()
        first = office.wait_end(office.order("permits"))
        first_seconds = time.monotonic() - started
        figures.add("list_first_calls", _list_calls(simulator), "calls", f"{head}: first contact, list calls", Goal("≤", 12))
        figures.add("list_first_found", 100 * first["created"] / len(truth), "%", f"{head}: found", Goal("≥", 100))
        simulator.forget_calls()
        office.wait_end(office.order("permits"))
        office.worker.stop()
        figures.add("list_later_calls", _list_calls(simulator), "calls", f"{head}: later passes, list calls", Goal("≤", 3))
        simulator.forget_calls()
        started = time.monotonic()
        found = _peer_walk(simulator)
        seconds = time.monotonic() - started
        figures.add("list_peer_calls", _list_calls(simulator), "calls", f"{head}: JSON by pages of {PEER_PAGE}, calls")
        figures.add("list_peer_found", 100 * found / len(truth), "%", f"{head}: JSON by pages of {PEER_PAGE}, found")
        figures.add("list_time_ratio", seconds / first_seconds, "times", f"{head}: that walk / our whole first sync")


def cut_list(rig: Rig, figures: Figures) -> None:
    """A server that gives at most 500 rows a page, over several seeds."""
    calls: list[float] = []
    missed = 0
    for seed in SEEDS:
        simulator = Simulator(rig.folder, permits=PERMITS, seed=seed, options=("--max-page-rows", str(CUT_ROWS)))
        try:
            worker = Worker(rig.folder, {"SICANTIK__SICANTIK__URL": simulator.url})
            code, said, complaint = worker.run("permits", "--dry-run")
            if code:
                raise RigError(f"the dry run failed: {complaint}")
            missed += len(simulator.permits()) - said["permits"]
            calls.append(_list_calls(simulator))
        finally:
            simulator.stop()
    head = f"{PERMITS:,} permits, at most {CUT_ROWS} a page"
    figures.add("list_cut_calls", max(calls), "calls", f"{head}: most calls of {len(calls)} seeds", Goal("≤", 60))
    figures.add("list_cut_missed", missed, "permits", f"{head}: missed in all seeds", Goal("≤", 0))


def nights(rig: Rig, figures: Figures) -> None:
    """Expiry dates permit by permit at 10 calls a second, the night after, and a list that carries them."""
    with simulator_of(rig, EXPIRY_PERMITS, "--detail-ms", str(DETAIL_MS)) as simulator, office_of(rig, simulator) as office:
        office.admin.call("sicantik.config", "write", [office.config_id], {"rate_limit": RATE})
        run_command(office, "permits")
        simulator.forget_calls()
        night = run_command(office, "expiry")
        calls = len(simulator.calls())
        head = f"expiry of {EXPIRY_PERMITS} permits, {DETAIL_MS} ms a call"
        figures.add("expiry_seconds", night.seconds, "s", f"{head}: {calls} calls", Goal("≤", calls / USED + 1))
        figures.add("expiry_seconds_500", 500 * night.seconds / calls, "s", f"{head}: for each 500 calls", Goal("≤", 54))
        _check_rate(simulator)
        office.odoo.sql("UPDATE sicantik_permit SET detail_next_check = detail_next_check - interval '1 day'")
        simulator.forget_calls()
        run_command(office, "expiry")
        share = 100 * (1 - len(simulator.calls()) / calls)
        figures.add("expiry_second_night", share, "%", "second night: fewer calls than the first", Goal("≥", 95))
    with simulator_of(rig, EXPIRY_PERMITS, "--list-has-expiry") as simulator, office_of(rig, simulator) as office:
        seconds = run_command(office, "permits").seconds
        text = f"{EXPIRY_PERMITS} permits whose list has the expiry: the whole command"
        figures.add("expiry_in_list_seconds", seconds, "s", text, Goal("<", 0.75))


def _list_calls(simulator: Simulator) -> int:
    return sum(call["endpoint"].lower() == LIST for call in simulator.calls())


def _peer_walk(simulator: Simulator) -> int:
    """How many permits a plain client finds that walks in JSON until nothing comes."""
    known: set[Sequence[str]] = set()
    offset = 0
    while True:
        address = f"{simulator.url}/{LIST}/limit/{PEER_PAGE}/offset/{offset}/format/json"
        try:
            with urllib.request.urlopen(address, timeout=60) as response:
                body = response.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return len(known)
            raise
        # A page with one byte that is not UTF-8 comes without a body; the walk goes on behind it.
        rows = json.loads(body) if body else []
        known |= {(row["pendaftaran_id"], row["no_surat"] or row["n_perizinan"]) for row in rows}
        offset += PEER_PAGE


def _check_rate(simulator: Simulator) -> None:
    arrivals = sorted(call["at_us"] for call in simulator.calls())
    for first, eleventh in zip(arrivals, arrivals[int(RATE) :], strict=False):
        if eleventh - first < MICROSECONDS:
            raise RigError("SICANTIK saw eleven calls in one second")
