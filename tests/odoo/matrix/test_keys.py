"""Keys that end, change, or belong to another database."""

from offices import MakeOffice
from parts import QUICK_LEASE


def test_a_revoked_key_stops_the_worker_and_a_new_one_lets_it_finish(make_office: MakeOffice) -> None:
    office = make_office(permits=200, options=("--detail-ms", "15"))
    office.unhurried(rate=15)
    assert office.worker.run("permits")[0] == 0
    office.worker.start(**QUICK_LEASE)
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] >= 10)
    office.odoo.allow_log(r"WARNING", "the worker's key was revoked")
    office.revoke_keys()
    office.wait_until(lambda: office.worker.get("readyz").get("odoo") == "odoo_denied", "the worker says why")
    assert office.read_run(run_id)["state"] == "claimed", "the run waits for a worker that may come in"
    calls = len(office.simulator.calls())

    office.worker.stop()
    office.pair_again()
    office.unhurried(rate=200)
    office.worker.start(**QUICK_LEASE)
    run = office.wait_end(run_id)
    assert run["state"] == "done", run
    assert len(office.simulator.calls()) > calls
    office.must_agree(details=True)


def test_keys_change_during_a_run_without_a_pause(make_office: MakeOffice) -> None:
    office = make_office(permits=200, options=("--detail-ms", "15"))
    office.unhurried(rate=60)
    assert office.worker.run("permits")[0] == 0
    office.worker.start(**QUICK_LEASE | {"SICANTIK__WORKER__POLL_SECONDS": "3600"})
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] >= 20)
    earlier = dict(office.worker.environment)
    office.pair_again()
    assert office.worker.environment["SICANTIK__HOOK__KEY"] != earlier["SICANTIK__HOOK__KEY"]
    assert office.read_config("rotation_state") == "waiting"
    # The worker still has the earlier keys: the run goes on, and a hook still reaches it.
    types = office.order("types")
    assert office.wait_end(types)["state"] == "done"
    assert office.wait_end(run_id)["state"] == "done"

    office.worker.stop()
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: office.read_config("rotation_state") == "none", "the rotation ends by itself")
    assert office.wait_end(office.order("types"))["state"] == "done"
    office.must_agree(details=True)
    # The earlier key is gone: whoever still has it is not let in.
    office.odoo.allow_log(r"WARNING", "the earlier key is refused")
    office.worker.environment, newest = earlier, office.worker.environment
    code, _, said = office.worker.run("types")
    assert code == 1
    assert "Pair the worker again" in said
    office.worker.environment = newest


def test_a_neutralised_copy_calls_nobody(make_office: MakeOffice) -> None:
    office = make_office(permits=50)
    office.worker.start(**QUICK_LEASE)
    office.wait_end(office.order("permits"))
    waiting = office.odoo.sql("SELECT count(*) AS n FROM sicantik_sync_run WHERE state = 'done'")
    office.worker.stop()
    run_id = office.order("expiry")
    office.odoo.allow_log(r"WARNING", "neutralised on purpose; the worker's key is refused")
    office.odoo.stop()
    office.odoo.one_off("--stop-after-init", subcommand="neutralize")
    office.odoo.start()
    office.simulator.forget_calls()
    office.worker.start(**QUICK_LEASE)
    office.wait_until(lambda: office.worker.get("readyz")["status"] == "degraded", "the worker says that it may not work")
    assert office.simulator.calls() == []
    assert office.odoo.sql(f"SELECT state FROM sicantik_sync_run WHERE id = {run_id}") == [{"state": "cancelled"}]
    [left] = office.odoo.sql(
        "SELECT count(*) FILTER (WHERE active) AS active, count(worker_url) AS urls, count(worker_hook_key) AS keys"
        " FROM sicantik_config"
    )
    assert left == {"active": 0, "urls": 0, "keys": 0}
    assert office.odoo.sql("SELECT count(*) AS n FROM sicantik_sync_run WHERE state = 'done'") == waiting
