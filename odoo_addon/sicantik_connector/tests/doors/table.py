"""The connector's doors, a line each, and the records that the lines name."""

from datetime import datetime, timedelta

from .door_case import SECRET, TEXT

# nobody portal employee worker, viewer operator manager administrator, manager and
# administrator of another office.
TABLE = """
# What the worker calls. Nobody else, whatever the rights.
---+ ---- --  config.worker_settings("w", "1")
---+ ---- --  run.order(config, "probe")
---+ ---- --  run.status([uuid])
---+ ---- --  run.queued("w", "1")
---+ ---- --  run.claim([waiting_uuid], "w", 60)
---+ ---- --  run.report([{"uuid": uuid, "token": token, "done": 1}])
---+ ---- --  run.finish([{"uuid": uuid, "token": token, "state": "failed"}])
---0 ---- --  type.upsert_batch(uuid, token, [])
---0 ---- --  permit.upsert_batch(uuid, token, [])
---+ ---- --  permit.due_details(uuid, token, limit=1)
---0 ---- --  permit.apply_details(uuid, token, [])
---+ ---- --  permit.keys(uuid, token, values=True)
---+ ---- --  permit.mark_missing(uuid, token, [permit], [])

# What the pages ask for.
---- ++++ ++  config.worker_banner()
---- ++++ ++  dashboard.figures()
---- uuuu uu  dashboard.figures({"year": "x"})

# Configurations
---- ++++ --  config: read
---- ++++ 00  config: search_read, name_search, group
uuuu uuu+ u-  config: export_data
---- --uu uu  config: name_create
---- --++ --  config: copy
---- --uu --  config: unlink
---- --++ --  config: onchange
++++ ++++ ++  config: default_get
uuuu uuuu uu  config: load
---- --++ --  config: write
---- --++ --  config.write({"name": "x", "active": False, "api_url": "https://x.test"})
---- --++ --  config.write({"api_timeout": 9, "page_size": 9, "sync_interval": 9})
---- --++ --  config.write({"rate_limit": 1, "tz": "Asia/Jakarta", "critical_days": 1})
---- --++ --  config.write({"warning_days": 90, "allow_plain_http": True})
---- --++ --  config.write({"api_key": "x"})
---- --++ --  config.write({"partner_policy": "none", "company_id": company})
---- --++ --  config.write({"keep_runs_days": 9, "keep_api_days": 9})
---- ---+ --  config.write({"worker_url": "http://127.0.0.1:8075"})
---- --uu --  config.write({"company_id": other_company})
---- --++ ++  config.create({"name": "x", "api_url": "https://x.test",\
 "active": False})
---- ---- --  config.create({"name": "x", "api_url": "https://x.test",\
 "worker_name": "x"})
---- ---- --  see config: worker_hook_key, worker_hook_key_previous, api_key_stored
---- -+++ --  config.action_test_connection()
---- -+++ --  config.action_sync_now()
---- -+++ --  config.action_sync_types()
---- -+++ --  config.action_test_expiry_sync()
---- -+++ --  config.action_open_expiry_wizard()
---- -+++ --  config.action_compare()
---- --++ --  config.set_address("https://x.test")
---- ++++ ++  config.action_view_permits()
---- ++++ ++  config.action_view_runs()
---- ++++ --  config.action_view_calls()
---- ++++ --  config.copy_data()
---- ---+ --  config.action_pair_worker()
---- ---+ -+  config.action_end_earlier_keys()
18 u--- --++ --  config.message_post(body="x")
19 ---- --++ --  config.message_post(body="x")
---- --++ --  config.activity_schedule("mail.mail_activity_data_todo")

# Permits
---- ++++ --  permit: read
---- ++++ 00  permit: search_read, name_search, group
---- ++++ 00  permit.web_search_read([["id", "=", permit]], {"display_name": {}})
19 ---- ++++ 00  permit.web_read_group([["id", "=", permit]], ["config_id"])
19 ---- ++++ 00  permit.search([["id", "=", permit]])
---- ++++ 00  permit.nearest("Rahasai Kantor")
uuuu uuu+ u-  permit: export_data
---- ---- --  permit: create, copy, unlink
0000 0000 00  permit: name_create
---- -+++ --  permit: onchange
++++ ++++ ++  permit: default_get
uuuu uuuu uu  permit: load
---- -+++ --  permit: write
---- -+++ --  permit.write({"notes": "x"})
---- -+++ --  permit.write({"issue_date": "2026-01-02"})
---- -+++ --  permit.write({"expiry_date": "2099-01-02"})
---- -+++ --  permit.write({"partner_id": contact})
---- -+++ --  permit.write({"partner_id": False})
---- -+++ --  permit.write({"status": "cancelled", "cancel_reason": "x"})
---- -+++ --  cancelled.write({"ending": "revoked"})
---- -uuu --  permit.write({"ending": "revoked"})
---- -+++ --  permit.write({"status": "renewed"})
---- -uuu --  permit.write({"status": "expired"})
---- -+++ --  see permit: raw_values
---- -+++ --  permit.action_ask_now()
---- -+++ --  permit.action_mark_renewed()
---- -uuu --  cancelled.action_mark_renewed()
---- -+++ --  permit.action_cancel_permits()
---- -uuu --  cancelled.action_cancel_permits()
---- -+++ --  cancelled.action_reopen()
---- -uuu --  permit.action_reopen()
---- -+++ --  permit.action_find_contacts()
---- -+++ --  permit.action_accept_contact()
---- -uuu --  cancelled.action_accept_contact()
---- -+++ --  permit.action_remove_contact()
---- -+++ --  permit.action_accept_renewal()
---- -uuu --  cancelled.action_accept_renewal()
---- -+++ --  permit.action_refuse_renewal()
---- -uuu --  cancelled.action_refuse_renewal()
---- ++++ --  permit.action_view_renewals()
---- ++++ ++  permit.action_view_issues()
---- ++++ --  permit.action_view_run()
---- 0000 --  cancelled.action_view_run()
---- ++++ --  permit.action_view_contact()
---- 0000 --  cancelled.action_view_contact()
18 u--- -+++ --  permit.message_post(body="x")
19 ---- -+++ --  permit.message_post(body="x")
---- -+++ --  permit.activity_schedule("mail.mail_activity_data_todo")

# What comes with a permit
---- ++++ --  applicant: read
---- ++++ 00  applicant: search_read, name_search, group
uuuu uuu+ u-  applicant: export_data
---- ---- --  applicant: create, name_create, write, copy, unlink
---- ---- --  applicant: onchange
0000 0000 00  applicant: default_get
uuuu uuuu uu  applicant: load
---- ++++ --  type: read
---- ++++ 00  type: search_read, name_search, group
uuuu uuu+ u-  type: export_data
---- ---- --  type: create, name_create, write, copy, unlink
---- ---- --  type: onchange
++++ ++++ ++  type: default_get
uuuu uuuu uu  type: load
---- ++++ --  type.action_view_permits()
---- ++++ --  type.action_permits_by_status()
---- ++++ --  type.action_permits_by_month()
---- --++ --  type.action_open_merge()
---- --++ --  merged_type.action_separate()
---- 00++ 00  type.renewal_pairs()
---- --++ --  renewing_type.action_count_as_renewed()
---- --++ --  renewing_type.action_count_as_no_other()
---- --uu --  type.action_count_as_renewed()
---- --uu --  type.action_count_as_no_other()
---- --++ --  type.action_forget_renewed_type()

# Runs, their issues and their calls
---- ++++ --  run: read
---- ++++ 00  run: search_read, name_search, group
uuuu uuu+ u-  run: export_data
---- ---- --  run: create, write, copy, unlink
0000 0000 00  run: name_create
---- ---- --  run: onchange
++++ ++++ ++  run: default_get
uuuu uuuu uu  run: load
---- ---- --  see run: lease_token
---- -+++ --  run.action_run_again()
---- -uuu --  waiting.action_run_again()
---- -+++ --  run.action_retry_issues()
---- -uuu --  waiting.action_retry_issues()
---- -+++ --  waiting.action_cancel()
---- -uuu --  run.action_cancel()
---- -+++ --  run.action_mark_missing()
---- -uuu --  waiting.action_mark_missing()
---- ++++ --  run.action_open_permits()
---- ++++ ++  run.action_view_permits()
---- ++++ ++  run.action_view_issues()
---- ++++ ++  run.action_view_retried_issues()
---- ++++ --  issue: read
---- ++++ 00  issue: search_read, name_search, group
uuuu uuu+ u-  issue: export_data
---- ---- --  issue: create, name_create, write, copy, unlink
---- ---- --  issue: onchange
0000 0000 00  issue: default_get
uuuu uuuu uu  issue: load
---- -+++ --  issue.action_retry()
---- ++++ --  call: read
---- ++++ 00  call: search_read, name_search, group
uuuu uuu+ u-  call: export_data
---- ---- --  call: create, name_create, write, copy, unlink
---- ---- --  call: onchange
0000 0000 00  call: default_get
uuuu uuuu uu  call: load
---- ---- --  owned.create({"name": "x"})
0000 0000 00  owned.default_get(["name"])
---- ---- --  owned.write({"name": "x"})
---- ---- --  own: onchange

# Wizards: what their buttons do, and what their forms tell of records that are named
---- -+++ --  expiry.create({"config_id": config}).read()
---- -+++ --  expiry.create({"config_id": config}).action_start()
---- -+++ --  expiry.onchange({"config_id": config}, ["config_id"], {"due_count": {}})
++++ ++++ ++  expiry: default_get
---- -+++ --  quality.create({"config_id": config}).read()
---- -+++ ++  quality.onchange({"config_id": config}, ["config_id"], {"report": {}})
---- ++++ ++  quality: default_get
---- -+++ --  cancel.create({"permit_ids": [[4, permit]], "reason": "x"}).read()
---- -+++ --  cancel.create({"permit_ids": [[4, permit]], "reason": "x"})\
.action_confirm()
---- -uuu --  cancel.create({"permit_ids": [[4, cancelled]], "reason": "x"})\
.action_confirm()
---- -+++ --  cancel.onchange({"permit_ids": [[4, permit]]}, ["permit_ids"],\
 {"permit_ids": {"fields": {"display_name": {}}}})
++++ ++++ ++  cancel: default_get
---- -+++ --  renewal.create({"permit_id": permit}).read()
---- -+++ --  renewal.create({"permit_id": permit}).action_confirm()
---- -uuu --  renewal.create({"permit_id": bare}).action_confirm()
---- -+++ --  renewal.create({"permit_id": bare, "mode": "not_listed"}).action_confirm()
---- -+++ --  renewal.onchange({"permit_id": permit}, ["permit_id"],\
 {"sides": {}, "new_permit_domain": {}})
++++ ++++ ++  renewal: default_get
---- --++ --  merge.create({"type_ids": [[6, 0, [type, third_type]]]}).read()
---- --++ --  merge.create({"type_ids": [[6, 0, [type, third_type]]]}).action_merge()
---- --uu --  merge.create({"type_ids": [[6, 0, [type]]]}).action_merge()
---- --++ --  merge.onchange({"type_ids": [[4, type]]}, ["type_ids"],\
 {"type_ids": {"fields": {"display_name": {}}}})
0000 0000 00  merge: default_get

# Contacts and keys, where the connector adds to Odoo's own
# Odoo 18 has a group of its own for who may change contacts.
18 ---- ---- --  contact.write({"whatsapp_number": "+6281234567890"})
19 ---- ---+ -+  contact.write({"whatsapp_number": "+6281234567890"})
18 ---- ---- --  contact.write({"sicantik_permit_ids": False})
19 ---- ---+ -+  contact.write({"sicantik_permit_ids": False})
18 ---- ---- --  contact.create({"name": "x"})
19 ---- ---+ -+  contact.create({"name": "x"})
18 ---- ---- --  contact.unlink()
19 ---- ---+ -+  contact.unlink()
---- ++++ ++  contact.action_view_sicantik_permits()
---- ++++ ++  see contact: sicantik_permit_ids, sicantik_permit_count
---- ---- --  see contact: sicantik_npwp_key, sicantik_phone_key, sicantik_mobile_key
---- ---- --  key.unlink()

# Scheduled actions, the button of the list, menus
---- ---+ -+  crons.read(["name"])
---- ---+ -+  crons.write({"active": False})
---- ---0 -0  cron_update_expired.run()
---- ---0 -0  cron_sync_types.run()
---- ---0 -0  cron_full_pass.run()
---- ---0 -0  cron_sync_expiry.run()
---- ---0 -0  cron_housekeeping.run()
---- ---0 -0  cron_sync_permits.run()
---- -+++ ++  sicantik_permit_action_sync_now.run()
--00 ++++ ++  sicantik_menu_root.is_shown()
--00 ++++ ++  sicantik_menu_dashboard.is_shown()
--00 ++++ ++  sicantik_menu_permits.is_shown()
--00 ++++ ++  sicantik_menu_permit_types.is_shown()
--00 ++++ ++  sicantik_menu_sync_runs.is_shown()
--00 0+++ ++  sicantik_menu_configuration.is_shown()
--00 0+++ ++  sicantik_menu_config.is_shown()
--00 0+++ ++  sicantik_menu_data_quality.is_shown()
"""


def records(case):
    """``{name: record, or a plain value}``: an office with one of everything."""
    config, env = case.config, case.env
    config.write(
        dict.fromkeys(
            ("worker_hook_key", "worker_hook_key_previous", "api_key_stored"), SECRET
        )
    )
    config.write({"name": f"{TEXT} Satu", "worker_seen": "2026-01-01 00:00:00"})
    own = {"config_id": config.id, "company_id": config.company_id.id}
    contact, other = env["res.partner"].create([{"name": "Budi"}, {"name": "Budi B."}])
    runs = env["sicantik.sync.run"]
    run = runs.create({**own, "kind": "permits", "state": "partial"})
    config.write({"unlisted_count": 9, "unlisted_run_id": run.id})
    waiting = runs.create({**own, "kind": "types"})
    by_worker = runs.with_user(case.worker)
    under_way = by_worker.order(config.id, "expiry")["run"]["uuid"]
    [claimed] = by_worker.claim([under_way], "worker-1", 60)["claimed"]

    def type_named(name, **values):
        values = {"name": f"{TEXT} {name}", "name_key": name, **values}
        return env["sicantik.permit.type"].create({**own, **values})

    def permit_numbered(number, **values):
        vals = {
            "identity": f"N\x1f{number}\x1f{number}",
            "registration_number": str(number),
            "permit_number": f"503/{number}",
            "permit_type_id": types[0].id,
            "applicant_name": f"{TEXT} {number}",
            "status": "active",
            "raw_values": {"x": TEXT},
            **own,
            **values,
        }
        return env["sicantik.permit"].create(vals)

    types = type_named("satu"), type_named("dua")
    merged = type_named("tiga", merged_into_id=types[0].id, active=False)
    renewing = type_named("satu (PERPANJANGAN)")
    newer = permit_numbered(2, issue_date="2026-01-01")
    permit = permit_numbered(
        1,
        issue_date="2020-01-01",
        expiry_date="2099-01-01",
        partner_id=contact.id,
        proposed_partner_id=other.id,
        proposed_renewal_id=newer.id,
        last_run_id=run.id,
    )
    run.permit_ids = permit
    issue = env["sicantik.sync.issue"].create(
        {**own, "run_id": run.id, "permit_id": permit.id, "key": TEXT, "code": "data"}
    )
    keys = env["res.users.apikeys"].with_user(case.worker)
    keys._generate("rpc", "x", datetime.now() + timedelta(days=1))
    return {
        "config": config,
        "company": config.company_id,
        "other_company": case.other.company_id,
        "dashboard": env["sicantik.dashboard"],
        "own": env["sicantik.mixin"],
        "owned": env["sicantik.owned.mixin"],
        "permit": permit,
        "bare": newer,
        "cancelled": permit_numbered(
            3, status="cancelled", cancel_reason=TEXT, ending="cancelled"
        ),
        "applicant": env["sicantik.permit.applicant"].create(
            {"permit_id": permit.id, "name": TEXT, "name_key": "x"}
        ),
        "type": types[0],
        "third_type": types[1],
        "merged_type": merged,
        "renewing_type": renewing,
        "run": run,
        "waiting": waiting,
        "waiting_uuid": waiting.uuid,
        "uuid": under_way,
        "token": claimed["token"],
        "issue": issue,
        "call": env["sicantik.api.call"].create(
            {**own, "run_id": run.id, "day": "2026-01-01", "endpoint": TEXT, "calls": 1}
        ),
        "contact": contact,
        "key": keys.sudo().search([("user_id", "=", case.worker.id)], limit=1),
        "expiry": env["sicantik.expiry.sync"],
        "quality": env["sicantik.data.quality"],
        "cancel": env["sicantik.permit.cancel"],
        "renewal": env["sicantik.permit.renewal"],
        "merge": env["sicantik.permit.type.merge"],
    }
