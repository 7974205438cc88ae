import base64

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

# Pixels. The white border, without which no telephone finds it, is the page's: Odoo's
# own is for one version or the other.
PICTURE = {"width": 400, "height": 400}


class SicantikWhatsappLink(models.TransientModel):
    """Shows the link by which a contact agrees to notices by WhatsApp, and its QR code
    for the counter."""

    _name = "sicantik.whatsapp.link"
    _inherit = "sicantik.mixin"
    _description = "WhatsApp Consent Link"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade"
    )
    link = fields.Char(compute="_compute_link")
    qr_code = fields.Binary("QR Code", compute="_compute_link")

    @api.depends("partner_id")
    def _compute_link(self):
        barcodes = self.env["ir.actions.report"]
        for record in self:
            partner = record.partner_id
            partner.check_access("read")
            link = partner and partner._whatsapp_consent_link()
            picture = link and barcodes.barcode("QR", link, **PICTURE)
            record.link = link
            record.qr_code = picture and base64.b64encode(picture)

    @nothing_for_none
    def action_print(self):
        """Print the QR code with its sentence."""
        report = self.env.ref("sicantik_whatsapp.sicantik_whatsapp_link_report")
        return report.report_action(self)
