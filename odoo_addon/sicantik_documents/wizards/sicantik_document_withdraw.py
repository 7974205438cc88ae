from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none


class SicantikDocumentWithdraw(models.TransientModel):
    """Asks why documents are withdrawn: one answer for all of them."""

    _name = "sicantik.document.withdraw"
    _inherit = "sicantik.mixin"
    _description = "Withdraw Documents"

    document_ids = fields.Many2many(
        "sicantik.document", "sicantik_document_withdrawing", required=True
    )
    document_count = fields.Integer("Documents", compute="_compute_document_count")
    reason = fields.Text(required=True)

    @api.depends("document_ids")
    def _compute_document_count(self):
        for wizard in self:
            wizard.document_count = len(wizard.document_ids)

    @nothing_for_none
    def action_confirm(self):
        """Withdraw the documents; operators only."""
        self.document_ids._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
