"""A database of 1.2.0, and values by the rules of then, are brought to what holds today."""

from collections.abc import Callable

import pytest
from before_the_cut import CONNECTOR, FURNISH, NOTICE, NOTICES_OF_1_2_0, PERMITS, VERSIONS, WITHOUT_MARKS, as_of, rows, upgraded
from riglib.server import Odoo


def test_from_1_2_0_what_was_cancelled_has_a_kind_of_ending_changes_are_marked_and_permits_found(
    odoo_fresh: Callable[..., Odoo],
) -> None:
    odoo = odoo_fresh(start=False)
    odoo.sql(PERMITS)
    odoo.sql("UPDATE sicantik_permit SET company_npwp_key = '0012345678901000' WHERE registration_number = '1'")
    odoo.sql("UPDATE sicantik_permit SET applicant_phone = '0812_3456_7890 Budi' WHERE registration_number = '3'")
    odoo.sql(WITHOUT_MARKS)
    odoo.sql("ALTER TABLE sicantik_permit DROP COLUMN ending")
    odoo.sql("DELETE FROM ir_model_fields WHERE model = 'sicantik.permit' AND name = 'ending'")
    as_of(odoo, "1.2.0", CONNECTOR, NOTICE)
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(VERSIONS) == upgraded()
    read = "SELECT registration_number AS number, ending, changed_xid > 0 AS marked FROM sicantik_permit ORDER BY 1"
    assert odoo.sql(read) == [
        {"number": "1", "ending": None, "marked": False},
        {"number": "2", "ending": "cancelled", "marked": True},
        {"number": "3", "ending": None, "marked": False},
    ]
    found_by = "SELECT search_text FROM sicantik_permit ORDER BY registration_number"
    texts = [
        {"search_text": text} for text in ("5031 1 0012345678901000", "5032 2", "5033 3 0812# 3456# 7890# budi 081234567890budi")
    ]
    assert odoo.sql(found_by) == texts
    indexed = "SELECT indexname FROM pg_indexes WHERE indexname = 'sicantik_permit__permit_number_index'"
    assert odoo.sql(indexed) == []
    odoo.sql("UPDATE sicantik_permit SET ending = 'revoked' WHERE registration_number = '2'")
    odoo.sql("UPDATE sicantik_permit SET district = 'x' WHERE registration_number = '3'")
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(read)[1:] == [
        {"number": "2", "ending": "revoked", "marked": True},
        {"number": "3", "ending": None, "marked": True},
    ]


def test_from_1_2_0_what_the_last_test_said_of_the_connection_stays(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    probe = '{"ok": false, "error_code": "sicantik_unavailable", "error_message": "status 500"}'
    odoo.sql(f"UPDATE sicantik_config SET connection_status = 'error', probe = '{probe}'")
    odoo.sql("ALTER TABLE sicantik_config DROP COLUMN connection_error, DROP COLUMN connection_reached")
    as_of(odoo, "1.2.0", CONNECTOR, NOTICE)
    odoo.upgrade(CONNECTOR)
    [kept] = odoo.sql("SELECT connection_error, connection_reached FROM sicantik_config")
    assert kept["connection_error"] == {"code": "sicantik_unavailable", "message": "status 500"}
    assert kept["connection_reached"] is None


TWINS = """
INSERT INTO sicantik_notice (config_id, company_id, kind, permit_id, event, recipient_key, state, channel, date_due, resends)
SELECT config_id, company_id, 'status_update', permit_id, 'cancelled:1', 'office', twins.state, 'activity', date_due, 0
  FROM sicantik_notice, unnest(ARRAY['due', 'sent', 'failed']) AS twins (state) WHERE event = 'now' AND channel = 'activity'
"""
TOLD = """
SELECT n.state, n.step, n.attempts, n.tried, n.reason_code AS reason, strpos(n.recipient_key, '#') > 0 AS aside
  FROM sicantik_notice n WHERE n.event = 'cancelled:1' ORDER BY n.id
"""
KEYS = """
SELECT pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE conrelid = 'sicantik_notice'::regclass AND contype = 'u'
"""


def test_from_1_2_0_a_notice_is_about_a_record_and_nobody_is_told_twice(odoo_fresh: Callable[..., Odoo]) -> None:
    """Of an event there could be two, since its step was empty."""
    odoo = odoo_fresh(start=False)
    odoo.shell(FURNISH)
    before = rows(odoo)
    odoo.sql(NOTICES_OF_1_2_0)
    odoo.sql(TWINS)
    as_of(odoo, "1.2.0", CONNECTOR, NOTICE)
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(KEYS) == [{"key": "UNIQUE (res_model, res_id, kind, event, step, recipient_key)"}]
    about = "SELECT count(*) FROM sicantik_notice WHERE (res_model, res_id, recipient_type)"
    same = f"{about} IS DISTINCT FROM ('sicantik.permit', permit_id, 'applicant')"
    assert odoo.sql(same) == [{"count": 0}]
    given_up = {"state": "cancelled", "step": 0, "reason": "merged", "aside": True}
    assert odoo.sql(TOLD) == [
        {**given_up, "attempts": 0, "tried": None},
        {"state": "sent", "step": 0, "attempts": 1, "tried": ["activity"], "reason": None, "aside": False},
        {**given_up, "attempts": 1, "tried": ["activity"]},
    ]
    odoo.sql("DELETE FROM sicantik_notice WHERE event = 'cancelled:1'")
    assert rows(odoo) == before


BY_OLD_RULES = """
config = env["sicantik.config"].search([], limit=1)
own = {"config_id": config.id, "company_id": config.company_id.id}
kinds = env["sicantik.permit.type"].create([
    {**own, "name": "IZIN\\u200b CONTOH", "name_key": "IZIN\\u200b CONTOH"},
    {**own, "name": "IZIN LAIN", "name_key": "IZIN LAIN"},
    {**own, "name": "IZIN\\u200b LAIN", "name_key": "IZIN\\u200b LAIN"},
])
partners = env["res.partner"].create([
    {"name": "Contoh A", "phone": "\\u202a081234567890\\u202c", "whatsapp_number": "+6281234567890"},
    {"name": "Contoh B", "vat": "NPWP 01.234.567.8-901.000", "phone": "081234567890 2"},
])
env["sicantik.permit"].create([
    {**own, "identity": "T\\x1f1\\x1fIZIN\\u200b CONTOH", "registration_number": "1", "permit_type_id": kinds[0].id,
     "applicant_name": "CAFE\\u0301", "applicant_key": "CAFE\\u0301", "applicant_phone": "81234567890.0",
     "whatsapp_number": "+62812345678900", "whatsapp_state": "mobile", "partner_id": partners[0].id, "detail_hash": "1"},
    {**own, "identity": "N\\x1f2\\x1f503/\\u200b2", "registration_number": "2", "permit_number": "503/\\u200b2",
     "company_npwp": "0012345678901000000000", "applicant_phone": "081398765432/081234567890",
     "whatsapp_number": "+6281398765432", "whatsapp_state": "mobile", "detail_hash": "2"},
    {**own, "identity": "N\\x1f3\\x1f503/\\u200b3", "registration_number": "3", "permit_number": "503/\\u200b3"},
    {**own, "identity": "N\\x1f3\\x1f503/3", "registration_number": "3", "permit_number": "503/3"},
])
env.flush_all()
env.cr.execute("UPDATE res_partner SET whatsapp_number = '+62812345678900', sicantik_phone_key = NULL WHERE name = 'Contoh A'")
env.cr.execute("UPDATE res_partner SET sicantik_npwp_key = NULL, sicantik_phone_key = '+62812345678902' WHERE name = 'Contoh B'")
env.cr.execute("UPDATE sicantik_permit SET company_npwp_key = NULL")
env.cr.commit()
"""
READ_ANEW = """
import json
permits = env["sicantik.permit"].search([], order="id")
partners = env["res.partner"].search([("name", "=like", "Contoh _")], order="name")
print(json.dumps({
    "permits": permits.mapped(lambda p: [p.identity, p.applicant_key, p.company_npwp_key, p.whatsapp_number, p.detail_hash]),
    "types": env["sicantik.permit.type"].search([], order="id").mapped("name_key"),
    "partners": [[p.whatsapp_number, p.sicantik_phone_key, p.sicantik_npwp_key] for p in partners.sudo()],
}))
"""


@pytest.mark.parametrize("version", ["1.1.0", "1.2.0"])
def test_numbers_and_names_are_read_anew_by_the_rules_of_today(odoo_fresh: Callable[..., Odoo], version: str) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell(BY_OLD_RULES)
    as_of(odoo, version, CONNECTOR)
    odoo.upgrade(CONNECTOR)
    assert odoo.shell(READ_ANEW) == {
        "permits": [
            ["T\x1f1\x1fIZIN CONTOH", "CAF\u00c9", False, "+6281234567890", False],
            ["N\x1f2\x1f503/2", False, "0012345678901000", "+6281398765432", "2"],
            ["N\x1f3\x1f503/\u200b3", False, False, False, False],
            ["N\x1f3\x1f503/3", False, False, False, False],
        ],
        "types": ["IZIN CONTOH", "IZIN LAIN", "IZIN\u200b LAIN"],
        "partners": [["+6281234567890", "+6281234567890", False], [False, False, "0012345678901000"]],
    }
