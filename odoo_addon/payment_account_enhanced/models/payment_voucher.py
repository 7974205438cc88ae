from odoo import fields, models

from ..tools import add_constraint


class PaymentVoucher(models.Model):
    """One print of a payment's voucher. The first is the original, each later one a
    copy. Who printed it, and when, is who made the record, and when."""

    _name = "payment.voucher"
    _description = "Printed Voucher"
    _order = "id desc"
    _rec_name = "number"

    payment_id = fields.Many2one(
        "account.payment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True)

    add_constraint(
        locals(),
        "number_uniq",
        "UNIQUE (payment_id, number)",
        "A voucher has each number once.",
    )
