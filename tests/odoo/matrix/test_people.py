"""What people do while a run is under way: settings, cancel, two at once, two workers."""

from concurrent.futures import ThreadPoolExecutor

from offices import MakeOffice
from parts import QUICK_LEASE, Worker, must_be_polite
from truth import differences

NEVER_POLLS = {"SICANTIK__WORKER__LEASE_SECONDS": "600", "SICANTIK__WORKER__POLL_SECONDS": "3600"}


def test_settings_changed_during_a_run_hold_from_the_next_run_on(make_office: MakeOffice, simulators) -> None:
    office = make_office(permits=300, options=("--detail-ms", "10"))
    office.unhurried(rate=100)
    other = simulators(permits=40, seed=7)
    assert office.worker.run("permits")[0] == 0
    office.worker.start(**QUICK_LEASE)
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] >= 30)
    vals = {"api_url": other.url, "page_size": 7, "rate_limit": 5.0, "api_timeout": 11, "sync_interval": 99}
    office.admin.call("sicantik.config", "write", [office.config_id], vals)
    assert office.wait_end(run_id)["state"] == "done"
    assert differences(office.admin, office.simulator.permits(), details=True) == [], "the run went on with the address it had"

    assert office.wait_end(office.order("probe"))["state"] == "done"
    office.wait_end(office.order("permits"))
    calls = other.calls()
    assert "7" in {call["params"].get("limit") for call in calls}, "the page size is the new one"
    must_be_polite(calls, rate=5)
    missing = [("missing_since", "!=", False)]
    assert office.admin.call("sicantik.permit", "search_count", missing) == 0, "so many at once are believed the second time"
    office.wait_end(office.order("permits", full=True))
    assert office.admin.call("sicantik.permit", "search_count", missing) > 200, "what only the old SICANTIK has is marked"


def test_cancel_is_heard_at_once_by_hook(make_office: MakeOffice) -> None:
    office = make_office(permits=200, options=("--detail-ms", "15"))
    office.unhurried(rate=20)
    assert office.worker.run("permits")[0] == 0
    office.worker.start(**NEVER_POLLS)
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] >= 10)
    office.admin.call("sicantik.sync.run", "action_cancel", [run_id])
    run = office.wait_end(run_id)
    assert run["state"] == "cancelled"
    assert 10 <= run["done"] < run["total"]
    # What was cancelled goes on later; nothing is held.
    office.unhurried(rate=200)
    assert office.wait_end(office.order("expiry"))["state"] == "done"
    office.must_agree(details=True)


def test_a_run_that_waits_is_cancelled_without_a_worker(make_office: MakeOffice) -> None:
    office = make_office(permits=20)
    office.odoo.allow_log(r"WARNING .*sicantik.*", "the worker was not there when the button was pressed")
    run_id = office.order("permits")
    office.admin.call("sicantik.sync.run", "action_cancel", [run_id])
    assert office.read_run(run_id)["state"] == "cancelled"


def test_many_who_press_at_once_get_one_run(make_office: MakeOffice) -> None:
    office = make_office(permits=300, options=("--query-ms", "2000"))
    sessions = [office.odoo.rpc("admin", "admin") for _ in range(6)]
    office.worker.start(**QUICK_LEASE)

    def press(session) -> int:
        action = session.call("sicantik.config", "action_sync_now", [office.config_id])
        return action["params"]["next"]["res_id"]

    with ThreadPoolExecutor(len(sessions)) as people:
        runs = set(people.map(press, sessions))
    for run_id in runs:
        assert office.wait_end(run_id)["state"] == "done"
    assert len(runs) == 1, "two syncs at once would make everything twice"
    office.must_agree(details=False)
    office.odoo.allow_log(
        r"(ERROR|WARNING|INFO) odoo\.(sql_db|service\.model|http).*serializ", "they met, and Odoo repeated the call"
    )


def test_two_workers_share_the_work_and_the_source(make_office: MakeOffice, tmp_path) -> None:
    """One SICANTIK, one rate: two workers never call it at the same time."""
    office = make_office(permits=300, options=("--detail-ms", "30"), rate_limit=10.0)
    second = Worker(tmp_path, dict(office.worker.environment))
    first = office.worker.start(**QUICK_LEASE)
    second.start(**QUICK_LEASE)
    try:
        runs = [office.order(kind) for kind in ("types", "permits", "probe")]
        assert [office.wait_end(run)["state"] for run in runs] == ["done"] * 3
        expiry = office.order("expiry", limit=10)
        assert office.wait_end(expiry)["state"] == "done"
    finally:
        second.stop()
    must_be_polite(office.simulator.calls(), rate=10)
    names = {row["worker_name"] for row in office.odoo.sql("SELECT worker_name FROM sicantik_sync_run")}
    assert names, "somebody did it"
    assert first.process, "the first worker lives"
    office.must_agree(details=False)


def test_a_second_worker_takes_over_from_a_dead_one(make_office: MakeOffice, tmp_path) -> None:
    office = make_office(permits=250, options=("--detail-ms", "15"))
    office.unhurried(rate=25)
    assert office.worker.run("permits")[0] == 0
    second = Worker(tmp_path, dict(office.worker.environment))
    office.worker.start(**QUICK_LEASE)
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] >= 10)
    second.start(**QUICK_LEASE)
    office.worker.kill()
    try:
        run = office.wait_end(run_id)
    finally:
        second.stop()
    assert (run["state"], run["attempts"]) == ("done", 2)
    office.must_agree(details=True)
