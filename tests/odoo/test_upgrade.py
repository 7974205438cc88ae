"""A database that an earlier version of the addons left behind is upgraded, and nothing in it is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from before_the_cut import (
    CONNECTOR,
    FIGURES,
    FURNISH,
    LINK,
    LOOK,
    NOTICE,
    OF_OTHERS,
    PERMITS,
    VERSIONS,
    WITHOUT_MARKS,
    as_of,
    make_it_1_1_0,
    rows,
    upgraded,
)
from riglib.processes import tail
from riglib.server import Odoo
from riglib.session import ADDONS

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
UNINSTALL = f"env['ir.module.module'].search([('name', '=', '{NOTICE}')]).button_immediate_uninstall()"
KILLED = """
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""
FAILING = "raise RuntimeError('in the middle of the upgrade')\n"


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
    kept, merged = before["types"]
    assert (merged["merged_into_id"], merged["active"]) == (kept["id"], False)
    first, second = before["permits"]
    assert first["partner_id"] and {first["permit_type_id"], second["permit_type_id"]} == {kept["id"]}
    assert (second["issue_source"], second["expiry_source"]) == ("manual", "manual")
    office.upgrade(CONNECTOR)
    assert office.sql(VERSIONS) == upgraded()
    assert rows(office) == before
    assert _deleted(office) == []
    office.upgrade(CONNECTOR)
    assert rows(office) == before
    _holds_no_gone_field(office)
    # The connector has nothing of it any more, and all of it can be used.
    seen = office.shell(LOOK)
    assert seen["views"] == []
    assert seen["due"] == ["sent", "sent"], "what waited goes out"


def _holds_no_gone_field(office: Odoo) -> None:
    """What the office made with fields that went can be used, or is out of the way; the chatter says which, once."""
    shown = LINK.replace("&", "&amp;")
    [text] = office.sql("SELECT subject, body_html FROM mail_template WHERE name->>'en_US' = 'With links'")
    body = (
        f'<div><p t-if="object.id"><a href="{shown}">{shown}</a></p><p t-if="not object.id">none</p>'
        '<p t-if="not object.id" t-out="&#39;&#39;">y</p></div>'
    )
    assert text == {"subject": {"en_US": f"See {LINK}"}, "body_html": {"en_US": body, "id_ID": body}}
    assert office.sql("SELECT active FROM ir_ui_view WHERE name = 'With learnt'") == [{"active": False}]
    for name in ("With links", "With learnt"):
        told = f"SELECT count(*) FROM mail_message WHERE model = 'sicantik.config' AND body LIKE '%{name}%'"
        assert office.sql(told) == office.sql("SELECT count(*) FROM sicantik_config")


def test_from_1_1_0_people_see_the_same(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell(FURNISH)
    before = odoo.shell(FIGURES)
    assert (sum(before["notices"]), before["total"]["count"], len(before["menus"])) == (5, 2, 10)
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


@pytest.mark.parametrize(
    ("fault", "place"),
    [(KILLED, "migrations/1.3.0/pre-migrate.py"), (FAILING, "__init__.py")],
    ids=["killed between the migrations", "failing"],
)
def test_what_ends_in_the_middle_is_repeated(office: Odoo, tmp_path: Path, fault: str, place: str) -> None:
    """The first addon is upgraded and the second one is not."""
    before = rows(office)
    for name in (CONNECTOR, NOTICE):
        shutil.copytree(ADDONS / name, tmp_path / name)
    with (tmp_path / NOTICE / place).open("a") as start:
        start.write(fault)
    whole, office.addons_paths = office.addons_paths, (tmp_path,)
    _may_stop(office)
    office.allow_log("Couldn't load module", "it is to fail")
    assert office.attempt("-u", CONNECTOR, "--no-http", "--stop-after-init").returncode
    # The connector's own migrations are over and kept; Odoo would have noted its version with the next commit.
    assert office.sql("SELECT active FROM ir_ui_view WHERE name = 'With learnt'") == [{"active": False}]
    office.addons_paths = whole
    office.upgrade(CONNECTOR)
    assert office.sql(VERSIONS) == upgraded()
    assert rows(office) == before
    _holds_no_gone_field(office)


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
    as_of(odoo, "1.1.0", CONNECTOR)
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
    as_of(odoo, "1.0.0", CONNECTOR)
