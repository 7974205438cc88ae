from odoo import api, fields, models

from ..tools.rights import nothing_for_none


class SicantikPermitCancel(models.TransientModel):
    """Asks why permits are cancelled, and what the office calls it: one answer for all
    of them."""

    _name = "sicantik.permit.cancel"
    _inherit = "sicantik.mixin"
    _description = "Cancel Permits"

    permit_ids = fields.Many2many("sicantik.permit", required=True)
    permit_count = fields.Integer("Permits", compute="_compute_permit_count")
    ending = fields.Selection(
        "_endings", "Kind of Ending", required=True, default="cancelled"
    )
    reason = fields.Text("Reason for Ending", required=True)

    @api.depends("permit_ids")
    def _compute_permit_count(self):
        for wizard in self:
            wizard.permit_count = len(wizard.permit_ids)

    @api.model
    def _endings(self):
        """Those of permits, with what addons add."""
        return (
            self.env["sicantik.permit"]
            ._fields["ending"]
            ._description_selection(self.env)
        )

    @nothing_for_none
    def action_confirm(self):
        """Cancel the permits; operators only."""
        self.permit_ids._cancel(self.reason, self.ending)
        return {"type": "ir.actions.act_window_close"}
