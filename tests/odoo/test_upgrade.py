"""A database that an earlier version of the addon left behind is upgraded, and nothing in it is lost."""

from collections.abc import Callable

from riglib.server import Odoo

NEW_COLUMNS = {
    "permit": (
        "source_issue_date", "issue_source", "cancel_reason", "cancel_date",
        "renewed_by_id", "proposed_renewal_id", "company_npwp_key",
    ),
    "config": ("user_id", "notice_steps", "keep_addresses_days"),
}  # fmt: skip
"""The columns that came with 1.1.0."""
PERMITS = """
INSERT INTO sicantik_permit (config_id, company_id, identity, registration_number, permit_number, status, issue_date,
                             company_npwp)
SELECT id, company_id, 'N' || number, number, '503/' || number, status, issued::date, npwp
  FROM sicantik_config,
       (VALUES ('1', 'active', '2024-05-06', '01.234.567.8-901.000'), ('2', 'cancelled', NULL, '-'), ('3', 'renewed', NULL, NULL))
       AS old (number, status, issued, npwp)
 WHERE active
"""
CONNECTED = """
UPDATE sicantik_config SET go_live_date = '2024-01-02', worker_paired_by = (SELECT id FROM res_users WHERE login = 'admin')
"""
NOTICES = """
SELECT (now() AT TIME ZONE config.tz)::date - config.go_live_date AS days, config.notice_steps AS steps, responsible.login
  FROM sicantik_config config LEFT JOIN res_users responsible ON responsible.id = config.user_id
 WHERE config.active
"""
READ = """
SELECT registration_number AS number, status, issue_date::text AS issued, source_issue_date::text AS source, issue_source,
       company_npwp_key AS npwp, cancel_reason AS reason
  FROM sicantik_permit ORDER BY registration_number
"""


LEARNT = {"learnt_page_size": ("integer", "integer"), "full_pass_seconds": ("float", "double precision")}
"""Fields of the configuration that went to the worker after 1.1.0, with their types in Odoo and PostgreSQL."""


def test_from_1_0_0(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    _make_it_1_0_0(odoo)
    odoo.sql(PERMITS)
    odoo.sql(CONNECTED)
    odoo.upgrade("sicantik_connector")
    nothing = {"issued": None, "source": None, "issue_source": None, "npwp": None, "reason": None}
    dated = {"issued": "2024-05-06", "source": "2024-05-06", "issue_source": "detail", "npwp": "0012345678901000"}
    assert odoo.sql(READ) == [
        {"number": "1", "status": "active", **nothing, **dated},
        {"number": "2", "status": "cancelled", **nothing},
        {"number": "3", "status": "renewed", **nothing},
    ]
    # Nobody gets a backlog, and somebody answers for what begins now.
    [notices] = odoo.sql(NOTICES)
    assert notices["days"] in (0, 1), "today; midnight may pass meanwhile"
    assert (notices["login"], notices["steps"]) == ("admin", "90, 60, 30, 7")

    # What people enter afterwards is not taken for SICANTIK's by the next upgrade.
    odoo.shell("env['sicantik.permit'].search([('registration_number', '=', '1')]).write({'issue_date': '2024-06-07'})")
    odoo.sql("UPDATE sicantik_config SET go_live_date = go_live_date - 30, user_id = NULL")
    odoo.upgrade("sicantik_connector")
    [first, *_] = odoo.sql(READ)
    assert (first["issued"], first["source"]) == ("2024-06-07", "2024-05-06")
    [notices] = odoo.sql(NOTICES)
    assert notices["days"] in (30, 31)
    assert notices["login"] is None
    [version] = odoo.sql("SELECT latest_version AS version FROM ir_module_module WHERE name = 'sicantik_connector'")
    assert version["version"].endswith(".1.1.0")


def test_what_the_worker_learnt_leaves_the_configuration(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    for name, (kind, column_type) in LEARNT.items():
        odoo.sql(f"ALTER TABLE sicantik_config ADD COLUMN {name} {column_type} DEFAULT 7")
        odoo.sql(f"""
            WITH field AS (
                INSERT INTO ir_model_fields (name, model, model_id, field_description, ttype, state, store)
                SELECT '{name}', model, id, '{{"en_US": "Learnt"}}', '{kind}', 'base', TRUE
                  FROM ir_model WHERE model = 'sicantik.config' RETURNING id)
            INSERT INTO ir_model_data (module, name, model, res_id)
            SELECT 'sicantik_connector', 'field_sicantik_config__{name}', 'ir.model.fields', id FROM field
        """)
    odoo.upgrade("sicantik_connector")
    for name in LEARNT:
        for place in (
            f"information_schema.columns WHERE table_name = 'sicantik_config' AND column_name = '{name}'",
            f"ir_model_fields WHERE model = 'sicantik.config' AND name = '{name}'",
            f"ir_model_data WHERE name = 'field_sicantik_config__{name}'",
        ):
            assert odoo.sql(f"SELECT count(*) AS rest FROM {place}") == [{"rest": 0}], place


def _make_it_1_0_0(odoo: Odoo) -> None:
    """Takes away what 1.1.0 brought, as far as data is concerned."""
    for model, new in NEW_COLUMNS.items():
        columns = ", ".join(f"'{column}'" for column in new)
        known = odoo.sql(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_name = 'sicantik_{model}' AND column_name IN ({columns})"
        )
        assert len(known) == len(new)
        for column in new:
            odoo.sql(f"ALTER TABLE sicantik_{model} DROP COLUMN {column}")
        odoo.sql(f"DELETE FROM ir_model_fields WHERE model = 'sicantik.{model}' AND name IN ({columns})")
    odoo.sql("DROP TABLE sicantik_permit_refused_renewal")
    odoo.sql("DELETE FROM ir_model_fields WHERE model = 'sicantik.permit' AND name IN ('refused_renewal_ids', 'renews_ids')")
    odoo.sql(
        "UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.1.0$', '1.0.0')"
        " WHERE name = 'sicantik_connector'"
    )
