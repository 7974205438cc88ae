"""The worker killed again and again, at other points of each kind of run: nothing lost, nothing doubled, no run stuck."""

import signal

import pytest
from offices import MakeOffice
from parts import QUICK_LEASE

SLOW = ("--query-ms", "150", "--detail-ms", "15", "--max-page-rows", "150")


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("permits", (0, 150, 400, 700)),
        ("expiry", (0, 25, 70, 130)),
        ("all", (0, 200, 750)),
        ("compare", (0, 300)),
    ],
    ids=["permits", "expiry", "all", "compare"],
)
def test_a_run_survives_a_kill_at_many_points(make_office: MakeOffice, kind: str, points: tuple[int, ...]) -> None:
    office = make_office(permits=800 if kind != "expiry" else 250, options=SLOW)
    office.unhurried(rate=200)
    if kind in ("expiry", "compare"):
        assert office.worker.run("permits")[0] == 0
    worker = office.worker.start(**QUICK_LEASE)
    run_id = office.order(kind)
    killed = 0
    for point in points:
        run = office.wait_for(run_id, lambda run, point=point: run["done"] >= point and run["state"] != "queued")
        if run["state"] != "claimed":
            break
        worker.stop(signal.SIGKILL)
        killed += 1
        worker.start(**QUICK_LEASE)
    run = office.wait_end(run_id)
    assert killed >= 2, "the run was too quick to be killed"
    assert (run["state"], run["attempts"]) == ("done", killed + 1), run
    office.must_agree(details=kind in ("expiry", "all"))
