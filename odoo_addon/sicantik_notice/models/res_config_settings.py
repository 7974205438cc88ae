from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The page SICANTIK of Odoo's settings, for administrators.

    Managers, who may not open Odoo's settings, find the same fields under SICANTIK ›
    Configuration › Office and Notices.
    """

    _inherit = "res.config.settings"

    sicantik_office_name = fields.Char(
        related="company_id.sicantik_office_name", readonly=False
    )
    sicantik_contact = fields.Char(
        related="company_id.sicantik_contact", readonly=False
    )
    sicantik_renewal_url = fields.Char(
        related="company_id.sicantik_renewal_url", readonly=False
    )
    sicantik_notice_language = fields.Selection(
        related="company_id.sicantik_notice_language", readonly=False, required=True
    )
    sicantik_sender = fields.Char(related="company_id.sicantik_sender")
