import math

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import groups_of_payments


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

    @api.depends(
        "amount",
        "currency_id",
        "group_payment",
        "installments_mode",
        "line_ids",
        "payment_date",
        "payment_difference",
        "payment_difference_handling",
    )
    def _compute_is_approval_needed(self):
        """Whether what is registered waits for an approval, or some of it."""
        for wizard in self:
            wizard.is_approval_needed = any(
                wizard.env["account.payment"]
                .new(
                    {
                        "amount": abs(amount),
                        "company_id": wizard.company_id.id,
                        "currency_id": currency.id,
                        "date": wizard.payment_date,
                    }
                )
                .is_approval_needed
                for amount, currency in wizard._amounts_of_payments()
            )

    def _amounts_of_payments(self):
        """``[(amount, currency)]`` of the payments that come of it, with what they
        write off."""
        if self.can_edit_wizard and (len(self.line_ids) == 1 or self.group_payment):
            written_off = self.payment_difference_handling == "reconcile"
            amount = self.amount + written_off * self.payment_difference
            return [(amount, self.currency_id)]
        batches = self.batches or []
        if self.group_payment:
            groups = [batch["lines"] for batch in batches]
        else:
            lines = self.line_ids
            if self.installments_mode in ("next", "overdue", "before_date"):
                lines = self._get_total_amounts_to_pay(batches)["lines"]
            groups = groups_of_payments(lines)
        amounts = []
        for lines in groups:
            currency = lines.currency_id[:1]
            amount = sum(lines.mapped("amount_residual_currency"))
            amounts.append((amount - self._waiting_of(lines, currency), currency))
        return amounts

    # -- what is left to pay --------------------------------------------------

    def _get_total_amounts_to_pay(self, batch_results):
        """Less what waits to pay the same. Who pays the rest only gets no discount for
        an early payment: whether there is one shows when all of it is paid."""
        totals = super()._get_total_amounts_to_pay(batch_results)
        lines = self._lines_of(batch_results)
        waiting = self._waiting_of(lines)
        if self._in_currency().is_zero(waiting):
            return totals
        by_default = totals["lines"]
        full = max(totals["full_amount_for_difference"] - waiting, 0.0)
        default = totals["amount_for_difference"] - self._waiting_of(by_default)
        default = max(default, 0.0)
        if self._in_currency().is_zero(default):
            free, default = self._next_free(lines)
            by_default = free or by_default
        return {
            **totals,
            "lines": by_default,
            "amount_by_default": default,
            "amount_for_difference": default,
            "full_amount": full,
            "full_amount_for_difference": full,
            "epd_applied": False,
        }

    def _next_free(self, lines):
        """``(items, amount)``: the next instalment of each invoice of which not all
        waits, and what of them nothing waits for."""
        items, total = self.env["account.move.line"], 0.0
        for of_invoice in lines.grouped("move_id").values():
            for item in of_invoice.sorted(lambda one: one.date_maturity or one.date):
                names = ("amount_residual", "amount_residual_currency")
                residual = {"line": item, **{name: item[name] for name in names}}
                free = self._convert_to_wizard_currency([residual])
                free -= math.copysign(1, item.amount_residual) * self._waiting_of(item)
                if not self._in_currency().is_zero(free):
                    items |= item
                    total += free
                    break
        return items, abs(total)

    def _create_payment_vals_from_batch(self, batch_result):
        """Odoo takes the whole rest of a batch, whatever was proposed."""
        vals = super()._create_payment_vals_from_batch(batch_result)
        currency = self.env["res.currency"].browse(vals["currency_id"])
        waiting = self._waiting_of(batch_result["lines"], currency)
        return {**vals, "amount": max(vals["amount"] - waiting, 0.0)}

    def _create_payment_vals_from_wizard(self, batch_result):
        """What goes to the account of exchange differences is that of the rest."""
        vals = super()._create_payment_vals_from_wizard(batch_result)
        if vals.get("force_balance"):
            vals["force_balance"] *= self._free_share(batch_result["lines"])
        return vals

    @api.model
    def _lines_of(self, batch_results):
        lines = (batch["lines"] for batch in batch_results)
        return self.env["account.move.line"].union(*lines)

    def _in_currency(self):
        return self.currency_id or self.company_currency_id

    def _waiting_of(self, lines, currency=None):
        """What waits to pay the lines, in the currency of the wizard or in this one,
        positive where it goes the way of their sum."""
        items = lines._origin
        day = self.payment_date or fields.Date.context_today(self)
        waiting = items._waiting_amount(
            currency or self._in_currency(), self.company_id, day
        )
        return waiting if sum(items.mapped("amount_residual")) >= 0 else -waiting

    def _free_share(self, lines):
        """The part of the lines' sum that nothing waits for, from 0 to 1."""
        company = self.company_currency_id
        whole = abs(sum(lines.mapped("amount_residual")))
        waiting = self._waiting_of(lines, company)
        return max(whole - waiting, 0.0) / whole if whole else 1.0

    # -- what is made of it ---------------------------------------------------

    def _init_payments(self, to_process, edit_mode=False):
        """Nothing is made for an invoice of which all waits already, and of several
        only those are paid that are still open."""
        left = []
        for step in to_process:
            lines, vals = step["to_reconcile"], step["create_vals"]
            currency = self.env["res.currency"].browse(vals["currency_id"])
            waits = lines.sudo().waiting_payment_ids
            nothing = currency.is_zero(vals["amount"]) and not vals.get(
                "write_off_line_vals"
            )
            if waits and nothing:
                continue
            if "rate" in step:
                step["rate"] *= self._free_share(lines)
            step["to_reconcile"] = (lines - self._covered(lines)) or lines
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
                and line.currency_id.is_zero(
                    line.amount_residual_currency - amounts[line]
                )
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
