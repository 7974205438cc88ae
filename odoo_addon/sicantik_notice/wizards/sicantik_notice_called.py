from odoo import fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none


class SicantikNoticeCalled(models.TransientModel):
    """Asks for a note on the call by which recipients were told."""

    _name = "sicantik.notice.called"
    _inherit = "sicantik.mixin"
    _description = "Recipients Were Called"

    notice_ids = fields.Many2many("sicantik.notice", string="Notices", required=True)
    note = fields.Char(help="What came of the call. Stands in the permit's chatter.")

    @nothing_for_none
    def action_save(self):
        """Close the notices and the activities that asked for the call; operators
        only."""
        self.ensure_one()
        self.notice_ids._called(self.note)
        return {"type": "ir.actions.act_window_close"}
