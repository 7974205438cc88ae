"""What is shown of SICANTIK is as it is: a night without it, a run that waits for it, one permit asked at once."""

from typing import Any

from offices import MakeOffice
from parts import Office

NEVER = {"SICANTIK__WORKER__POLL_SECONDS": "3600"}
ACTIVITIES = (
    "SELECT count(*)::int AS n FROM mail_activity a JOIN ir_model_data d ON d.res_id = a.activity_type_id"
    " WHERE d.model = 'mail.activity.type' AND d.name = 'mail_activity_failed_syncs' AND a.active"
)
LETTERS = (
    "SELECT count(*)::int AS n FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id"
    " WHERE g.subject LIKE 'SICANTIK: %'"
)

ADDRESS = (
    "UPDATE res_partner SET email = 'pengelola@contoh.test' WHERE id = (SELECT partner_id FROM res_users WHERE login = 'admin')"
)
"""Odoo 19 gives its administrator none."""


def told(office: Office) -> tuple[int, int]:
    """Open activities, and e-mails that were ever written, about syncs that fail."""
    return office.odoo.sql(ACTIVITIES)[0]["n"], office.odoo.sql(LETTERS)[0]["n"]


def scheduled(office: Office, action: str) -> dict[str, Any]:
    """The scheduled action runs, and the run that it orders ends."""
    office.odoo.sql("UPDATE sicantik_config SET permits_ordered = NULL")
    found = office.odoo.sql(f"SELECT res_id FROM ir_model_data WHERE module = 'sicantik_connector' AND name = 'cron_{action}'")
    office.admin.call("ir.cron", "method_direct_trigger", [found[0]["res_id"]])
    return office.wait_end(office.wait_for_any_run())


def test_a_night_without_sicantik_is_told_once_and_is_over_with_the_first_good_run(make_office: MakeOffice) -> None:
    office = make_office(permits=30)
    office.odoo.sql(ADDRESS)
    office.worker.start(**NEVER, SICANTIK__SICANTIK__RETRY_SECONDS="1")
    # Nothing is ordered by itself before.
    office.wait_until(lambda: office.read_config("worker_seen"), "the worker was heard of")
    assert scheduled(office, "sync_permits")["state"] == "done"
    assert office.read_config("connection_status") == "connected"
    office.simulator.fail(endpoint="*", fault="status", status=503)
    night = ["sync_permits", "sync_types", "sync_permits", "full_pass", "sync_expiry", "sync_permits", "sync_types"]
    for action in night:
        assert scheduled(office, action)["error_code"] == "sicantik_unavailable", action
    assert told(office) == (1, 1)
    assert office.read_config("connection_status") == "error"
    office.simulator.heal()
    assert scheduled(office, "sync_permits")["state"] == "done"
    assert told(office) == (0, 1)
    assert office.read_config("connection_status") == "connected"


def test_a_run_shows_each_try_while_it_waits_for_sicantik(make_office: MakeOffice) -> None:
    office = make_office(permits=30)
    office.worker.start(**NEVER)
    office.simulator.fail(endpoint="*", fault="status", status=500)
    run_id = office.order("permits")
    shown: dict[str, Any] = {}

    def waits() -> bool:
        fields = ["state", "retry", "retry_text", "api_calls"]
        shown.update(office.admin.call("sicantik.sync.run", "read", [run_id], fields)[0])
        return bool(shown["retry"]) and shown["retry"]["attempt"] >= 2

    office.wait_until(waits, "the run tells of its tries")
    assert (shown["state"], shown["api_calls"] >= 2) == ("claimed", True)
    assert "error 500" in shown["retry_text"]
    office.simulator.heal()
    assert office.wait_end(run_id)["state"] == "done"


def test_one_permit_is_asked_for_while_a_long_run_goes_on(make_office: MakeOffice) -> None:
    office = make_office(permits=120, options=("--detail-ms", "3000"))
    office.worker.start(**NEVER)
    office.wait_end(office.order("permits"))
    long = office.order("expiry")
    office.wait_for(long, lambda run: run["state"] == "claimed")
    [permit] = office.admin.call("sicantik.permit", "search", [("permit_number", "!=", False)], limit=1, order="id")
    office.admin.call("sicantik.permit", "action_ask_now", [permit])

    def read() -> dict[str, Any]:
        return office.admin.call("sicantik.permit", "read", [permit], ["ask_state", "ask_text"])[0]

    office.wait_until(lambda: read()["ask_state"] in ("done", "partial"), "SICANTIK has answered")
    assert "SICANTIK" in read()["ask_text"]
    assert office.read_run(long)["state"] == "claimed", "the long run goes on"
