"""The voucher on paper."""

from psycopg2 import IntegrityError

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .approval import USER

VOUCHER = "payment_account_enhanced.report_payment_voucher"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    voucher_ids = fields.One2many(
        "payment.voucher", "payment_id", "Vouchers Printed", groups=USER
    )

    def action_print_voucher(self):
        """A PDF with a page for each of them."""
        self._check_voucher()
        # Without Odoo's question about the layout of documents: a voucher has its own.
        return self.env.ref(f"{VOUCHER}_action").report_action(self, config=False)

    def _check_voucher(self):
        """Users of payments print vouchers of posted payments."""
        self.check_access("read")
        if not self.env.user.has_group(USER):
            raise AccessError(
                self.env._(
                    "Vouchers are printed by the group %(group)s.",
                    group=self.env.ref(USER).sudo().full_name,
                )
            )
        for payment in self:
            ended = payment.state in ("canceled", "rejected")
            if ended or payment.approval_state != "posted":
                raise UserError(
                    self.env._(
                        "%(payment)s is not posted. A voucher is for money that was "
                        "paid or received.",
                        payment=payment.display_name,
                    )
                )

    def _count_voucher(self):
        """Note a print of each."""
        prints = [
            {"payment_id": payment.id, "number": len(payment.voucher_ids) + 1}
            for payment in self.sudo()
        ]
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env["payment.voucher"].sudo().create(prints)
        except IntegrityError:
            raise UserError(
                self.env._(
                    "Somebody else printed this voucher at the same time. Print it "
                    "again."
                )
            ) from None

    def _voucher_copy(self, counted):
        """0 for the original, then the number of the copy. What was not ``counted``, to
        be looked at, is a copy as soon as there is a print."""
        self.ensure_one()
        return max(len(self.sudo().voucher_ids) - bool(counted), 0)

    def _voucher_steps(self):
        """``[(step, name, time)]`` of its approval, without those nobody made."""
        self.ensure_one()
        payment = self.sudo()
        steps = (
            (self.env._("Review asked by"), "review"),
            (self.env._("Approved by"), "approval"),
            (self.env._("Posted by"), "posting"),
        )
        return [
            (label, payment[f"{step}_user_id"].name, payment[f"{step}_date"])
            for label, step in steps
            if payment[f"{step}_user_id"]
        ]

    def _voucher_language(self):
        """That of the partner, else of the company."""
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang
