from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import dialog

from .selected import PERMITS_AT_ONCE


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def action_whatsapp_tell(self):
        """Ask what to tell the contacts of these permits; operators only."""
        self._require_operator()
        if not self:
            raise UserError(self.env._("Choose the permits first."))
        if len(self) > PERMITS_AT_ONCE:
            raise UserError(
                self.env._(
                    "At most %s permits at once. Choose fewer, by filters or groups.",
                    PERMITS_AT_ONCE,
                )
            )
        return dialog(
            self.env._("Tell Selected by WhatsApp"),
            "sicantik.whatsapp.tell",
            {"default_permit_ids": self.ids},
        )
