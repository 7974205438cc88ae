"""Double names of permit types, merged by a manager: Odoo and the worker agree on every permit, at once and for good."""

from collections import Counter
from typing import Any

from offices import MakeOffice
from parts import QUICK_LEASE, Office
from truth import differences, fold, key_of_truth

STAMPS = "SELECT max(write_date) AS permit, (SELECT max(write_date) FROM sicantik_permit_type) AS type FROM sicantik_permit"


def _pair(office: Office) -> tuple[str, str]:
    """An old name and the one that remains: both used, by drafts too, and together in one application."""
    beside, drafts = Counter[tuple[str, str]](), Counter[str]()
    by_application: dict[str, set[str]] = {}
    for permit in office.simulator.permits():
        by_application.setdefault(permit["registration_number"], set()).update(permit["types"])
        if not permit["permit_number"]:
            drafts.update(permit["types"])
    for names in by_application.values():
        beside.update((one, other) for one in names for other in names if fold(one) != fold(other))
    return max(beside, key=lambda pair: (drafts[pair[0]] > 0, beside[pair], drafts[pair[0]] + drafts[pair[1]], pair))


def _merge(office: Office, old: str, remaining: str) -> int:
    """By the wizard; how many permits got another type."""
    found = office.admin.call("sicantik.permit.type", "search_read", [("name", "in", [old, remaining])], ["name"])
    ids = {row["name"]: row["id"] for row in found}
    vals = {"type_ids": list(ids.values()), "remaining_id": ids[remaining]}
    wizard = office.admin.call("sicantik.permit.type.merge", "create", vals)
    [moved] = office.admin.call("sicantik.permit.type.merge", "read", [wizard], ["moved_count"])
    office.admin.call("sicantik.permit.type.merge", "action_merge", [wizard])
    return moved["moved_count"]


def _merged_truth(permits: list[dict[str, Any]], old: str, remaining: str) -> list[dict[str, Any]]:
    """What a perfect reader would see if SICANTIK itself had merged the two names."""
    numbered, drafts = {}, {}
    for permit in permits:
        types = list(dict.fromkeys(remaining if fold(name) == fold(old) else name for name in permit["types"]))
        permit = permit | {"types": types}
        group = numbered if permit["permit_number"] else drafts
        known = group.setdefault(key_of_truth(permit), permit)
        known["applicants"] = list(dict.fromkeys(known["applicants"] + permit["applicants"]))
    covered = {(permit["registration_number"], fold(name)) for permit in numbered.values() for name in permit["types"]}
    own = lambda permit: (permit["registration_number"], fold(permit["types"][0]) if permit["types"] else "")  # noqa: E731
    return [*numbered.values(), *(draft for draft in drafts.values() if own(draft) not in covered)]


def _agree(office: Office, expected: list[dict[str, Any]]) -> None:
    """Odoo is as expected, and the worker finds no difference; a pass writes nothing."""
    assert differences(office.admin, expected, details=False) == []
    code, found, said = office.worker.command("compare")
    assert (code, found["comparison"]["differences"]) == (0, []), said
    before = office.odoo.sql(STAMPS)
    for kind in ("permits", "types"):
        code, summary, said = office.worker.run(kind, "--full")
        assert (code, summary["created"], summary["updated"]) == (0, 0, 0), said
    assert office.odoo.sql(STAMPS) == before, "a pass wrote"
    assert office.odoo.sql("SELECT id FROM sicantik_permit WHERE missing_since IS NOT NULL") == []


def test_merged_types_are_one_for_the_worker_too_until_they_are_separated(make_office: MakeOffice) -> None:
    """2,000 permits with every oddity; drafts, and applications with both names, among them."""
    office = make_office(permits=2000)
    office.unhurried(1000)
    assert office.worker.run("types")[0] == 0
    assert office.worker.run("permits")[0] == 0
    old, remaining = _pair(office)
    truth = office.simulator.permits()
    expected = _merged_truth(truth, old, remaining)
    used = sum(1 for permit in truth if fold(old) in map(fold, permit["types"]))
    assert len(expected) < len(truth), "some permits are one by now"

    assert _merge(office, old, remaining) == used
    _agree(office, expected)

    [merged] = office.admin.call(
        "sicantik.permit.type", "search_read", [("name", "=", old)], ["active", "code"], context={"active_test": False}
    )
    assert (merged["active"], bool(merged["code"])) == (False, True)
    office.admin.call("sicantik.permit.type", "action_separate", [merged["id"]])
    code, _, said = office.worker.run("permits", "--full")
    assert code == 0, said
    left = [line for line in differences(office.admin, truth, details=False) if not line.startswith("only in Odoo")]
    assert left == []
    assert office.worker.command("compare")[0] == 0


def test_types_that_are_merged_while_the_list_is_read(make_office: MakeOffice) -> None:
    """The run begins again with the new names, by itself; nothing is doubled and nothing is marked as missing."""
    office = make_office(permits=1500, options=("--max-page-rows", "100", "--query-ms", "400"))
    office.unhurried(1000)
    office.worker.start(**QUICK_LEASE)
    office.wait_end(office.order("types"))
    old, remaining = _pair(office)
    run = office.order("permits")
    office.wait_for(run, lambda figures: figures["created"] > 300)
    _merge(office, old, remaining)
    office.odoo.allow_log(r"WARNING odoo.http: stale_token: ", "the worker is told that its run begins again")
    office.simulator.admin("settings", {"max_page_rows": 0, "query_ms": 0})
    ended = office.wait_end(run)
    assert (ended["state"], ended["failed"]) == ("done", 0), ended
    assert office.worker.log_text().count("a run begins") == 3, "the types, the permits, and the permits again"
    office.worker.stop()
    _agree(office, _merged_truth(office.simulator.permits(), old, remaining))
