from odoo import fields, models

from odoo.addons.sicantik_connector.tools.constants import VIEWER


class ResPartner(models.Model):
    _inherit = "res.partner"

    # The number itself: another one counts as never tried.
    whatsapp_unreachable = fields.Char(
        "Not on WhatsApp",
        copy=False,
        groups=VIEWER,
        help="WhatsApp said that this number cannot be written to. It is not tried "
        "again while the contact has it; empty the field to try it once more.",
    )
