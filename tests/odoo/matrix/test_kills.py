"""The worker killed again and again, at other points of each kind of run: nothing lost, nothing doubled, no run stuck."""

import signal

import pytest
from offices import MakeOffice
from parts import QUICK_LEASE

SLOW = ("--query-ms", "700", "--detail-ms", "200", "--max-page-rows", "150")
"""So slow that a run is still under way when its figures have been seen, however late that is."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("permits", (0, 100, 400)),
        ("expiry", (0, 15, 40)),
        ("all", (0, 100, 60)),
        ("compare", (0, 300)),
    ],
    ids=["permits", "expiry", "all", "compare"],
)
def test_a_run_survives_a_kill_at_many_points(make_office: MakeOffice, kind: str, points: tuple[int, ...]) -> None:
    """`points`: how far each attempt comes before its worker is killed; counts begin anew with each attempt."""
    office = make_office(permits={"expiry": 250, "all": 500}.get(kind, 800), options=SLOW)
    office.unhurried(rate=200)
    if kind in ("expiry", "compare"):
        assert office.worker.run("permits")[0] == 0
    worker = office.worker.start(**QUICK_LEASE)
    run_id = office.order(kind)
    for attempt, point in enumerate(points, start=1):
        office.wait_for(run_id, lambda run, at=attempt, done=point: run["attempts"] >= at and run["done"] >= done)
        worker.stop(signal.SIGKILL)
        assert office.read_run(run_id)["state"] == "claimed", f"attempt {attempt} had ended before it was killed"
        worker.start(**QUICK_LEASE)
    run = office.wait_end(run_id)
    assert (run["state"], run["attempts"]) == ("done", len(points) + 1), run
    office.must_agree(details=kind in ("expiry", "all"))
