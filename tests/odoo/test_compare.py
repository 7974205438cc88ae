"""What is in Odoo and not in SICANTIK any more, and the command that proves that both are the same."""

from offices import MakeOffice
from truth import differences


def _missing(office) -> set[str]:
    rows = office.odoo.sql("SELECT identity FROM sicantik_permit WHERE missing_since IS NOT NULL")
    return {row["identity"] for row in rows}


def _identities(office) -> set[str]:
    return {row["identity"] for row in office.odoo.sql("SELECT identity FROM sicantik_permit")}


def test_after_a_sync_a_comparison_finds_nothing_and_every_change_after_it(make_office: MakeOffice) -> None:
    """2,000 permits with every oddity, as the addon stores them: the worker's rules and the addon's agree."""
    office = make_office(permits=2000)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    assert office.worker.run("all")[0] in (0, 3)
    code, said, log = office.worker.command("compare", "--details", "200")
    assert (code, said["state"], said["comparison"]["differences"]) == (0, "done", []), log
    assert said["comparison"]["listed"] == len(office.simulator.permits())
    assert said["comparison"]["details"] == 200

    office.simulator.admin("issue", {"count": 11})
    office.simulator.admin("number", {"count": 9})
    office.simulator.admin("change", {"what": "applicant", "count": 7})
    code, dry, log = office.worker.run("permits", "--dry-run")
    assert code == 0, log
    found = dry["comparison"]
    assert found["only_in_sicantik"] == 11, found
    stamp = "SELECT max(write_date) AS last FROM sicantik_permit"
    before = office.odoo.sql(stamp)
    code, said, log = office.worker.command("compare")
    assert (code, said["comparison"]["differing"]) == (3, found["differing"]), log
    assert office.odoo.sql(stamp) == before, "a comparison wrote"
    issues = office.admin.call("sicantik.sync.issue", "search_count", [("run_id", "=", said["run"])])
    assert issues == len(said["comparison"]["differences"])

    code, summary, log = office.worker.run("permits")
    assert (code, summary["created"]) == (0, 11), log
    assert office.worker.command("compare")[0] == 0
    assert differences(office.admin, office.simulator.permits(), details=False) == []


def test_permits_that_left_the_list_are_marked_and_nothing_is_deleted(make_office: MakeOffice) -> None:
    office = make_office(permits=600)
    office.odoo.sql("UPDATE sicantik_config SET rate_limit = 1000")
    assert office.worker.run("permits")[0] == 0
    before = _identities(office)
    office.simulator.admin("remove", {"count": 8})
    assert office.worker.command("compare")[0] == 3

    assert office.worker.run("permits")[0] == 0
    marked = _missing(office)
    assert len(marked) >= 8
    assert _identities(office) == before
    assert office.worker.command("compare")[0] == 0, "what is marked is no difference"
    stamp = "SELECT max(write_date) AS last FROM sicantik_permit"
    stamped = office.odoo.sql(stamp)
    assert office.worker.run("permits")[0] == 0
    assert (office.odoo.sql(stamp), _missing(office)) == (stamped, marked), "a second pass wrote"

    office.odoo.sql("UPDATE sicantik_permit SET missing_since = now() WHERE missing_since IS NULL")
    assert office.worker.run("permits")[0] == 0
    assert _missing(office) == marked, "those that are there lose the mark"
