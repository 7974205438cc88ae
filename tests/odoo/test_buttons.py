"""What the buttons do, through the running worker and its signed hook."""

import re

from offices import MakeOffice
from truth import differences

NEVER = {"SICANTIK__WORKER__POLL_SECONDS": "3600"}
"""Without polling only the hook can wake the worker."""


def test_sync_now_reaches_the_worker_by_its_hook_and_ends_with_a_notification(make_office: MakeOffice) -> None:
    office = make_office(permits=500)
    office.worker.start(**NEVER)
    run_id = office.order("permits")
    run = office.wait_end(run_id)
    assert (run["state"], run["done"], run["failed"]) == ("done", len(office.simulator.permits()), 0)
    assert differences(office.admin, office.simulator.permits(), details=False) == []
    sent = office.odoo.sql("SELECT message FROM bus_bus WHERE message LIKE '%simple_notification%'")
    assert len(sent) == 1, sent
    ready = office.worker.get("readyz")
    assert (ready["status"], ready["odoo"], ready["store"]) == ("ready", "ok", "ok"), ready
    assert not any(job["late"] for job in ready["jobs"].values()), ready


def test_connection_is_tested_and_shown(make_office: MakeOffice) -> None:
    """The test reads what is served: XML, not the JSON that one may expect."""
    office = make_office(permits=50, options=("--query-ms", "30"))
    office.worker.start(**NEVER)
    assert office.wait_end(office.order("probe"))["state"] == "done"
    fields = ["connection_status", "latency_ms", "probe_lines", "last_error"]
    [config] = office.admin.call("sicantik.config", "read", [office.config_id], fields)
    assert config["connection_status"] == "connected"
    assert config["latency_ms"] >= 30
    assert any("XML" in line["text"] for line in config["probe_lines"])

    office.admin.call(
        "sicantik.config", "write", [office.config_id], {"api_url": office.simulator.url.replace("/api", "/nothing")}
    )
    run = office.wait_end(office.order("probe"))
    assert run["state"] == "failed"
    [config] = office.admin.call("sicantik.config", "read", [office.config_id], fields)
    assert config["connection_status"] == "error"
    assert "API address" in config["last_error"]


def test_expiry_dates_test_of_ten_then_all(make_office: MakeOffice) -> None:
    office = make_office(permits=60)
    office.worker.start(**NEVER)
    office.wait_end(office.order("permits"))
    run = office.wait_end(office.order("expiry", limit=10))
    assert (run["state"], run["done"]) == ("done", 10)
    run = office.wait_end(office.order("expiry"))
    assert run["state"] == "done"
    assert differences(office.admin, office.simulator.permits(), details=True) == []


def test_sicantik_down_fails_the_run_with_the_remedy(make_office: MakeOffice) -> None:
    """A page that does not come never ends a sync as a success."""
    office = make_office(permits=300)
    office.worker.start(**NEVER, SICANTIK__SICANTIK__RETRY_SECONDS="2")
    office.simulator.fail(endpoint="*", fault="status", status=503)
    run = office.wait_end(office.order("permits"))
    assert (run["state"], run["error_code"]) == ("failed", "sicantik_unavailable")
    assert "503" in run["error_message"]
    office.simulator.heal()
    assert office.wait_end(office.order("permits"))["state"] == "done"


def test_a_run_is_cancelled_while_it_runs(make_office: MakeOffice) -> None:
    office = make_office(permits=300, options=("--detail-ms", "20"))
    office.worker.start(**NEVER)
    office.wait_end(office.order("permits"))
    run_id = office.order("expiry")
    office.wait_for(run_id, lambda run: run["done"] > 5)
    office.admin.call("sicantik.sync.run", "action_cancel", [run_id])
    assert office.wait_end(run_id)["state"] == "cancelled"


def test_neither_log_holds_a_secret_or_a_person(make_office: MakeOffice) -> None:
    office = make_office(permits=100)
    office.worker.start(SICANTIK__LOG__FILTER="trace")
    office.wait_end(office.order("permits"))
    office.wait_end(office.order("expiry", limit=10))
    said = office.worker.log_text() + office.odoo.log_path.read_text()
    secrets = [office.worker.environment[name] for name in ("SICANTIK__ODOO__API_KEY", "SICANTIK__HOOK__KEY")]
    people = [name for permit in office.simulator.permits() for name in permit["applicants"] if len(name) > 12]
    for text in secrets + people:
        assert text not in said
    assert not re.search(r"0800[- .]?0000", said), "a phone number stands in a log"
