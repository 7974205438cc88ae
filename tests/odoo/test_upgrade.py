"""A database that an earlier version of the addons left behind is upgraded, and nothing in it is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from before_the_cut import FIGURES, FURNISH, LOOK, NOTICES_OF_1_2_0, OF_OTHERS, WITHOUT_MARKS, make_it_1_1_0, rows
from riglib.processes import tail
from riglib.server import Odoo
from riglib.session import ADDONS

CONNECTOR, NOTICE = "sicantik_connector", "sicantik_notice"
NEW_COLUMNS = (
    "source_issue_date",
    "issue_source",
    "cancel_reason",
    "cancel_date",
    "ending",
    "renewed_by_id",
    "proposed_renewal_id",
    "company_npwp_key",
)
"""The columns of permits that came after 1.0.0."""
PERMITS = """
INSERT INTO sicantik_permit (config_id, company_id, identity, registration_number, permit_number, status, issue_date,
                             company_npwp)
SELECT id, company_id, 'N' || number, number, '503/' || number, status, issued::date, npwp
  FROM sicantik_config,
       (VALUES ('1', 'active', '2024-05-06', '01.234.567.8-901.000'), ('2', 'cancelled', NULL, '-'), ('3', 'renewed', NULL, NULL))
       AS old (number, status, issued, npwp)
 WHERE active
"""
FIRST_DAY = """
ALTER TABLE sicantik_config ADD COLUMN go_live_date date;
INSERT INTO ir_model_fields (model, model_id, name, field_description, ttype, state, store)
SELECT model, id, 'go_live_date', '{"en_US": "Notices From"}', 'date', 'base', true FROM ir_model WHERE model = 'sicantik.config';
INSERT INTO ir_model_data (module, name, model, res_id)
SELECT 'sicantik_connector', 'field_sicantik_config__go_live_date', 'ir.model.fields', id
  FROM ir_model_fields WHERE model = 'sicantik.config' AND name = 'go_live_date';
"""
ADDRESS = "https://sicantik.example.go.id/api"
CONNECTED = """
UPDATE sicantik_config SET api_url = 'https://sicantik.example.go.id/api';
ALTER TABLE sicantik_config ALTER COLUMN api_url SET NOT NULL;
UPDATE sicantik_config SET go_live_date = '2024-01-02', worker_paired_by = (SELECT id FROM res_users WHERE login = 'admin')
"""
NOTICES = """
SELECT (now() AT TIME ZONE config.tz)::date - config.go_live_date AS days, config.notice_steps AS steps, responsible.login
  FROM sicantik_config config LEFT JOIN res_users responsible ON responsible.id = config.user_id
 WHERE config.active
"""
READ = """
SELECT registration_number AS number, status, issue_date::text AS issued, source_issue_date::text AS source, issue_source,
       company_npwp_key AS npwp, cancel_reason AS reason, ending
  FROM sicantik_permit ORDER BY registration_number
"""
VERSIONS = """
SELECT name, state, substr(latest_version, 6) AS version FROM ir_module_module WHERE name LIKE 'sicantik_%' ORDER BY name
"""
UNINSTALL = f"env['ir.module.module'].search([('name', '=', '{NOTICE}')]).button_immediate_uninstall()"
KILLED = """
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""
FAILING = "raise RuntimeError('in the middle of the upgrade')\n"


def upgraded(version: str = "1.3.0") -> list[dict]:
    return [{"name": name, "state": "installed", "version": version} for name in (CONNECTOR, NOTICE)]


@pytest.fixture
def office(odoo_fresh: Callable[..., Odoo]) -> Odoo:
    """An office at 1.1.0 that has notices in every state, and has changed what can be changed."""
    odoo = odoo_fresh(start=False)
    odoo.shell(FURNISH)
    make_it_1_1_0(odoo)
    return odoo


def test_from_1_1_0_every_row_stays(office: Odoo) -> None:
    before = rows(office)
    assert len(before["notices"]) == 6
    office.upgrade(CONNECTOR)
    assert office.sql(VERSIONS) == upgraded()
    assert rows(office) == before
    assert _deleted(office) == []
    office.upgrade(CONNECTOR)
    assert rows(office) == before
    # The connector has nothing of it any more, and all of it can be used.
    seen = office.shell(LOOK)
    assert seen["views"] == []
    assert seen["due"] == ["sent", "sent"], "what waited goes out"


def test_from_1_1_0_people_see_the_same(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell(FURNISH)
    before = odoo.shell(FIGURES)
    assert (sum(before["notices"]), before["total"]["count"], len(before["menus"])) == (5, 2, 12)
    make_it_1_1_0(odoo)
    odoo.upgrade(CONNECTOR)
    assert odoo.shell(FIGURES) == before


def test_without_the_new_folder_the_upgrade_stops_and_changes_nothing(office: Odoo) -> None:
    before = rows(office)
    office.see_only([CONNECTOR])
    _may_stop(office)
    office.allow_log("some depends are not loaded|not installable, skipped", "the folder is missing")
    done = office.attempt("-u", CONNECTOR, "--no-http", "--stop-after-init")
    assert done.returncode
    assert "Put its folder sicantik_notice beside sicantik_connector" in tail(office.log_path, 200) + done.stderr
    assert rows(office) == before
    assert office.sql(VERSIONS)[0] == {"name": CONNECTOR, "state": "installed", "version": "1.1.0"}
    office.see_only([CONNECTOR, NOTICE])
    office.upgrade(CONNECTOR)
    assert rows(office) == before


@pytest.mark.parametrize("fault", [KILLED, FAILING], ids=["killed", "failing"])
def test_what_ends_in_the_middle_is_repeated(office: Odoo, tmp_path: Path, fault: str) -> None:
    """The first addon is upgraded and the second one is not."""
    before = rows(office)
    for name in (CONNECTOR, NOTICE):
        shutil.copytree(ADDONS / name, tmp_path / name)
    with (tmp_path / NOTICE / "__init__.py").open("a") as start:
        start.write(fault)
    whole, office.addons_paths = office.addons_paths, (tmp_path,)
    _may_stop(office)
    office.allow_log("Couldn't load module", "it is to fail")
    assert office.attempt("-u", CONNECTOR, "--no-http", "--stop-after-init").returncode
    office.addons_paths = whole
    office.upgrade(CONNECTOR)
    assert office.sql(VERSIONS) == upgraded()
    assert rows(office) == before


def test_before_the_upgrade_the_new_addon_is_not_installed_by_itself(office: Odoo) -> None:
    before = rows(office)
    _may_stop(office)
    for order in (["-i", NOTICE], ["-i", NOTICE, "-u", CONNECTOR]):
        assert office.attempt(*order, "--no-http", "--stop-after-init").returncode, order
        assert rows(office) == before
    office.upgrade(CONNECTOR)
    assert rows(office) == before


def test_removed_and_installed_again(office: Odoo) -> None:
    """The connector works without it, its upgrade does not bring it back, and nothing of it is left."""
    office.upgrade(CONNECTOR)
    office.allow_log("invalid custom view", "the office's own views are about fields that are gone, until they are back")
    office.shell(UNINSTALL)
    left = office.sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_name LIKE 'sicantik_notice%' OR column_name IN ('whatsapp_consent', 'go_live_date', 'sicantik_office_name')"
    )
    assert left == []
    for what in ("ir_model_data WHERE module", "ir_model_constraint c JOIN ir_module_module m ON m.id = c.module WHERE m.name"):
        assert office.sql(f"SELECT count(*) FROM {what} = '{NOTICE}'") == [{"count": 0}], what
    office.upgrade(CONNECTOR)
    assert office.sql(VERSIONS)[1]["state"] == "uninstalled"
    office.start()
    admin = office.rpc()
    assert admin.call("sicantik.dashboard", "figures")["total"]["count"] == 2
    assert "notice_count" not in admin.call("sicantik.permit", "fields_get", [])
    office.stop()
    office.install(NOTICE)
    assert office.sql(VERSIONS) == upgraded()
    assert office.sql("SELECT count(*) FROM sicantik_notice") == [{"count": 0}]
    assert office.shell(LOOK)["views"] == []


def test_from_1_2_0_what_was_cancelled_has_a_kind_of_ending_and_changes_are_marked(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.sql(PERMITS)
    odoo.sql("UPDATE sicantik_permit SET company_npwp_key = '0012345678901000' WHERE registration_number = '1'")
    odoo.sql(WITHOUT_MARKS)
    odoo.sql("ALTER TABLE sicantik_permit DROP COLUMN ending")
    odoo.sql("DELETE FROM ir_model_fields WHERE model = 'sicantik.permit' AND name = 'ending'")
    odoo.sql("UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '1.2.0')")
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(VERSIONS) == upgraded()
    read = "SELECT registration_number AS number, ending, changed_xid > 0 AS marked FROM sicantik_permit ORDER BY 1"
    assert odoo.sql(read) == [
        {"number": "1", "ending": None, "marked": False},
        {"number": "2", "ending": "cancelled", "marked": True},
        {"number": "3", "ending": None, "marked": False},
    ]
    odoo.sql("UPDATE sicantik_permit SET ending = 'revoked' WHERE registration_number = '2'")
    odoo.sql("UPDATE sicantik_permit SET district = 'x' WHERE registration_number = '3'")
    odoo.upgrade(CONNECTOR)
    assert odoo.sql(read)[1:] == [
        {"number": "2", "ending": "revoked", "marked": True},
        {"number": "3", "ending": None, "marked": True},
    ]


TWINS = """
INSERT INTO sicantik_notice (config_id, company_id, kind, permit_id, event, recipient_key, state, channel, date_due)
SELECT config_id, company_id, 'status_update', permit_id, 'cancelled:1', 'office', twins.state, 'activity', date_due
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
    odoo.sql(
        "UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '1.2.0')"
        f" WHERE name IN ('{CONNECTOR}', '{NOTICE}')"
    )
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


LEARNT = {"learnt_page_size": ("integer", "integer"), "full_pass_seconds": ("float", "double precision")}
"""Fields of the configuration that went to the worker after 1.1.0, with their types in Odoo and PostgreSQL."""


def test_from_1_0_0(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    _make_it_1_0_0(odoo)
    odoo.sql(PERMITS)
    odoo.sql(CONNECTED)
    odoo.upgrade(CONNECTOR)
    nothing = {"issued": None, "source": None, "issue_source": None, "npwp": None, "reason": None, "ending": None}
    dated = {"issued": "2024-05-06", "source": "2024-05-06", "issue_source": "detail", "npwp": "0012345678901000"}
    assert odoo.sql(READ) == [
        {"number": "1", "status": "active", **nothing, **dated},
        {"number": "2", "status": "cancelled", **nothing, "ending": "cancelled"},
        {"number": "3", "status": "renewed", **nothing},
    ]
    # The address was given by the addon then, and must be; now it is the office's own, and may be taken away.
    assert odoo.sql("SELECT api_url FROM sicantik_config") == [{"api_url": ADDRESS}]
    odoo.shell("env['sicantik.config'].search([]).api_url = False")
    # Nobody gets a backlog, and somebody answers for what begins now.
    [notices] = odoo.sql(NOTICES)
    assert notices["days"] in (0, 1), "today; midnight may pass meanwhile"
    assert (notices["login"], notices["steps"]) == ("admin", "90, 60, 30, 7")

    # What people enter afterwards is not taken for SICANTIK's by the next upgrade.
    odoo.shell("env['sicantik.permit'].search([('registration_number', '=', '1')]).write({'issue_date': '2024-06-07'})")
    odoo.sql("UPDATE sicantik_config SET go_live_date = go_live_date - 30, user_id = NULL")
    odoo.upgrade(CONNECTOR)
    [first, *_] = odoo.sql(READ)
    assert (first["issued"], first["source"]) == ("2024-06-07", "2024-05-06")
    [notices] = odoo.sql(NOTICES)
    assert notices["days"] in (30, 31)
    assert notices["login"] is None
    assert odoo.sql(VERSIONS) == upgraded()


def _may_stop(odoo: Odoo) -> None:
    odoo.allow_log("Failed to (initialize database|load registry)|Transient module states were reset", "the upgrade is to stop")


def _deleted(odoo: Odoo) -> list[str]:
    """What Odoo removed at the end of the upgrades."""
    lines = odoo.log_path.read_text(errors="replace").splitlines()
    return [line for line in lines if "Deleting" in line and OF_OTHERS not in line]


CONTACTS = """
import json
permits = env["sicantik.permit"]
config = env["sicantik.config"].search([], limit=1)
own = {"config_id": config.id, "company_id": config.company_id.id}
for number in ("deleted", "removed", "refused"):
    permits |= permits.create({**own, "identity": "N" + number, "registration_number": number})
env.cr.commit()
deleted, removed, refused = permits
partners = env["res.partner"].create([{"name": "Contoh A"}, {"name": "Contoh B"}])
for permit, partner in zip(permits, partners):
    permit._set_contact_by_hand(partner)
env.cr.commit()
removed.action_remove_contact()
refused.action_remove_contact()
"""


def test_from_1_1_0_a_deleted_contact_is_no_decision_any_more(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell(CONTACTS)
    odoo.sql("DELETE FROM res_partner WHERE name LIKE 'Contoh _'")
    read = "SELECT registration_number AS number, partner_source AS source FROM sicantik_permit ORDER BY id"
    by_hand = [{"number": number, "source": "manual"} for number in ("deleted", "removed", "refused")]
    assert odoo.sql(read) == by_hand
    odoo.sql(
        "UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '1.1.0')"
        " WHERE name = 'sicantik_connector'"
    )
    odoo.upgrade("sicantik_connector")
    assert odoo.sql(read) == [{"number": "deleted", "source": None}, *by_hand[1:]]


def test_what_the_worker_learnt_leaves_the_configuration(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    for name, (kind, column_type) in LEARNT.items():
        odoo.sql(f"ALTER TABLE sicantik_config ADD COLUMN {name} {column_type} DEFAULT 7")
        odoo.sql(f"""
            INSERT INTO ir_model_fields (name, model, model_id, field_description, ttype, state, store)
            SELECT '{name}', model, id, '{{"en_US": "Learnt"}}', '{kind}', 'base', TRUE
              FROM ir_model WHERE model = 'sicantik.config';
            INSERT INTO ir_model_data (module, name, model, res_id)
            SELECT 'sicantik_connector', 'field_sicantik_config__{name}', 'ir.model.fields', id
              FROM ir_model_fields WHERE model = 'sicantik.config' AND name = '{name}'
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
    """Takes away what came later, as far as data is concerned: there were no notices, but their first day."""
    odoo.shell(UNINSTALL)
    columns = ", ".join(f"'{column}'" for column in NEW_COLUMNS)
    known = odoo.sql(
        f"SELECT column_name FROM information_schema.columns WHERE table_name = 'sicantik_permit' AND column_name IN ({columns})"
    )
    assert len(known) == len(NEW_COLUMNS)
    odoo.sql(WITHOUT_MARKS)
    for column in NEW_COLUMNS:
        odoo.sql(f"ALTER TABLE sicantik_permit DROP COLUMN {column}")
    odoo.sql(f"DELETE FROM ir_model_fields WHERE model = 'sicantik.permit' AND name IN ({columns})")
    odoo.sql("DROP TABLE sicantik_permit_refused_renewal")
    odoo.sql("DELETE FROM ir_model_fields WHERE model = 'sicantik.permit' AND name IN ('refused_renewal_ids', 'renews_ids')")
    odoo.sql(FIRST_DAY)
    odoo.sql(
        "UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '1.0.0')"
        f" WHERE name = '{CONNECTOR}'"
    )


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
    odoo.sql(
        f"UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '{version}')"
        f" WHERE name = '{CONNECTOR}'"
    )
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
