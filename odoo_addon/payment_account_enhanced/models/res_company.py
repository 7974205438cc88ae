from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    payment_approval = fields.Boolean("Payments Need Approval")
    payment_approval_from = fields.Monetary(
        "Approval From", help="Payments below this amount are posted without approval."
    )
    payment_approval_alone = fields.Boolean(
        "One Person May Do Both",
        help="Whoever asks for the review of a payment may approve it, too.",
    )
