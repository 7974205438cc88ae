from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

from ..models.notice import SET_BY_PEOPLE
from ..models.res_company import NOTICE_LANGUAGES, OFFICE_FIELDS


def _kept_in_config(label, **options):
    """What makes a field the configuration's: read there, and written with the page."""
    return {
        "string": label,
        "compute": "_compute_of_config",
        "readonly": False,
        **options,
    }


class SicantikOffice(models.TransientModel):
    """The one page on which managers set what concerns notices: the office as its
    applicants know it, kept in the company, and what its configuration says of them.

    A field of the configuration is written with the page, by the manager's own rights;
    the company by ``action_save``, as managers may not write to companies.
    """

    _name = "sicantik.office"
    _inherit = "sicantik.mixin"
    _description = "Settings of Notices"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._company()
    )
    company_name = fields.Char(related="company_id.name", related_sudo=False)
    sicantik_office_name = fields.Char("Office Name")
    sicantik_contact = fields.Char("Contact of the Office")
    sicantik_renewal_url = fields.Char("Renewal Link")
    sicantik_notice_language = fields.Selection(
        NOTICE_LANGUAGES, "Language of Notices", required=True
    )
    sicantik_sender = fields.Char(
        related="company_id.sicantik_sender", related_sudo=False
    )

    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._configs(self.env.company)[:1],
        ondelete="cascade",
    )
    config_count = fields.Integer(compute="_compute_config_count")
    go_live_date = fields.Date(**_kept_in_config("Notices From"))
    user_id = fields.Many2one(
        "res.users",
        **_kept_in_config(
            "Responsible",
            domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ),
    )
    notice_steps = fields.Char(**_kept_in_config("Days Before Expiry"))
    tell_staff = fields.Boolean(**_kept_in_config("Tell Staff of Status Changes"))
    keep_addresses_days = fields.Integer(**_kept_in_config("Keep Addresses"))
    all_notices_email = fields.Char(**_kept_in_config("All Notices To: E-mail"))
    all_notices_phone = fields.Char(**_kept_in_config("All Notices To: Phone"))
    is_answered = fields.Boolean(compute="_compute_is_answered")

    @api.model
    def _company(self):
        """That of the configuration whose page leads here, else the user's."""
        config = self.env.context.get("default_config_id")
        return self.env["sicantik.config"].browse(config).company_id or self.env.company

    @api.model
    def _configs(self, company):
        """Those of ``company``, also archived ones, which come last."""
        configs = self.env["sicantik.config"].with_context(active_test=False)
        own = [("company_id", "=", company.id)]
        return configs.search(own, order="active desc, id")

    @api.depends("config_id")
    def _compute_of_config(self):
        for office in self:
            for name in SET_BY_PEOPLE:
                office[name] = office.config_id[name]

    @api.model_create_multi
    def create(self, vals_list):
        offices = super().create(vals_list)
        for office, vals in zip(offices, vals_list, strict=True):
            office._tell_config(vals)
        return offices

    def write(self, vals):
        result = super().write(vals)
        self._tell_config(vals)
        return result

    def _tell_config(self, vals):
        """All at once, as some of them belong together; the user's own rights."""
        told = {name: vals[name] for name in SET_BY_PEOPLE if name in vals}
        if told and self.config_id:
            self.config_id.write(told)
            self.invalidate_recordset(SET_BY_PEOPLE)

    @api.depends("config_id", "user_id")
    def _compute_is_answered(self):
        for office in self:
            user, config = office.user_id, office.config_id
            office.is_answered = bool(user and config) and config._may_answer(user)

    @api.depends("company_id")
    def _compute_config_count(self):
        for office in self:
            office.config_count = len(self._configs(office.company_id))

    @api.model
    def default_get(self, names):
        """As the company has them now."""
        company = self._company()
        stored = {name: company[name] for name in OFFICE_FIELDS if name in names}
        return {**super().default_get(names), **stored}

    @nothing_for_none
    def action_save(self):
        """Write the fields to the company; managers of that company only."""
        self.ensure_one()
        require_group(
            self,
            MANAGER,
            self.env._(
                "Only members of the group SICANTIK / Manager may change this. Ask "
                "an administrator for it."
            ),
            "write",
        )
        # sudo: companies are for administrators; these fields are SICANTIK's own, and
        # the record's rule let the user in for this company only
        self.company_id.sudo().write({name: self[name] for name in OFFICE_FIELDS})
        return {"type": "ir.actions.act_window_close"}

    @nothing_for_none
    def action_edit_texts(self):
        """Save, and list the texts of notices; managers only."""
        self.action_save()
        action = "sicantik_notice.sicantik_notice_template_action"
        return self.env["ir.actions.act_window"]._for_xml_id(action)
