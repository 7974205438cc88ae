"""Issues of a run are retried: just what they name is asked for again."""

import base64

from offices import MakeOffice
from truth import differences


def test_a_retry_mends_the_chosen_permits_and_asks_for_no_other(make_office: MakeOffice) -> None:
    office = make_office(permits=120)
    office.unhurried(1000)
    office.worker.start(SICANTIK__SICANTIK__RETRY_SECONDS="1")
    assert office.wait_end(office.order("permits"))["state"] == "done"
    office.spoil_details(3)
    run = office.wait_end(office.order("expiry"))
    issues = office.issues()
    assert (run["state"], run["failed"]) == ("partial", len(issues))
    assert len(issues) >= 3, "every permit of the three applications"
    broken = "SELECT id FROM sicantik_permit WHERE permit_number IS NOT NULL AND detail_state = 'never'"
    assert len(office.odoo.sql(broken)) == len(issues), "each of them is told once"

    office.simulator.heal()
    office.simulator.forget_calls()
    chosen = list(issues.values())[:2]
    action = office.admin.call("sicantik.sync.issue", "action_retry", chosen)
    retry = office.wait_end(action["params"]["next"]["res_id"])
    assert (retry["state"], retry["kind"], retry["done"], retry["updated"]) == ("done", "expiry", 2, 2)
    numbers = {base64.b64decode(value).decode() for call in office.simulator.calls() for value in call["params"].values()}
    assert numbers == set(list(issues)[:2]), numbers
    assert len(office.odoo.sql(broken)) == len(issues) - 2
    told = office.admin.call("sicantik.sync.issue", "read", list(issues.values()), ["retried_by_id", "retry_state"])
    assert [issue["retry_state"] for issue in told] == ["done"] * 2 + [False] * (len(issues) - 2)

    action = office.admin.call("sicantik.sync.run", "action_retry_issues", [office.newest_run("partial")])
    assert office.wait_end(action["params"]["next"]["res_id"])["state"] == "done"
    assert office.odoo.sql(broken) == []
    assert differences(office.admin, office.simulator.permits(), details=True) == []
    again = office.admin.call("sicantik.sync.run", "action_run_again", [action["params"]["next"]["res_id"]])
    run = office.wait_end(again["params"]["next"]["res_id"])
    assert (run["state"], run["done"], run["unchanged"]) == ("done", len(issues) - 2, len(issues) - 2)


def test_a_row_of_the_list_is_retried_by_a_full_pass(make_office: MakeOffice) -> None:
    office = make_office(permits=300)
    office.worker.start(SICANTIK__SICANTIK__RETRY_SECONDS="1")
    [row] = [permit for permit in office.simulator.permits() if permit["permit_number"]][40:41]
    rule = {"endpoint": "listpermohonanterbit", "fault": "status", "status": 500, "contains": row["registration_number"]}
    office.simulator.admin("faults", {"rules": [rule]})
    run = office.wait_end(office.order("permits"))
    assert run["state"] == "partial", run
    assert len(differences(office.admin, office.simulator.permits(), details=False)) >= 1

    office.simulator.heal()
    run_id = office.newest_run("partial")
    action = office.admin.call("sicantik.sync.run", "action_retry_issues", [run_id])
    retry = office.wait_end(action["params"]["next"]["res_id"])
    assert (retry["state"], retry["kind"]) == ("done", "permits")
    assert differences(office.admin, office.simulator.permits(), details=False) == []
