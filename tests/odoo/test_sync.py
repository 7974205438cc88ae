"""The main job: permits and expiry dates of a SICANTIK in a real Odoo, permit by permit."""

from offices import MakeOffice
from parts import CALLS_AT_ONCE, must_be_polite
from truth import differences

FAST = 1000.0
"""Calls a second in tests that are not about the rate; Odoo's own limit for people is 10."""


def test_the_command_line_brings_every_permit_and_a_second_sync_writes_nothing(make_office: MakeOffice) -> None:
    """2,000 permits with every oddity: a row that is lost, doubled or misread would show as a difference."""
    office = make_office(permits=2000)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    code, summary, said = office.worker.run("all")
    assert code in (0, 3), said
    truth = office.simulator.permits()
    assert len(truth) >= 2000
    assert differences(office.admin, truth, details=True) == []
    assert summary["permits"] == len(truth)
    assert summary["failed"] == 0, office.admin.call("sicantik.sync.issue", "search_read", [], ["key", "code", "message"])

    stamps = "SELECT max(write_date) AS permit, (SELECT max(write_date) FROM sicantik_permit_type) AS type FROM sicantik_permit"
    before = office.odoo.sql(stamps)
    code, summary, said = office.worker.run("permits")
    assert (code, summary["created"], summary["updated"]) == (0, 0, 0), said
    assert summary["unchanged"] == len(truth)
    code, summary, said = office.worker.run("types")
    assert (code, summary["created"], summary["updated"]) == (0, 0, 0), said
    assert office.odoo.sql(stamps) == before, "a second sync wrote"


def test_changed_new_and_late_numbered_permits_arrive_once(make_office: MakeOffice) -> None:
    office = make_office(permits=500)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    assert office.worker.run("all")[0] == 0
    for what in ("expiry", "applicant", "number_case", "issue_date"):
        office.simulator.admin("change", {"what": what, "count": 7})
    office.simulator.admin("number", {"count": 9})
    office.simulator.admin("issue", {"count": 11})
    code, summary, said = office.worker.run("permits")
    assert code == 0, said
    assert summary["created"] == 11
    assert office.worker.run("expiry", "--full")[0] == 0
    truth = office.simulator.permits()
    assert differences(office.admin, truth, details=True) == []


def test_expiry_dates_in_the_list_are_taken_at_once_without_detail_calls(make_office: MakeOffice) -> None:
    office = make_office(permits=500, options=("--list-has-expiry",))
    assert office.worker.run("permits")[0] == 0
    office.simulator.forget_calls()
    code, summary, said = office.worker.run("expiry")
    assert (code, summary["details"]) == (0, 0), said
    assert office.simulator.calls() == []
    with_date = office.admin.call("sicantik.permit", "search_count", [("expiry_date", "!=", False)])
    assert with_date > 200


def test_a_server_that_cuts_its_pages_is_walked_until_nothing_is_new(make_office: MakeOffice) -> None:
    office = make_office(permits=1500, options=("--max-page-rows", "200"))
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    code, _, said = office.worker.run("permits")
    assert code == 0, said
    missing = [line for line in differences(office.admin, office.simulator.permits(), details=False) if "not in Odoo" in line]
    assert missing == []


def test_expiry_asks_only_what_is_due(make_office: MakeOffice) -> None:
    """A permit without detail is not asked for again every night."""
    office = make_office(permits=60)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    assert office.worker.run("permits")[0] == 0
    code, summary, _ = office.worker.run("expiry", "--limit", "10")
    assert (code, summary["details"]) == (0, 10)
    code, summary, _ = office.worker.run("expiry")
    numbered = sum(1 for permit in office.simulator.permits() if permit["permit_number"])
    assert (code, summary["details"]) == (0, numbered - 10)
    office.simulator.forget_calls()
    code, summary, _ = office.worker.run("expiry")
    assert (code, summary["details"], office.simulator.calls()) == (0, 0, [])


def test_the_rate_is_never_exceeded(make_office: MakeOffice) -> None:
    office = make_office(permits=120, options=("--detail-ms", "150"), rate_limit=10.0)
    assert office.worker.run("permits")[0] == 0
    assert office.worker.run("expiry", "--limit", "60")[0] == 0
    calls = office.simulator.calls()
    assert len(calls) > 60
    assert max(call["in_flight"] for call in calls) <= CALLS_AT_ONCE
    must_be_polite(calls, rate=10)


def test_a_dry_run_writes_nothing_and_needs_no_odoo(make_office: MakeOffice) -> None:
    office = make_office(permits=300)
    office.worker.environment = {"SICANTIK__SICANTIK__URL": office.simulator.url} | {
        name: "" for name in office.worker.environment
    }
    code, found, said = office.worker.run("permits", "--full", "--dry-run")
    assert (code, found["permits"]) == (0, len(office.simulator.permits())), said
    assert office.admin.call("sicantik.sync.run", "search_count", []) == 0
    office.worker.environment = {"SICANTIK__ODOO__API_KEY": "not in any log", "SICANTIK__HOOK__KEY": "not in any log"}
