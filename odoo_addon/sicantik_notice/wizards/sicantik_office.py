from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

from ..models.res_company import NOTICE_LANGUAGES, OFFICE_FIELDS


class SicantikOffice(models.TransientModel):
    """The office's name, link and language, for managers, who may not write to the
    company itself. Odoo's settings page has the same fields for administrators."""

    _name = "sicantik.office"
    _description = "Office and Notices"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
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

    @api.model
    def default_get(self, names):
        """As the company has them now."""
        company = self.env.company
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
