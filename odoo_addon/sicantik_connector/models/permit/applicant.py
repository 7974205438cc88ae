from odoo import api, fields, models

from ...tools import compat


class SicantikPermitApplicant(models.Model):
    """A further applicant of a permit; the main one stands on the permit itself."""

    _name = "sicantik.permit.applicant"
    _inherit = "sicantik.owned.mixin"
    _description = "Further Applicant of a SICANTIK Permit"
    _order = "id"

    permit_id = fields.Many2one(
        "sicantik.permit", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True)
    name_key = fields.Char("Name for Comparing", required=True)

    compat.add_constraint(
        locals(),
        "permit_name_key_uniq",
        "UNIQUE(permit_id, name_key)",
        "This permit already has an applicant of this name.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        applicants = super().create(vals_list)
        applicants.permit_id._keep_search_text()
        return applicants

    def write(self, vals):
        permits = self.permit_id
        result = super().write(vals)
        (permits | self.permit_id)._keep_search_text()
        return result

    def unlink(self):
        permits = self.permit_id
        result = super().unlink()
        permits._keep_search_text()
        return result
