"""What notices have of documents: the address, and that a permit is ready."""

from odoo import api, models

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_notice.models.notice import APPLICANT, UNTRUE


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.depends("permit_id", "recipient_type")
    @api.depends_context("uid")
    def _compute_download_link(self):
        """Of the permit's first document that is published. Who only looks gets none:
        the address is for the applicant."""
        super()._compute_download_link()
        if not (self.env.su or self.env.user.has_group(OPERATOR)):
            return
        # sudo: nobody reads a token; the address is for who is told
        told = self.filtered(lambda notice: notice.recipient_type == APPLICANT)
        links = told.permit_id.sudo()._download_links()
        for notice in told:
            notice.download_link = links.get(notice.permit_id.id, False)

    def _overtaken_permit_ready(self):
        """Also while no document of the permit is handed out. Of a permit without any,
        whoever tells it knows."""
        ends = super()._overtaken_permit_ready()
        documents = self.permit_id.sudo().document_ids
        if ends[0] or not documents or documents._for_applicants():
            return ends
        return UNTRUE
