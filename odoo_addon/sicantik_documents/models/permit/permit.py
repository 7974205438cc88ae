"""The documents of a permit, and what becomes of them when it is part of another."""

from odoo import fields, models

from odoo.addons.sicantik_connector.tools.counted import Counted
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

DOCUMENTS = Counted("sicantik.document", "sicantik_documents.sicantik_document_action")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    document_ids = fields.One2many(
        "sicantik.document", "permit_id", "All Its Documents", readonly=True
    )
    document_count = fields.Integer(
        "Documents", compute="_compute_document_count", aggregator=None
    )

    def _compute_document_count(self):
        DOCUMENTS.fill("document_count", "permit_id", self)

    @nothing_for_none
    def action_view_documents(self):
        """List the documents of these permits."""
        return DOCUMENTS.open("permit_id", self)

    @nothing_for_none
    def action_upload_documents(self):
        """Open the dialog that uploads to this permit; operators only."""
        self.ensure_one()
        documents = self.env["sicantik.document"]
        permit, document = documents._place(self.id, 0)
        return documents._upload_dialog(permit, document)

    def _absorb(self, others):
        """Their documents are this permit's."""
        documents = self.env["sicantik.document"]
        for document in documents.search([("permit_id", "in", others.ids)]):
            document.write(documents._of_permit(self))
        of_others = [("permit_id", "in", others.ids)]
        for name in ("", ".proposal"):
            arrivals = self.env[f"sicantik.document.arrival{name}"]
            arrivals.search(of_others).write({"permit_id": self.id})
        return super()._absorb(others)
