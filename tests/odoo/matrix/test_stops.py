"""The worker told to end at random moments of a day's work: it ends in time, hands its runs back, and nothing is lost."""

import os
import random
import time

from offices import MakeOffice
from parts import OPEN_STATES

MOMENTS = int(os.environ.get("SICANTIK_STOPS", "20"))
SEED = int(os.environ.get("SICANTIK_STOPS_SEED", "") or random.SystemRandom().randrange(1_000_000))
PROMISED = 15.0
"""Seconds from SIGTERM to the end of the process."""
LATEST = 1.5
"""Seconds after the order within which the signal comes."""
KINDS = ("types", "permits", "expiry", "all", "compare", "probe")


def test_a_worker_told_to_end_at_any_moment_ends_in_time_and_loses_nothing(make_office: MakeOffice) -> None:
    print(f"SICANTIK_STOPS_SEED={SEED} SICANTIK_STOPS={MOMENTS}")
    chance = random.Random(SEED)
    office = make_office(permits=150, options=("--query-ms", "150", "--detail-ms", "15"))
    office.unhurried(rate=200)
    office.odoo.allow_log(r"WARNING odoo.http: stale_token: ", "a report that was on its way when its run was handed back")
    worker, slowest = office.worker, 0.0
    for moment in range(MOMENTS):
        worker.start(SICANTIK__WORKER__POLL_SECONDS="1")
        kind, pause = chance.choice(KINDS), chance.uniform(0, LATEST)
        office.order(kind)
        time.sleep(pause)
        told = time.monotonic()
        code = worker.stop()
        slowest = max(slowest, time.monotonic() - told)
        where = f"moment {moment} of seed {SEED}: {kind} after {pause:.2f} s"
        assert (code, slowest < PROMISED) == (0, True), f"{where}: exit code {code} after {slowest:.1f} s"
        stuck = office.admin.call("sicantik.sync.run", "search_read", [("state", "=", "claimed")], ["kind", "attempts"])
        assert stuck == [], f"{where}: not handed back: {stuck}"
        grown = office.admin.call("sicantik.sync.run", "search_read", [("attempts", ">", 1)], ["kind", "attempts"])
        assert grown == [], f"{where}: what is handed back is no attempt: {grown}"
    print(f"the slowest stop took {slowest:.2f} s")
    worker.start(SICANTIK__WORKER__POLL_SECONDS="1")
    for kind in ("permits", "all"):
        office.wait_end(office.order(kind, full=True))
    search = office.admin.call
    office.wait_until(lambda: not search("sicantik.sync.run", "search", [("state", "in", OPEN_STATES)]), "every run ends")
    lost = search("sicantik.sync.run", "search_read", [("state", "in", ("lost", "failed"))], ["kind", "state", "attempts"])
    assert lost == [], f"seed {SEED}: {lost}"
    office.must_agree(details=True, what=f"seed {SEED}")
