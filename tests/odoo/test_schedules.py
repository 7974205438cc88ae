"""Odoo's scheduler and the addon's scheduled actions, in a served Odoo with its cron thread."""

import time
from collections.abc import Callable

from parts import WAIT_SECONDS
from riglib.server import Odoo

ACTIONS = "(SELECT res_id FROM ir_model_data WHERE module LIKE 'sicantik_%' AND model = 'ir.cron')"
CLOCK_IN_UTC = {
    "SICANTIK: Update Expired Permits": "17:00:00",
    "SICANTIK: Sync Permit Types": "17:30:00",
    "SICANTIK: Full Pass": "18:00:00",
    "SICANTIK: Sync Expiry Dates": "19:00:00",
    "SICANTIK: Housekeeping": "20:30:00",
    "SICANTIK: Send Notices": "02:00:00",
}
"""Asia/Jakarta is seven hours ahead; midnight there is 17:00."""
CONNECTED = "UPDATE sicantik_config SET api_url = 'https://sicantik.example.go.id/api', worker_seen = now()"


def planned(odoo: Odoo) -> dict[str, str]:
    rows = odoo.sql(f"SELECT cron_name, nextcall::time::text AS clock FROM ir_cron WHERE id IN {ACTIONS}")
    return {row["cron_name"]: row["clock"] for row in rows if row["cron_name"] in CLOCK_IN_UTC}


def test_after_three_days_without_odoo_each_action_runs_once(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(cron_threads=1, start=False)
    assert planned(odoo) == CLOCK_IN_UTC
    odoo.sql(f"{CONNECTED} - interval '4 days'")
    odoo.sql(f"UPDATE ir_cron SET nextcall = nextcall - interval '4 days' WHERE id IN {ACTIONS}")
    odoo.start()
    waiting = f"SELECT cron_name FROM ir_cron WHERE id IN {ACTIONS} AND lastcall IS NULL"
    limit = time.monotonic() + WAIT_SECONDS
    while left := odoo.sql(waiting):
        assert time.monotonic() < limit, f"not run: {left}"
        time.sleep(1)
    runs = odoo.sql('SELECT kind, "full", origin, state FROM sicantik_sync_run ORDER BY kind')
    assert runs == [
        {"kind": "expiry", "full": False, "origin": "schedule", "state": "queued"},
        {"kind": "permits", "full": True, "origin": "schedule", "state": "queued"},
        {"kind": "types", "full": False, "origin": "schedule", "state": "queued"},
    ]
    assert planned(odoo) == CLOCK_IN_UTC
    assert odoo.sql(f"SELECT cron_name FROM ir_cron WHERE id IN {ACTIONS} AND nextcall <= now() AT TIME ZONE 'UTC'") == []
    assert odoo.sql(f"SELECT cron_name FROM ir_cron WHERE id IN {ACTIONS} AND failure_count > 0") == []


def test_an_upgrade_keeps_what_an_administrator_changed(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    change = "UPDATE ir_cron SET nextcall = '2040-01-01 20:15:00', active = false WHERE cron_name = 'SICANTIK: Full Pass'"
    odoo.sql(change)
    odoo.upgrade("sicantik_connector")
    assert planned(odoo) == CLOCK_IN_UTC | {"SICANTIK: Full Pass": "20:15:00"}
    assert odoo.sql("SELECT active FROM ir_cron WHERE cron_name = 'SICANTIK: Full Pass'") == [{"active": False}]


def test_an_order_that_meets_the_worker_s_write_is_repeated(odoo_fresh: Callable[..., Odoo]) -> None:
    """The worker writes to the configuration while a scheduled action makes its order."""
    odoo = odoo_fresh(start=False)
    odoo.sql(CONNECTED)
    code = """
import json
from odoo.sql_db import db_connect
configs, calls = env["sicantik.config"], []
def step():
    calls.append(1)
    configs._scheduled().mapped("name")
    if len(calls) == 1:
        with db_connect(env.cr.dbname).cursor() as worker:
            worker.execute("UPDATE sicantik_config SET worker_version = 'other'")
    configs._scheduled()._order_types()
configs._repeatable(step)
print(json.dumps([len(calls), env["sicantik.sync.run"].search_count([])]))
"""
    assert odoo.shell(code) == [2, 1]


def test_what_an_office_breaks_is_undone_and_stops_no_other(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell("""
from datetime import timedelta
first = env["sicantik.config"].search([], limit=1)
company = env["res.company"].create({"name": "Kantor Lain"})
values = {"name": "Lain", "api_url": "https://lain.example.test", "company_id": company.id}
for config in first | env["sicantik.config"].create(values):
    config.go_live_date = config._today() - timedelta(days=100)
    own = {"config_id": config.id, "company_id": config.company_id.id, "status": "active"}
    permit = {**own, "identity": "N1", "registration_number": "1", "permit_number": "503/1"}
    env["sicantik.permit"].create({**permit, "expiry_date": config._today() + timedelta(days=5)})
""")
    odoo.sql("UPDATE sicantik_config SET notice_steps = 'satu' WHERE name <> 'Lain'")
    notices = "SELECT c.name, count(*) AS count FROM sicantik_notice n JOIN sicantik_config c ON c.id = n.config_id GROUP BY 1"
    run = "env['sicantik.config']._cron_notices(); print('[]')"
    odoo.allow_log(r"ERROR .*: _find_notices of configuration \d+ failed", "the test breaks its settings")
    odoo.shell(run, commit=False)
    assert odoo.sql(notices) == [{"name": "Lain", "count": 4}]

    # Where nothing went through, Odoo hears of it.
    odoo.sql("UPDATE sicantik_config SET notice_steps = 'satu'")
    told = """
try:
    env['sicantik.config'].search([])._one_by_one('_find_notices')
    print('[]')
except RuntimeError as fault:
    print('["raised"]')
"""
    assert odoo.shell(told, commit=False) == ["raised"]


def test_an_action_works_whichever_user_it_was_given(odoo_fresh: Callable[..., Odoo]) -> None:
    odoo = odoo_fresh(start=False)
    odoo.shell("""
field = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
groups = env.ref("base.group_user") + env.ref("sicantik_connector.group_manager")
manager = env["res.users"].create({"name": "Manajer", "login": "manajer", field: [(6, 0, groups.ids)]})
config = env["sicantik.config"].search([], limit=1)
own = {"config_id": config.id, "company_id": config.company_id.id, "status": "active"}
env["sicantik.permit"].create({**own, "identity": "N1", "registration_number": "1", "expiry_date": "2020-01-01"})
action = env.ref("sicantik_connector.cron_update_expired")
action.user_id = manager
env.cr.commit()
action.method_direct_trigger()
""")
    assert odoo.sql("SELECT status FROM sicantik_permit") == [{"status": "expired"}]
