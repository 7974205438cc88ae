"""An office at 1.1.0, when the connector still had the notices: today's addons, turned back by SQL to what 1.1.0 left behind.

Held once, by hand, against a database that the code of 1.1.0 had made (docs/decisions/0017).
"""

from riglib.server import Odoo

CONNECTOR, NOTICE = "sicantik_connector", "sicantik_notice"
VERSIONS = """
SELECT name, state, substr(latest_version, 6) AS version FROM ir_module_module
 WHERE name IN ('sicantik_connector', 'sicantik_notice') ORDER BY name
"""
PERMITS = """
INSERT INTO sicantik_permit (config_id, company_id, identity, registration_number, permit_number, status, issue_date,
                             company_npwp)
SELECT id, company_id, 'N' || number, number, '503/' || number, status, issued::date, npwp
  FROM sicantik_config,
       (VALUES ('1', 'active', '2024-05-06', '01.234.567.8-901.000'), ('2', 'cancelled', NULL, '-'), ('3', 'renewed', NULL, NULL))
       AS old (number, status, issued, npwp)
 WHERE active
"""
FURNISH = """
from datetime import timedelta
from odoo import fields
views, partners, notices = env["ir.ui.view"], env["res.partner"], env["sicantik.notice"]
config, admin = env["sicantik.config"].search([]), env.ref("base.user_admin")
config.write({"go_live_date": "2020-01-01", "user_id": admin.id, "notice_steps": "80, 20", "keep_addresses_days": 45})
config.company_id.write({
    "email": "kantor@contoh.test", "sicantik_office_name": "DPMPTSP Kabupaten Contoh", "sicantik_contact": "0800 000 0000",
    "sicantik_renewal_url": "https://perizinan.example.go.id/baru", "sicantik_notice_language": "en",
})
other = env["res.company"].create({"name": "Kantor Lain", "sicantik_office_name": "KANTOR LAIN"})
env["sicantik.config"].create({
    "name": "Lain", "api_url": "https://lain.example.test", "company_id": other.id, "active": False, "go_live_date": "2026-01-01",
})
people = partners.create([{"name": f"Pemohon Contoh {n}", "email": f"pemohon{n}@contoh.test"} for n in range(3)])
people[0]._set_whatsapp_consent("opted_in", "counter", "2026-01-02 03:00:00", "di loket")
people[1]._set_whatsapp_consent("opted_out", "message")
twin = partners.create({"name": "Pemohon Contoh 0", "email": "pemohon0@contoh.test"})
types = env["sicantik.permit.type"].create([
    {"config_id": config.id, "company_id": config.company_id.id, "name": name, "name_key": name}
    for name in ("IZIN CONTOH", "IZIN CONTOH LAMA")
])
permits = env["sicantik.permit"].create([{
    "config_id": config.id, "company_id": config.company_id.id, "identity": f"N{n}", "registration_number": str(n),
    "permit_number": f"503/{n}", "status": "active", "partner_id": n == 0 and twin.id, "permit_type_id": types[1].id,
    "expiry_date": config._today() + timedelta(days=60),
} for n in range(2)])
types[1]._merge_into(types[0])
env["base.partner.merge.automatic.wizard"].create({})._merge((people[0] | twin).ids, people[0])
permits[1]._set_issue_date_by_hand("2024-05-06")
permits[1]._set_expiry_by_hand(permits[1].expiry_date)
common = {
    "config_id": config.id, "company_id": config.company_id.id, "kind": "permit_expiring", "expiry_date": permits[0].expiry_date,
    "date_due": fields.Datetime.now(), "recipient_key": "office",
}
notices.create([
    {**common, **notices._about(permits[0]), "event": "now", "step": 80, "channel": "email", "partner_id": people[0].id},
    {**common, **notices._about(permits[1]), "event": "now", "step": 80, "channel": "activity", "user_id": admin.id},
    *({**common, **notices._about(permits[1]), "event": state, "step": 90, "state": state, "reason_code": "changed"}
      for state in ("sent", "failed", "skipped", "cancelled")),
])
text = env.ref("sicantik_notice.mail_template_permit_expiring_en")
text.write({"subject": "Reminder of the office", "body_html": "<p>As the office says it</p>"})
env.ref("sicantik_notice.mail_activity_tell_applicant").name = "Telephone"
env.ref("sicantik_notice.cron_notices").write({"nextcall": "2040-01-01 20:15:00", "active": False})
env["ir.filters"].create({"name": "Mine", "model_id": "sicantik.notice", "domain": "[('state', '=', 'due')]"})
for view, tag, name, attribute, value in (
    ("sicantik_config_view_form", "field", "go_live_date", "string", "Mulai"),
    ("res_partner_view_form", "field", "whatsapp_consent", "class", "fw-bold"),
    ("res_partner_view_list", "field", "whatsapp_consent", "optional", "show"),
    ("res_partner_view_search", "filter", "whatsapp_agreed", "string", "WA"),
):
    parent = env.ref(f"sicantik_connector.{view}")
    arch = f'<{tag} name="{name}" position="attributes"><attribute name="{attribute}">{value}</attribute></{tag}>'
    views.create({"name": f"Of the office: {view}", "model": parent.model, "inherit_id": parent.id, "arch": arch})
"""
"""Merged types and contacts, dates by hand, notices in every state, consents, texts and times that people changed, their own
views on all of that."""
LOOK = """
import json
from datetime import timedelta
from freezegun import freeze_time
broken = []
for view in env["ir.ui.view"].search([("name", "like", "Of the office: %")]):
    try:
        env[view.model].get_view(view.inherit_id.id if view.inherit_id.mode == "primary" else None, view.inherit_id.type)
        view._check_xml()
    except Exception as error:
        broken.append(f"{view.name}: {error}")
due = env["sicantik.notice"].search([("state", "=", "due")], order="id")
with freeze_time(f"{env['sicantik.config'].search([])._today() + timedelta(days=1)} 03:00:00"):
    for config in env["sicantik.config"].search([]):
        config._send_notices()
print(json.dumps({"views": broken, "due": due.mapped("state")}))
"""
"""Whether the office's own views still fit, and what becomes of the notices that wait, in the morning."""
FIGURES = """
import json
managers = env["res.users"].search([("login", "=", "admin")])
of = {name: env[name].with_user(managers) for name in ("sicantik.dashboard", "sicantik.permit", "res.partner", "ir.ui.menu")}
menus = of["ir.ui.menu"].search([("id", "child_of", env.ref("sicantik_connector.sicantik_menu_root").id)])
answer = of["sicantik.dashboard"].figures()
print(json.dumps({
    "total": answer["total"], "status": answer["status"], "expiry": answer["expiry"],
    "notices": of["sicantik.permit"].search([], order="id").mapped("notice_count"),
    "people": of["res.partner"].search([], order="id").mapped("sicantik_notice_count"),
    "menus": sorted(menus.mapped("complete_name")),
    "rights": [
        [model, operation, env[model].with_user(managers).has_access(operation)]
        for model in ("sicantik.notice", "sicantik.office", "sicantik.whatsapp.consent", "sicantik.config", "sicantik.permit")
        for operation in ("read", "write", "create", "unlink")
    ],
}, default=str))
"""
"""What an administrator sees."""
OF_OTHERS = "__message_has_sms_error"
"""A field of Odoo's own module sms on each model with a chatter, whose external id the next upgrade takes away."""
WITHOUT_MARKS = """
DROP FUNCTION sicantik_permit_mark_change() CASCADE;
ALTER TABLE sicantik_permit DROP COLUMN changed_xid, DROP COLUMN search_text;
CREATE INDEX sicantik_permit__permit_number_index ON sicantik_permit (permit_number);
"""
"""Takes away the columns of permits that came with 1.3.0, and brings back the index that went."""
_BOTH = "('sicantik_connector', 'sicantik_notice')"
_NEW = """('res_partner_view_form_address', 'res_partner_view_list_notices', 'res_partner_view_search_notices',
          'rule_sicantik_notice_template', 'sicantik_contact_address_view_form', 'sicantik_notice_template_action_form',
          'sicantik_notice_template_action_list', 'sicantik_notice_text_view_form', 'sicantik_notice_text_view_list',
          'sicantik_notice_view_form_address',
          'sicantik_permit_cancel_view_form_notices', 'sicantik_permit_renewal_view_form_notices',
          'sicantik_permit_view_form_address', 'mail_activity_notice', 'res_users_view_form_preferences',
          'mail_template_permit_ready_id', 'mail_template_permit_ready_en', 'mail_template_document_pending_id',
          'mail_template_document_pending_en', 'mail_template_approval_required_id',
          'mail_template_approval_required_en', 'mail_template_reminder_id', 'mail_template_reminder_en',
          'mail_template_status_update_staff_id', 'mail_template_status_update_staff_en')"""
"""Records that came with 1.2.0 or later, beside those of a new model."""
_NEW_MODELS = ("sicantik.contact.address", "sicantik.notice.called")
_OF_NEW = "contact_address|notice_called"
"""What their tables, fields, rights and rules are called."""
_NEW_COLUMNS = (
    "res_model",
    "res_id",
    "recipient_type",
    "recipient_user_id",
    "attempts",
    "tried",
    "date_outcome",
    "date_delivered",
)
_SUMMARIES = "sicantik_notice_sicantik_permit_rel"
NOTICES_OF_1_2_0 = f"""
ALTER TABLE sicantik_notice {", ".join(f"DROP COLUMN {name}" for name in _NEW_COLUMNS)},
  ALTER COLUMN permit_id SET NOT NULL, ALTER COLUMN step DROP NOT NULL,
  ADD CONSTRAINT sicantik_notice_once_uniq UNIQUE (permit_id, kind, event, step, recipient_key);
DROP INDEX sicantik_notice__permit_id_index;
DROP TABLE {_SUMMARIES};
DELETE FROM mail_activity_type
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'sicantik_notice' AND name = 'mail_activity_notice');
DELETE FROM ir_model_data WHERE module = 'sicantik_notice' AND name = 'mail_activity_notice';
"""
"""All notices were about permits, and for applicants."""
_OLD_BODY = r"""regexp_replace(body_html::text, '<p t-if=\\"object\.detail_link\\".*?</p>\\n *(?=<p)', '')"""
WITHOUT_DETAIL = f"""
UPDATE mail_template SET body_html = {_OLD_BODY}::jsonb
 WHERE id IN (SELECT res_id FROM ir_model_data WHERE model = 'mail.template'
                 AND name IN ('mail_template_status_update_id', 'mail_template_status_update_en'))
"""
"""Takes the line of details, which came with 1.3.0, out of the e-mails of a new status."""
_ROWS = {
    "notices": f"SELECT to_jsonb(n) - ARRAY{list(_NEW_COLUMNS)} AS row FROM sicantik_notice n ORDER BY id",
    "answers": "SELECT id, whatsapp_consent, whatsapp_consent_source, whatsapp_consent_date, whatsapp_consent_note"
    " FROM res_partner ORDER BY id",
    "offices": "SELECT id, sicantik_office_name, sicantik_contact, sicantik_renewal_url, sicantik_notice_language"
    " FROM res_company ORDER BY id",
    "configurations": "SELECT id, active, go_live_date, user_id, notice_steps, keep_addresses_days"
    " FROM sicantik_config ORDER BY id",
    "permits": "SELECT id, status, partner_id, partner_source, permit_type_id, issue_date, issue_source, expiry_date,"
    " expiry_source FROM sicantik_permit ORDER BY id",
    "types": "SELECT id, name, name_key, active, merged_into_id FROM sicantik_permit_type ORDER BY id",
    "texts": f"SELECT id, name, subject, {_OLD_BODY} AS body, write_date FROM mail_template WHERE model = 'sicantik.notice'"
    " AND name->>'en_US' <> 'With links' AND id NOT IN (SELECT res_id FROM ir_model_data"
    f" WHERE model = 'mail.template' AND name IN {_NEW}) ORDER BY id",
    "actions": "SELECT id, cron_name, nextcall, active, ir_actions_server_id FROM ir_cron"
    " WHERE cron_name LIKE 'SICANTIK:%' ORDER BY id",
    "activity types": "SELECT id, name FROM mail_activity_type WHERE name->>'en_US' <> 'SICANTIK: Notice' ORDER BY id",
    "favourites": "SELECT id, name, model_id, domain FROM ir_filters ORDER BY id",
    "own views": "SELECT id, name, inherit_id, arch_db, active FROM ir_ui_view WHERE name LIKE 'Of the office: %' ORDER BY id",
    "names": f"SELECT DISTINCT name, model, res_id FROM ir_model_data WHERE module IN {_BOTH} AND name NOT IN {_NEW}"
    f" AND name NOT LIKE '%{OF_OTHERS}' AND name !~ '{_OF_NEW}' ORDER BY name",
    "constraints": "SELECT DISTINCT c.name, c.type, m.model FROM ir_model_constraint c JOIN ir_model m ON m.id = c.model"
    f" JOIN ir_module_module a ON a.id = c.module WHERE a.name IN {_BOTH}"
    f" AND m.model NOT IN {_NEW_MODELS} ORDER BY c.name",
    "tables": "SELECT conname AS name FROM pg_constraint WHERE conrelid::regclass::text LIKE 'sicantik_%'"
    f" AND conrelid::regclass::text !~ '{_OF_NEW}' AND conrelid::regclass::text <> '{_SUMMARIES}'"
    " AND conname <> 'sicantik_notice_recipient_user_id_fkey' ORDER BY conname",
    "rights": "SELECT a.id, a.name, a.group_id, a.perm_read, a.perm_write, a.perm_create, a.perm_unlink"
    " FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id WHERE m.model LIKE 'sicantik.%'"
    f" AND m.model NOT IN {_NEW_MODELS} ORDER BY a.id",
    "rules": "SELECT r.id, r.name, r.active, r.domain_force FROM ir_rule r JOIN ir_model m ON m.id = r.model_id"
    f" WHERE m.model LIKE 'sicantik.%' AND m.model NOT IN {_NEW_MODELS} ORDER BY r.id",
}


def _new_of(model: str) -> str:
    return f"SELECT res_id FROM ir_model_data WHERE module = 'sicantik_notice' AND model = '{model}' AND name IN {_NEW}"


_BACK = f"""
{NOTICES_OF_1_2_0}
DELETE FROM ir_act_window_view WHERE id IN ({_new_of("ir.actions.act_window.view")});
DELETE FROM ir_rule WHERE id IN ({_new_of("ir.rule")});
DELETE FROM mail_template WHERE id IN ({_new_of("mail.template")});
DELETE FROM ir_ui_view WHERE id IN ({_new_of("ir.ui.view")});
DELETE FROM ir_model WHERE model IN {_NEW_MODELS};
DROP TABLE {", ".join(_NEW_MODELS).replace(".", "_")} CASCADE;
DELETE FROM ir_model_data WHERE module = 'sicantik_notice' AND (name IN {_NEW} OR name ~ '{_OF_NEW}');
DELETE FROM ir_model_data new USING ir_model_data old
 WHERE new.module = 'sicantik_notice' AND old.module = 'sicantik_connector' AND old.name = new.name;
UPDATE ir_model_data SET module = 'sicantik_connector' WHERE module = 'sicantik_notice';
UPDATE ir_model_constraint c SET module = old.id
  FROM ir_module_module old, ir_module_module new
 WHERE old.name = 'sicantik_connector' AND new.name = 'sicantik_notice' AND c.module = new.id
   AND NOT EXISTS (SELECT 1 FROM ir_model_constraint known WHERE known.module = old.id AND known.name = c.name);
DELETE FROM ir_model_constraint WHERE module = (SELECT id FROM ir_module_module WHERE name = 'sicantik_notice');
UPDATE ir_ui_view SET key = 'sicantik_connector.notice_mail_layout' WHERE key = 'sicantik_notice.notice_mail_layout';
UPDATE ir_module_module SET state = 'uninstalled', latest_version = NULL, demo = false WHERE name = 'sicantik_notice';
UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '1.1.0') WHERE name = 'sicantik_connector';
"""

LINK = "https://odoo.example.test/x?a=1&b=2"
WITH_GONE_FIELDS = f"""
ALTER TABLE res_company ADD COLUMN sicantik_dashboard_url varchar, ADD COLUMN sicantik_approval_url varchar;
UPDATE res_company SET sicantik_dashboard_url = '{LINK}';
INSERT INTO mail_template (name, model, model_id, subject, body_html)
SELECT '{{"en_US": "With links"}}', model, id, to_jsonb(t.subject), to_jsonb(t.body)
  FROM ir_model, (SELECT jsonb_build_object('en_US',
      'See {{{{ object.dashboard_link }}}}{{{{ object.approval_link }}}}') AS subject,
    jsonb_build_object('en_US', body, 'id_ID', body) AS body
    FROM (SELECT '<div><p t-if="object.dashboard_link"><a t-att-href="object.dashboard_link">'
      '<t t-out="object.dashboard_link">x</t></a></p><p t-if="not object.dashboard_link">none</p>'
      '<p t-if="object.approval_link" t-out="object.approval_link">y</p></div>' AS body) AS b) AS t
 WHERE model = 'sicantik.notice';
INSERT INTO ir_ui_view (name, model, type, mode, priority, active, inherit_id, arch_db)
SELECT 'With learnt', 'sicantik.config', 'form', 'extension', 16, TRUE, res_id, jsonb_build_object('en_US',
       '<field name="learnt_page_size" position="attributes"><attribute name="string">Ukuran</attribute></field>')
  FROM ir_model_data WHERE name = 'sicantik_config_view_form' AND module = 'sicantik_connector';
"""
"""A text and a view that the office made with fields that 1.1.0 had."""


def rows(odoo: Odoo) -> dict[str, list[dict]]:
    """All that an upgrade has to leave as it is."""
    return {what: odoo.sql(query) for what, query in _ROWS.items()}


def make_it_1_1_0(odoo: Odoo) -> None:
    """The connector has everything again, and nobody has heard of the other addon."""
    odoo.sql(WITHOUT_MARKS)
    odoo.sql(WITHOUT_DETAIL)
    odoo.sql(_BACK)
    odoo.sql(WITH_GONE_FIELDS)


def upgraded(version: str = "1.3.0") -> list[dict]:
    """The answer to `VERSIONS` after the upgrade to a version."""
    return [{"name": name, "state": "installed", "version": version} for name in (CONNECTOR, NOTICE)]


def as_of(odoo: Odoo, version: str, *addons: str) -> None:
    """Make Odoo take these addons for an earlier version, so that it upgrades them."""
    names = ", ".join(f"'{addon}'" for addon in addons)
    odoo.sql(
        f"UPDATE ir_module_module SET latest_version = regexp_replace(latest_version, '1.3.0$', '{version}')"
        f" WHERE name IN ({names})"
    )
