from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payment_approval = fields.Boolean(
        related="company_id.payment_approval", readonly=False
    )
    payment_approval_from = fields.Monetary(
        related="company_id.payment_approval_from",
        currency_field="currency_id",
        readonly=False,
    )
    payment_approval_alone = fields.Boolean(
        related="company_id.payment_approval_alone", readonly=False
    )
