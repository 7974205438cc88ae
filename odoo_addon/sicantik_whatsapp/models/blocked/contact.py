"""A contact whose number is blocked says so, beside its answer."""

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.constants import VIEWER

from ...tools.numbers import writable


class ResPartner(models.Model):
    _inherit = "res.partner"

    whatsapp_blocked = fields.Char(
        "Never Written To",
        compute="_compute_whatsapp_blocked",
        compute_sudo=True,
        groups=VIEWER,
        help="The number stands under WhatsApp › Blocked: no notice goes there by "
        "WhatsApp, whatever the answer.",
    )

    @api.depends("whatsapp_number", "phone", "company_id")
    @api.depends_context("company")
    def _compute_whatsapp_blocked(self):
        """The reason of the block of the number that would be written to."""
        blocked = self.env["sicantik.whatsapp.blocked"]
        numbers = {
            partner: next(filter(None, map(writable, partner._whatsapp_own())), False)
            for partner in self
        }
        wanted = [number for number in numbers.values() if number]
        found = wanted and blocked.search([("number", "in", wanted)])
        for partner, number in numbers.items():
            company = partner.company_id or self.env.company
            own = (found or blocked).filtered(
                lambda one, number=number, company=company: (
                    one.number == number and one.company_id in (company, company[:0])
                )
            )
            partner.whatsapp_blocked = own[:1].reason
