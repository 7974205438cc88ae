from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    waiting_payment_ids = fields.Many2many(
        "account.payment",
        string="Payments Waiting",
        compute="_compute_waiting_payments",
    )
    is_approval_needed = fields.Boolean(compute="_compute_is_approval_needed")

    @api.depends("line_ids.waiting_payment_ids")
    def _compute_waiting_payments(self):
        """Those that pay the same invoices once they are approved."""
        for wizard in self:
            wizard.waiting_payment_ids = wizard.line_ids.waiting_payment_ids

    @api.depends("amount", "currency_id", "payment_date", "group_payment", "line_ids")
    def _compute_is_approval_needed(self):
        """Whether what is registered waits for an approval, or some of it."""
        for wizard in self:
            wizard.is_approval_needed = any(
                wizard.env["account.payment"]
                .new(
                    {
                        "amount": amount,
                        "company_id": wizard.company_id.id,
                        "currency_id": currency.id,
                        "date": wizard.payment_date,
                    }
                )
                .is_approval_needed
                for amount, currency in wizard._amounts_of_payments()
            )

    def _amounts_of_payments(self):
        """``[(amount, currency)]`` of the payments that come of it."""
        if self.can_edit_wizard and (len(self.line_ids) == 1 or self.group_payment):
            return [(self.amount, self.currency_id)]
        groups = (
            [batch["lines"] for batch in self.batches or []]
            if self.group_payment
            else self.line_ids
        )
        return [
            (abs(sum(lines.mapped("amount_residual_currency"))), lines.currency_id[:1])
            for lines in groups
        ]

    # -- what is left to pay --------------------------------------------------

    def _get_total_amounts_to_pay(self, batch_results):
        """Less what waits to pay the same. Who pays the rest only gets no discount for
        an early payment: whether there is one shows when all of it is paid."""
        totals = super()._get_total_amounts_to_pay(batch_results)
        waiting = self._waiting_of(batch_results)
        if not waiting:
            return totals
        for name, whole in (
            ("amount_by_default", "amount_for_difference"),
            ("full_amount", "full_amount_for_difference"),
        ):
            totals[name] = totals[whole] = max(totals[whole] - waiting, 0.0)
        return {**totals, "epd_applied": False}

    def _create_payment_vals_from_batch(self, batch_result):
        """Odoo takes the whole rest of a batch, whatever was proposed."""
        vals = super()._create_payment_vals_from_batch(batch_result)
        currency = self.env["res.currency"].browse(vals["currency_id"])
        waiting = self._waiting_of([batch_result], currency)
        return {**vals, "amount": max(vals["amount"] - waiting, 0.0)}

    def _waiting_of(self, batch_results, currency=None):
        lines = self.env["account.move.line"].union(
            *(batch["lines"] for batch in batch_results)
        )
        currency = currency or self.currency_id or self.company_currency_id
        return lines._origin._waiting_amount(
            currency, self.company_id, self.payment_date or fields.Date.today()
        )

    # -- what is made of it ---------------------------------------------------

    def _init_payments(self, to_process, edit_mode=False):
        """Nothing is made for an invoice of which all waits already, and of several
        only those are paid that are still open."""
        left = []
        for step in to_process:
            free = step["to_reconcile"] - self._covered(step["to_reconcile"])
            if free or step["create_vals"]["amount"]:
                step["to_reconcile"] = free or step["to_reconcile"]
                left.append(step)
        if not left:
            raise UserError(
                self.env._(
                    "All of it waits for an approval already: %(payments)s. Approve "
                    "and confirm that, or enter the amount that comes on top.",
                    payments=self.waiting_payment_ids._in_words(),
                )
            )
        # The list is Odoo's own, and goes on to the two steps below.
        to_process[:] = left
        return super()._init_payments(to_process, edit_mode=edit_mode)

    @api.model
    def _covered(self, lines):
        """Those of which what waits pays all that is open."""
        amounts = lines.sudo().waiting_payment_ids._waiting_amounts()
        return lines.filtered(
            lambda line: (
                line in amounts
                and line.currency_id.compare_amounts(
                    amounts[line], abs(line.amount_residual_currency)
                )
                >= 0
            )
        )

    def _post_payments(self, to_process, edit_mode=False):
        """What needs an approval is kept for review, with its invoices."""
        ready = []
        for step in to_process:
            if step["payment"]._waits():
                lines, rate = step["to_reconcile"], step.get("rate", 0.0)
                step["payment"]._wait_for_approval(lines, rate)
            else:
                ready.append(step)
        return ready and super()._post_payments(ready, edit_mode=edit_mode)

    def _reconcile_payments(self, to_process, edit_mode=False):
        ready = [step for step in to_process if not step["payment"]._waits()]
        return ready and super()._reconcile_payments(ready, edit_mode=edit_mode)
