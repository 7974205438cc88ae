"""From 1.1.0: what people are told became an addon of its own, sicantik_notice.

Its external ids get the new addon's name before this one loads anything, and the new
addon is upgraded in the same run, as if it had been there: so each record stays the
row that it is, and what people changed stays. As an addon that is installed it would
overwrite texts and times (docs/decisions/0017).
"""

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tools import SQL

OLD, NEW = "sicantik_connector", "sicantik_notice"
MODELS = ("sicantik.notice", "sicantik.office", "sicantik.whatsapp.consent")
# Fields of other models; of users, too, who are contacts.
CONTACT = (
    "sicantik_notice_count",
    "whatsapp_consent",
    "whatsapp_consent_date",
    "whatsapp_consent_note",
    "whatsapp_consent_source",
)
OFFICE = (
    "sicantik_contact",
    "sicantik_notice_language",
    "sicantik_office_name",
    "sicantik_renewal_url",
    "sicantik_sender",
)
FIELDS = {
    "res.company": OFFICE,
    "res.config.settings": OFFICE,
    "res.partner": CONTACT,
    "res.users": CONTACT,
    "sicantik.config": (
        "go_live_date",
        "keep_addresses_days",
        "notice_count",
        "notice_steps",
        "user_id",
    ),
    "sicantik.permit": ("notice_count",),
}
RECORDS = (
    "access_sicantik_notice_viewer",
    "access_sicantik_office_manager",
    "access_sicantik_whatsapp_consent_operator",
    "cron_notices",
    "cron_notices_ir_actions_server",
    "mail_activity_failed_notices",
    "mail_activity_tell_applicant",
    "mail_template_permit_expiring_en",
    "mail_template_permit_expiring_id",
    "mail_template_renewal_approved_en",
    "mail_template_renewal_approved_id",
    "mail_template_status_update_en",
    "mail_template_status_update_id",
    "notice_mail_layout",
    "res_config_settings_action",
    "res_config_settings_view_form",
    "res_partner_view_form_notices",
    "rule_sicantik_notice_company",
    "rule_sicantik_office_company",
    "rule_sicantik_whatsapp_consent_company",
    "sicantik_config_view_form_notices",
    "sicantik_menu_notice_texts",
    "sicantik_menu_notices",
    "sicantik_menu_office",
    "sicantik_menu_settings",
    "sicantik_notice_action",
    "sicantik_notice_template_action",
    "sicantik_notice_view_form",
    "sicantik_notice_view_graph",
    "sicantik_notice_view_list",
    "sicantik_notice_view_pivot",
    "sicantik_notice_view_search",
    "sicantik_office_action",
    "sicantik_office_view_form",
    "sicantik_permit_view_form_notices",
    "sicantik_whatsapp_consent_view_form",
)


def migrate(cr, version):
    _require_the_addon(api.Environment(cr, SUPERUSER_ID, {}))
    _move(cr)
    _have_it_upgraded(cr)


def _require_the_addon(env):
    """UserError unless the new addon can be loaded, and only by this upgrade."""
    env.cr.execute("SELECT state FROM ir_module_module WHERE name = %s", [NEW])
    [state] = env.cr.fetchone() or [None]
    if not state or not get_module_path(NEW, display_warning=False):
        raise UserError(
            env._(
                "The addon SICANTIK Notices is missing: notices, consent and the "
                "office's settings moved into it. Put its folder sicantik_notice "
                "beside sicantik_connector, restart Odoo and upgrade SICANTIK "
                "Connector again. Nothing was changed."
            )
        )
    if state == "to install":
        raise UserError(
            env._(
                "Upgrade SICANTIK Connector alone: it brings SICANTIK Notices with all "
                "its data. Nothing was changed."
            )
        )


def _move(cr):
    """The external ids, and what says whose each constraint is."""
    pairs = [(model, name) for model, names in FIELDS.items() for name in names]
    fields = SQL(
        "SELECT id FROM ir_model_fields WHERE model IN %s OR (model, name) IN %s",
        MODELS,
        tuple(pairs),
    )
    models = SQL("SELECT id FROM ir_model WHERE model IN %s", MODELS)
    keys = [
        f"{model.replace('.', '_')}_{name}_fkey"
        for model, names in FIELDS.items()
        for name in names
    ]
    constraints = SQL(
        "SELECT id FROM ir_model_constraint WHERE model IN (%s) OR name IN %s",
        models,
        tuple(keys),
    )
    found = {
        "ir.model": models,
        "ir.model.fields": fields,
        "ir.model.fields.selection": SQL(
            "SELECT id FROM ir_model_fields_selection WHERE field_id IN (%s)", fields
        ),
        "ir.model.inherit": SQL(
            "SELECT id FROM ir_model_inherit WHERE model_id IN (%s)", models
        ),
        "ir.model.constraint": constraints,
    }
    moved = [SQL("name IN %s", RECORDS)]
    moved += [
        SQL("(model = %s AND res_id IN (%s))", model, ids)
        for model, ids in found.items()
    ]
    cr.execute(
        SQL(
            "UPDATE ir_model_data SET module = %s WHERE module = %s AND (%s)",
            NEW,
            OLD,
            SQL(" OR ").join(moved),
        )
    )
    # Where *Reset Template* reads a text as it was at first.
    cr.execute(
        SQL(
            "UPDATE mail_template SET template_fs = replace(template_fs, %s, %s)"
            " WHERE model = 'sicantik.notice'",
            f"{OLD}/",
            f"{NEW}/",
        )
    )
    cr.execute(
        SQL(
            "UPDATE ir_model_constraint SET module = new.id"
            "  FROM ir_module_module new, ir_module_module old"
            " WHERE new.name = %s AND old.name = %s AND module = old.id"
            "   AND ir_model_constraint.id IN (%s)",
            NEW,
            OLD,
            constraints,
        )
    )


def _have_it_upgraded(cr):
    """Odoo looks for addons in this state until there is none left. From the same
    version, so that the new addon's own migrations run from there."""
    cr.execute(
        SQL(
            "UPDATE ir_module_module new"
            "   SET state = 'to upgrade', latest_version = old.latest_version,"
            "       demo = old.demo"
            "  FROM ir_module_module old"
            " WHERE new.name = %s AND old.name = %s",
            NEW,
            OLD,
        )
    )
