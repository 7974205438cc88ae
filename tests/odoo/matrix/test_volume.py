"""Many permits, and a list that moves while it is read."""

import threading

import pytest
from offices import MakeOffice
from parts import QUICK_LEASE


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_fifty_thousand_permits(make_office: MakeOffice) -> None:
    office = make_office(permits=50_000)
    office.unhurried(rate=1000)
    office.worker.start(SICANTIK__WORKER__LEASE_SECONDS="60")
    run = office.wait_end(office.order("permits"), seconds=600)
    truth = office.simulator.permits()
    assert (run["state"], run["created"], run["failed"], run["attempts"]) == ("done", len(truth), 0, 1), run
    office.simulator.forget_calls()
    run = office.wait_end(office.order("permits"), seconds=300)
    assert (run["state"], run["created"], run["updated"]) == ("done", 0, 0), run
    office.must_agree(details=False)


def test_a_list_that_moves_while_it_is_read_loses_nothing(make_office: MakeOffice) -> None:
    office = make_office(permits=1500, options=("--max-page-rows", "100", "--query-ms", "20"))
    office.unhurried(rate=1000)
    office.worker.start(**QUICK_LEASE)
    ended = threading.Event()

    def issue() -> None:
        while not ended.wait(0.15):
            office.simulator.admin("issue", {"count": 2})

    clerk = threading.Thread(target=issue)
    clerk.start()
    try:
        run = office.wait_end(office.order("permits"))
    finally:
        ended.set()
        clerk.join()
    assert run["state"] in ("done", "partial"), run
    missing = office.admin.call("sicantik.permit", "search_count", [("missing_since", "!=", False)])
    assert missing == 0, "a permit that only moved was called missing"
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.must_agree(details=False)


def test_a_permit_that_leaves_the_list_is_marked_and_cleared_when_it_comes_back(make_office: MakeOffice) -> None:
    office = make_office(permits=300)
    office.unhurried(rate=1000)
    assert office.worker.run("permits")[0] == 0
    before = office.admin.call("sicantik.permit", "search_count", [])
    office.simulator.admin("remove", {"count": 4})
    assert office.worker.run("permits", "--full")[0] == 0
    missing = office.admin.call("sicantik.permit", "search_count", [("missing_since", "!=", False)])
    assert missing >= 4
    assert office.admin.call("sicantik.permit", "search_count", []) == before, "nothing is ever deleted"
    office.must_agree(details=False)
