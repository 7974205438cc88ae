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

    def action_post(self):
        """What is posted without a person (an online payment, a scheduled action) waits
        rather than fails: nobody looks on who could ask for an approval."""
        waiting = self.browse()
        if self.env.su:
            waiting = self.filtered(lambda payment: payment._waits())
        for payment in waiting.filtered(lambda one: one.approval_state == "draft"):
            terms = payment.invoice_ids.line_ids.filtered(
                lambda item: item.display_type == "payment_term"
            )
            lines = payment.waiting_line_ids or terms
            payment._wait_for_approval(lines, payment.waiting_rate)
        return super(AccountPayment, self - waiting).action_post()

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

    def _waiting_amounts(self):
        """``{item: amount}``: what they pay of the items of invoices that they wait
        for, in the item's currency, without a sign, as far as the money goes."""
        amounts = {}
        types = self._get_valid_payment_account_types()
        for payment in self.sudo().sorted("id"):
            own = payment.move_id.line_ids.filtered(
                lambda line, types=types: line.account_type in types
            )
            # With a write-off the entry pays more than the payment's own amount.
            rest = abs(sum(own.mapped("amount_currency"))) or payment.amount
            company, day = payment.company_id, payment.date
            for item in payment.waiting_line_ids.sorted(
                lambda line: (line.date_maturity or line.date, line.id)
            ):
                ours, its = payment.currency_id, item.currency_id
                left = abs(item.amount_residual_currency) - amounts.get(item, 0.0)
                part = min(ours._convert(rest, its, company, day), left)
                rest -= its._convert(part, ours, company, day)
                amounts[item] = amounts.get(item, 0.0) + part
        return amounts

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
