"""Payments that Odoo would post by itself, and that wait for an approval."""

from itertools import product

from odoo import fields, models

from ...tools import leave_for
from .approval import POSTED


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
        """Odoo's wizard has the entry written at once, before anything is approved; and
        with a write-off the entry may be about more than the payment's own amount."""
        new = self.filtered(lambda payment: payment.state not in POSTED)
        if new:
            with leave_for(new, keeps_draft=True):
                super(AccountPayment, new)._generate_journal_entry(*args, **kwargs)
        if not self - new:
            return None
        posted = super(AccountPayment, self - new)
        return posted._generate_journal_entry(*args, **kwargs)

    def _wait_for_approval(self, lines, rate=0.0):
        """Ask for the review of a payment that ``lines`` of invoices wait for. ``rate``
        is the one that the wizard pays them at, 0 where that is the day's."""
        self.ensure_one()
        self._write_approval(
            {"waiting_line_ids": [(6, 0, lines.ids)], "waiting_rate": rate}
        )
        if self.approval_state == "draft":
            self._step("review", review=True)

    def _with_others(self):
        """They, and those that wait for the same items, and so on."""
        payments = self.sudo()
        while others := payments.waiting_line_ids.waiting_payment_ids - payments:
            payments |= others
        return payments

    def _waiting_amounts(self):
        """``{item: amount}``: what they and others pay of the items that they wait for,
        in the item's currency and with its sign, as far as the money goes."""
        amounts = {}
        for payment in self._with_others().sorted("id"):
            for item, amount in payment._share_out(amounts):
                amounts[item] = amounts.get(item, 0.0) + amount
        return amounts

    def _share_out(self, before):
        """``[(item, amount)]`` of one payment, behind what ``before`` pays: as Odoo
        will reconcile it, by date. What goes the other way, such as a credit note,
        brings money."""
        types = self._get_valid_payment_account_types()
        own = self.move_id.line_ids.filtered(lambda line: line.account_type in types)
        items = self.waiting_line_ids.sorted(
            lambda item: (item.date_maturity or item.date, item.id)
        )
        # Odoo's wizard fits the entry to the invoice in the company's currency.
        foreign = items.currency_id == self.currency_id
        name = "amount_residual_currency" if foreign else "amount_residual"
        money = -sum(own.mapped("amount_currency" if foreign else "balance"))
        if not own:
            sign = 1 if self.payment_type == "inbound" else -1
            company = self.company_id
            to_company = (company.currency_id, company, self.date)
            amount = self.amount
            if not foreign:
                amount = self.currency_id._convert(amount, *to_company)
            money = sign * amount
        shares = []
        against = items.filtered(lambda item: item[name] * money < 0)
        for item in against + (items - against):
            whole, open_amount = item.amount_residual_currency, item[name]
            if not open_amount:
                continue
            left = open_amount * (1 - before.get(item, 0.0) / whole if whole else 1)
            part = left if item in against else min(left, money, key=abs)
            money -= part
            shares.append((item, whole * part / open_amount))
        return shares

    def _pay_what_waited(self):
        """Reconcile as Odoo's wizard would have done, once the entry is posted. What
        was paid in another way meanwhile is left out, and said."""
        types = self._get_valid_payment_account_types()
        open_items = [("parent_state", "=", "posted"), ("reconciled", "=", False)]
        for payment in self:
            entry = payment.move_id
            if entry and entry.state != "posted":
                continue
            lines = payment.waiting_line_ids
            payable = lines.filtered_domain(open_items)
            alone = payable.filtered(lambda line: len(line.waiting_payment_ids) == 1)
            rate = payment.waiting_rate
            context = {"forced_rate_from_register_payment": rate} if rate else {}
            own = entry.line_ids.filtered_domain(
                [*open_items, ("account_type", "in", types)]
            )
            # First what no other payment waits for.
            for account, its in product(own.account_id, (alone, payable)):
                items = (own + its).filtered_domain(
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
