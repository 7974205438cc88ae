"""The demo data: what an office sees that tries the addon without a SICANTIK."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from living import EMAIL, PHONE, lifeless
from riglib.server import Odoo

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
