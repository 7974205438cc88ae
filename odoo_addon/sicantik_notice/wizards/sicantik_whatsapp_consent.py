from odoo import fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ..models.res_partner_consent import CONSENT_SOURCES, CONSENTS

# What a person chooses from: the answers first; no import, nor what everybody says in
# the own preferences.
ANSWERS = [*CONSENTS[1:], CONSENTS[0]]
NOT_CHOSEN = ("import", "preferences")
SOURCES = [source for source in CONSENT_SOURCES if source[0] not in NOT_CHOSEN]


class SicantikWhatsappConsent(models.TransientModel):
    """Asks where and when a person agreed to notices by WhatsApp, or refused them."""

    _name = "sicantik.whatsapp.consent"
    _inherit = "sicantik.mixin"
    _description = "Answer About WhatsApp Notices"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    # Read as the user: the contact may come from anywhere.
    whatsapp_number = fields.Char(
        related="partner_id.whatsapp_number", related_sudo=False
    )
    consent = fields.Selection(ANSWERS, "Answer", required=True)
    source = fields.Selection(SOURCES, "Given By", default="counter")
    date = fields.Datetime("Given On", default=fields.Datetime.now)
    note = fields.Char("Remark")

    @nothing_for_none
    def action_save(self):
        """Store the answer; operators only."""
        self.ensure_one()
        self.partner_id._set_whatsapp_consent(
            self.consent, self.source, self.date, self.note
        )
        return {"type": "ir.actions.act_window_close"}
