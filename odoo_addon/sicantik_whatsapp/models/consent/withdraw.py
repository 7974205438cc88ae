"""Who refuses gets nothing that waits, wherever the refusal came from."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _set_whatsapp_consent(self, consent, source, date=None, note=None):
        """Messages that nobody got yet are withdrawn; their notices go by the next
        channel."""
        result = super()._set_whatsapp_consent(consent, source, date, note)
        # sudo: messages are written by methods only
        messages = self.env["sicantik.whatsapp.message"].sudo()
        messages._withdraw_of(self)
        return result
