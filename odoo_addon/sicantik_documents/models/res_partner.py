from odoo import fields, models

from odoo.addons.sicantik_connector.tools.constants import VIEWER
from odoo.addons.sicantik_connector.tools.counted import listed

ACTION = "sicantik_documents.sicantik_document_action"


class ResPartner(models.Model):
    """A contact: the documents of its permits."""

    _inherit = "res.partner"

    sicantik_document_count = fields.Integer(
        "SICANTIK Documents",
        compute="_compute_sicantik_document_count",
        groups=VIEWER,
    )

    def _compute_sicantik_document_count(self):
        groups = self.env["sicantik.document"]._read_group(
            self._sicantik_documents_domain(), ["permit_id"], ["__count"]
        )
        counts = dict.fromkeys(self.ids, 0)
        for permit, count in groups:
            counts[permit.partner_id.id] += count
        for partner in self:
            partner.sicantik_document_count = counts.get(partner._origin.id, 0)

    def _sicantik_documents_domain(self):
        return [("permit_id.partner_id", "in", self.ids)]

    def action_view_sicantik_documents(self):
        """List the documents of the contact's permits."""
        self.env["sicantik.document"].check_access("read")
        if not self:
            return False
        return listed(self.env, ACTION, self._sicantik_documents_domain())

    def action_erase_sicantik_documents(self):
        """Ask why the documents of these contacts' permits are erased: those of the
        companies that the user works in; managers only."""
        self.env["sicantik.document"].check_access("read")
        if not self:
            return False
        documents = self.env["sicantik.document"].search(
            [*self._sicantik_documents_domain(), ("erase_ordered_at", "=", False)]
        )
        documents._require_may_erase()
        return documents.action_erase()
