from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none


class SicantikDocumentErase(models.TransientModel):
    """Says what goes for good and what stays, and asks why."""

    _name = "sicantik.document.erase"
    _inherit = "sicantik.mixin"
    _description = "Erase Documents"

    document_ids = fields.Many2many(
        "sicantik.document", "sicantik_document_erasing", required=True
    )
    document_count = fields.Integer("Documents", compute="_compute_counts")
    version_count = fields.Integer("Files", compute="_compute_counts")
    reason = fields.Text(required=True)

    @api.depends("document_ids")
    def _compute_counts(self):
        for wizard in self:
            left = wizard.document_ids.filtered(lambda one: not one.erase_ordered_at)
            wizard.document_count = len(left)
            wizard.version_count = len(left.version_ids)

    @nothing_for_none
    def action_confirm(self):
        """Erase the documents for good; managers only."""
        self.document_ids._erase(self.reason)
        return {"type": "ir.actions.act_window_close"}
