from odoo import api, fields, models

from ..tools.rights import nothing_for_none


class SicantikPermitCancel(models.TransientModel):
    """Asks why permits are cancelled: one reason for all of them."""

    _name = "sicantik.permit.cancel"
    _description = "Cancel Permits"

    permit_ids = fields.Many2many("sicantik.permit", required=True)
    permit_count = fields.Integer("Permits", compute="_compute_permit_count")
    reason = fields.Text("Reason for Cancelling", required=True)

    @api.depends("permit_ids")
    def _compute_permit_count(self):
        for wizard in self:
            wizard.permit_count = len(wizard.permit_ids)

    @nothing_for_none
    def action_confirm(self):
        """Cancel the permits; operators only."""
        self.permit_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
