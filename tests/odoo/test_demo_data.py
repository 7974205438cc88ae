"""The demo data: what an office sees that tries the addon without a SICANTIK."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

from dateutil.relativedelta import relativedelta
from living import EMAIL, PHONE, lifeless
from riglib.server import Odoo
from riglib.session import ADDONS

EVERY_STATUS = {"draft", "active", "expired", "renewed", "cancelled"}
EVERY_SPAN = {"expired", "week", "critical", "warning", "half", "year", "later", "none"}
PERMITS = 38
EVERY_STATE = {"expired", "critical", "warning", "ok", "unknown"}
UNRULY = """
import json
permits = env["sicantik.permit"].search([])
print(json.dumps({
    "status": [p.permit_number for p in permits if p.status != p._status_today()],
    "identity": [p.identity for p in permits if p.identity != "\\x1f".join(
        ("N", p.registration_number, p.permit_number.casefold()) if p.permit_number
        else ("T", p.registration_number, p.permit_type_id.name_key))],
    "month": [p.registration_number for p in permits if p.registration_number[10:] != p.registered_month.strftime("%m%Y")],
    "order": [p.permit_number for p in permits if p.issue_date and p.expiry_date and p.issue_date >= p.expiry_date],
}))
"""
"""Permits that are not as the addon's own rules would have them."""
STEPS = (90, 60, 30, 7)
FIRST_DAY, DAYS = date(2027, 1, 1), 800
"""Enough days for each one of a month, also of a leap year."""
UNTRUE = """
import json
notices = env["sicantik.notice"].search([("kind", "=", "permit_expiring")])
wrong = []
for notice in notices:
    kept = notice.state, notice.reason_code or None
    if notice.state == "skipped":
        notice.state = "due"  # of what was skipped the rule is what would skip it today
    is_skipped, said = kept[0] == "skipped", notice._by_kind("_overtaken")
    if said != (kept if is_skipped else (None, None)):
        wrong.append([notice.permit_id.permit_number, *kept, *said])
env.cr.rollback()
proposed = env.ref("sicantik_notice.demo_notice_proposed")
proposed.permit_id.proposed_renewal_id = False
again = env["sicantik.notice"]._take_up_again(proposed.config_id)
asked = env["sicantik.notice"].search([("activity_id.active", "=", True)])
told = {notice: notice._told_by(notice.activity_id.user_id)._words_of(notice.activity_id) for notice in asked}
print(json.dumps({
    "wrong": wrong,
    "taken up again": proposed in again,
    "asked": [[notice.state, notice.channel] for notice in asked],
    "summaries": [[notice.activity_id.summary, told[notice]["summary"]] for notice in asked],
    "notes": [[str(notice.activity_id.note), str(told[notice]["note"])] for notice in asked],
}))
"""
"""Notices that the addon's own rules would have in another state, and what activities ask."""


def test_every_figure_has_something_to_show(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(demo=True)
    admin = odoo.rpc()
    answer = admin.call("sicantik.dashboard", "figures")
    shown = {figure["key"]: figure for name in ("status", "expiry") for figure in answer[name] if figure["count"]}
    assert shown.keys() >= EVERY_STATUS | EVERY_SPAN
    for figure in (answer["total"], *shown.values(), *answer["types"], *answer["districts"]):
        assert admin.call("sicantik.permit", "search_count", figure["domain"]) == figure["count"], figure["label"]
    assert answer["total"]["count"] == PERMITS
    assert len(answer["types"]) == 6
    assert Counter(run["state"] for run in answer["runs"]) == {"done": 1, "partial": 2, "failed": 1}
    assert all(run["text"] for run in answer["runs"])


def test_every_state_is_there_and_follows_the_rules(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(demo=True)
    admin = odoo.rpc()
    found = admin.call("sicantik.permit", "search_read", [], [])
    assert {permit["expiry_state"] for permit in found} == EVERY_STATE
    expected = {
        "renewed by its newer permit": lambda p: p["status"] == "renewed" and p["renewed_by_id"],
        "a proposed renewal": lambda p: p["proposed_renewal_id"],
        "cancelled with a reason": lambda p: p["status"] == "cancelled" and p["cancel_reason"] and p["cancel_date"],
        "revoked": lambda p: p["ending"] == "revoked",
        "flagged": lambda p: p["is_flagged"] and p["flag_text"],
        "missing in SICANTIK": lambda p: p["missing_since"],
        "a date by hand beside SICANTIK's": lambda p: p["expiry_source"] == "manual" and p["source_expiry_date"],
        "a contact by NPWP": lambda p: p["partner_source"] == "npwp",
        "a contact by phone and name": lambda p: p["partner_source"] == "phone_name",
        "a proposed contact": lambda p: p["proposed_partner_id"],
        "further applicants": lambda p: p["applicant_ids"],
        "further types": lambda p: p["further_type_ids"],
    }
    assert [what for what, holds in expected.items() if not any(map(holds, found))] == []
    assert all(not problems for problems in odoo.shell(UNRULY).values())

    [merged] = admin.call(
        "sicantik.permit.type", "search_read", [("merged_into_id", "!=", False)], context={"active_test": False}
    )
    assert (merged["name"], merged["merged_into_id"][1]) == ("Izin Praktek Dokter", "Izin Praktik Dokter")
    assert merged["permit_count"] == 0
    answers = admin.call("res.partner", "search_read", [("sicantik_permit_ids", "!=", False)], ["whatsapp_consent"])
    assert {answer["whatsapp_consent"] for answer in answers} == {"unknown", "opted_in", "opted_out"}
    reasons: Any = admin.call("sicantik.sync.issue", "fields_get", ["reason"])["reason"]["selection"]
    issues = admin.call("sicantik.sync.issue", "search_read", [], ["reason", "sentence"])
    assert {issue["reason"] for issue in issues} == {reason for reason, _label in reasons}
    assert all(issue["sentence"] for issue in issues)
    for run in admin.call("sicantik.sync.run", "search_read", [], ["kind", "failed", "issue_count"]):
        assert run["issue_count"] >= run["failed"], run


def test_the_office_is_alive(odoo_fresh: Callable[..., Odoo]) -> None:
    """Notices in each state, something in each month, renewals, answers; no number that somebody could have."""
    odoo = odoo_fresh(demo=True)
    admin = odoo.rpc()
    assert lifeless(admin) == []
    [config] = admin.call("sicantik.config", "search_read", [], ["all_notices_email", "all_notices_phone", "api_url"])
    assert (config["all_notices_email"], config["all_notices_phone"]) == (EMAIL, PHONE)
    assert not config["api_url"]
    [renewal] = admin.call("sicantik.permit", "search_read", [("proposed_renewal_id.permit_type_id.renews_type_id", "!=", False)])
    assert renewal["permit_type_id"][1] == "Izin Praktik Bidan"
    partners = admin.call("res.partner", "search_read", [("sicantik_permit_ids", "!=", False)], ["email", "phone"])
    assert all(str(partner["phone"]).startswith("0836-0100-") for partner in partners)
    assert all(not partner["email"] or partner["email"].endswith("@example.com") for partner in partners)
    told = [("state", "not in", ("due", "skipped", "cancelled"))]
    notices = admin.call("sicantik.notice", "search_read", told, ["redirected", "address"])
    assert all(notice["redirected"] and notice["address"] in (False, EMAIL) for notice in notices)


def test_a_notice_is_what_the_addon_s_own_rules_make_of_it(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(demo=True)
    found = odoo.shell(UNTRUE, commit=False)
    assert found["wrong"] == []
    assert found["taken up again"], "what waits for a proposed renewal goes out once it is refused"
    assert found["asked"] == [["sent", "activity"]]
    [[summary, meant]], [[note, words]] = found["summaries"], found["notes"]
    assert summary == meant
    assert summary.startswith("[TRIAL]")
    assert note == words
    assert PHONE in note


def test_each_notice_fits_its_step_whenever_it_is_loaded() -> None:
    permits = _demo("sicantik_connector/demo/sicantik_permit_demo.xml")
    notices = _demo("sicantik_notice/demo/sicantik_notice_demo.xml", model="sicantik.notice")
    assert notices
    for day in range(DAYS):
        today = FIRST_DAY + timedelta(days=day)
        for name, fields in notices.items():
            permit = permits[_value(fields["permit_id"], today).rpartition(".")[2]]
            ends, step, due = (_value(fields[key], today) for key in ("expiry_date", "step", "date_due"))
            what = f"{name} on {today}"
            assert ends == _value(permit["expiry_date"], today), what
            assert _value(fields["event"], today) == f"expires:{ends:%Y-%m-%d}", what
            passed = [step for step in STEPS if ends - timedelta(days=step) <= due]
            assert step in passed, what
            nearer = "reason_code" in fields and fields["reason_code"].text == "nearer"
            assert (step == min(passed)) != nearer, what
            for sent in ("date_sent", "date_delivered"):
                assert sent not in fields or due <= _value(fields[sent], today), what


def _demo(path: str, *, model: str = "sicantik.permit") -> dict[str, dict[str, ElementTree.Element]]:
    """The fields of each record of a file of demo data."""
    records = ElementTree.parse(ADDONS / path).iterfind(f"record[@model='{model}']")
    return {record.attrib["id"]: {field.attrib["name"]: field for field in record} for record in records}


def _value(field: ElementTree.Element, today: date) -> Any:
    """What a field would hold if the data were loaded on that day, moments as the start of their day."""
    if "ref" in field.attrib:
        return field.attrib["ref"]
    start = datetime.combine(today, time())
    now = SimpleNamespace(today=lambda: start, now=lambda: start)
    return eval(field.attrib["eval"], {"DateTime": now, "timedelta": timedelta, "relativedelta": relativedelta})


def test_what_an_office_without_life_lacks_is_told(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(demo=True)
    admin = odoo.rpc()
    [row] = odoo.sql("SELECT to_char(max(registered_month) - interval '4 months', 'YYYY-MM') AS month FROM sicantik_permit")
    month = row["month"]
    odoo.sql("DELETE FROM sicantik_notice WHERE state = 'read'")
    odoo.sql(f"UPDATE sicantik_permit SET registered_month = NULL WHERE to_char(registered_month, 'YYYY-MM') = '{month}'")
    odoo.sql("UPDATE res_partner SET whatsapp_number = '+6281234567890' WHERE phone = '0836-0100-0101'")
    assert lifeless(admin) == [
        "there is nowhere a notice that is read",
        f"no permit was registered in {month}",
        "+6281234567890 lies outside of the block",
    ]


def test_it_can_be_loaded_into_an_office_and_again(odoo_fresh: Callable[..., Odoo]) -> None:
    """Odoo's button *Load demo data*; the log must stay free of warnings."""
    odoo = odoo_fresh(start=False)
    odoo.allow_log("Module mail demo data failed to install", "Odoo's own cannot be loaded twice")
    for _ in range(2):
        odoo.load_demo()
        assert odoo.sql("SELECT count(*) FROM sicantik_permit") == [{"count": PERMITS}]
    assert odoo.sql("SELECT count(*) FROM sicantik_permit_applicant") == [{"count": 1}]
