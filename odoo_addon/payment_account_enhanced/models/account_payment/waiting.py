"""Payments that Odoo would post by itself, and that wait for an approval."""

from odoo import fields, models

from ...tools import with_leave


class AccountPayment(models.Model):
    _inherit = "account.payment"

    waiting_line_ids = fields.Many2many(
        "account.move.line",
        "payment_waiting_line_rel",
        "payment_id",
        "line_id",
        "Waits to Pay",
        readonly=True,
        copy=False,
        help="The items of invoices that it pays once it is posted.",
    )
    waiting_rate = fields.Float(digits=0, readonly=True, copy=False)

    def _generate_journal_entry(self, *args, **kwargs):
        """Odoo's wizard has the entry written at once, before anything is approved."""
        waiting = self.filtered(lambda payment: payment._waits())
        if waiting:
            kept = with_leave(waiting, waiting, keeps_draft=True)
            super(AccountPayment, kept)._generate_journal_entry(*args, **kwargs)
        ready = self - waiting
        if not ready:
            return None
        return super(AccountPayment, ready)._generate_journal_entry(*args, **kwargs)

    def _wait_for_approval(self, lines, rate=0.0):
        """Ask for the review of a payment that ``lines`` of invoices wait for. ``rate``
        is the one that the wizard pays them at, 0 where that is the day's."""
        self.ensure_one()
        self._write_approval(
            {"waiting_line_ids": [(6, 0, lines.ids)], "waiting_rate": rate}
        )
        if self.approval_state == "draft":
            self._step("review", review=True)

    def _pay_what_waited(self):
        """Reconcile as Odoo's wizard would have done, once the entry is posted. What
        was paid in another way meanwhile is left out, and said."""
        types = self._get_valid_payment_account_types()
        open_items = [("parent_state", "=", "posted"), ("reconciled", "=", False)]
        for payment in self.filtered("waiting_line_ids"):
            entry = payment.move_id
            if entry and entry.state != "posted":
                continue
            lines = payment.waiting_line_ids
            payable = lines.filtered_domain(open_items)
            rate = payment.waiting_rate
            context = {"forced_rate_from_register_payment": rate} if rate else {}
            own = entry.line_ids.filtered_domain(
                [*open_items, ("account_type", "in", types)]
            )
            for account in own.account_id:
                items = (own + payable).filtered_domain(
                    [*open_items, ("account_id", "=", account.id)]
                )
                items.with_context(**context).reconcile()
            payable.move_id.matched_payment_ids += payment
            payment._write_approval({"waiting_line_ids": [(5,)]})
            for invoice in (lines - payable).move_id:
                payment._message_log(
                    body=self.env._(
                        "%(invoice)s was paid in another way meanwhile.",
                        invoice=invoice.display_name,
                    )
                )
