from odoo import fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none


class SicantikDocumentChoose(models.TransientModel):
    """Asks whose documents are uploaded, where no permit was chosen yet."""

    _name = "sicantik.document.choose"
    _inherit = "sicantik.mixin"
    _description = "Choose the Permit of New Documents"

    permit_id = fields.Many2one("sicantik.permit", required=True, ondelete="cascade")

    @nothing_for_none
    def action_upload(self):
        """Go on to the files; operators only."""
        self.ensure_one()
        return self.permit_id.action_upload_documents()
