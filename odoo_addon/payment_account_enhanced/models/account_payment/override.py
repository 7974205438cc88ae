"""What payment managers do to protected payments, and why."""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import leave_for
from .approval import MANAGER

_LONGEST_REASON = 500


class AccountPayment(models.Model):
    _inherit = "account.payment"

    override_date = fields.Datetime("Last Override", readonly=True, copy=False)

    @contextmanager
    def _overriding(self, reason, doing):
        """Leave to change them inside, once the reason stands in the chatter of each
        that is protected, and of its entry. Managers of payments only.

        :param str reason: plain text, up to 500 characters; UserError without one
        :param str doing: what is done, in the manager's language
        """
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            self._guard(doing)
            raise AccessError(self.env._("Only a payment manager may do this."))
        reason = self._checked_reason(reason)
        protected = self.filtered("is_protected")
        body = self.env._("%(doing)s. Reason: %(reason)s", doing=doing, reason=reason)
        with leave_for(protected):
            for payment in protected:
                for record in (payment, payment.move_id):
                    if record:
                        record._message_log(body=body)
            protected._write_approval({"override_date": fields.Datetime.now()})
            yield

    @api.model
    def _checked_reason(self, reason):
        """Without the blanks around; UserError where nothing is left or too much."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason must not be empty."))
        if len(reason) > _LONGEST_REASON:
            raise UserError(
                self.env._(
                    "The reason has %(count)s characters; up to %(most)s are kept.",
                    count=len(reason),
                    most=_LONGEST_REASON,
                )
            )
        return reason

    def _reconciled_with(self, partials=None):
        """``[{"payment", "other", "amount"}]``: what is reconciled with them, an
        invoice, a line of a bank statement or another entry, and how much of it, in
        words; of these ``partials`` alone where some are named."""
        return [
            {
                "payment": payment.display_name,
                "other": other.display_name,
                "amount": payment.currency_id.format(amount),
            }
            for payment in self.filtered(lambda one: one._is_payment_reconciled())
            for other, amount in payment._counterparts(partials)
        ]

    def _counterparts(self, partials=None):
        payment = self.sudo()
        lines = payment.move_id.line_ids
        if not lines:
            return [(invoice, payment.amount) for invoice in payment.invoice_ids]
        credits, debits = lines.matched_credit_ids, lines.matched_debit_ids
        if partials:
            credits, debits = credits & partials, debits & partials
        return [
            *(
                (partial.credit_move_id.move_id, partial.debit_amount_currency)
                for partial in credits
            ),
            *(
                (partial.debit_move_id.move_id, partial.credit_amount_currency)
                for partial in debits
            ),
        ]

    def action_override(self):
        """The question before an operation, ``payment_operation`` in the context;
        ``payment_partials`` there: the ids of the reconciliations that it is about."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change a Posted Payment"),
            "res_model": "payment.override",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_payment_ids": self.ids,
                "default_operation": self.env.context.get("payment_operation"),
                "default_partial_ids": self.env.context.get("payment_partials", []),
            },
        }

    def action_draft(self, reason=None):
        """Odoo's *Reset to Draft*; of protected payments with a reason."""
        if reason is None:
            return super().action_draft()
        with self._overriding(reason, self.env._("Reset to draft")):
            return super().action_draft()

    def action_cancel(self, reason=None):
        """Odoo's *Cancel*; of protected payments with a reason."""
        if reason is None:
            return super().action_cancel()
        with self._overriding(reason, self.env._("Cancelled")):
            return super().action_cancel()

    def action_reject(self, reason=None):
        """Odoo's *Reject*; of protected payments with a reason."""
        if reason is None:
            return super().action_reject()
        with self._overriding(reason, self.env._("Rejected")):
            return super().action_reject()

    def action_delete(self, reason):
        """Delete them, with a reason that stays in the chatter of their invoices."""
        with self._overriding(reason, self.env._("Deleted")):
            for payment in self:
                invoices = payment.reconciled_invoice_ids | payment.reconciled_bill_ids
                for invoice in invoices:
                    invoice._message_log(
                        body=self.env._(
                            "Payment %(payment)s was deleted. Reason: %(reason)s",
                            payment=payment.display_name,
                            reason=reason.strip(),
                        )
                    )
            # Odoo takes the entry away first, and would miss it in one that counts.
            counts = ("posted", "cancel")
            self.filtered(lambda one: one.move_id.state in counts).action_draft()
            return self.unlink()

    def action_change(self, vals, reason):
        """Write ``vals`` to them all, with a reason."""
        with self._overriding(reason, self.env._("Changed")):
            return self.write(vals)

    def action_unreconcile(self, reason, partial_ids=()):
        """Undo whatever is reconciled with them, or of that ``partial_ids`` (of
        ``account.partial.reconcile``), with a reason."""
        reconciled = self.filtered(
            lambda one: one.move_id and one._is_payment_reconciled()
        )
        lines = reconciled.sudo().move_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        if partial_ids:
            partials &= partials.browse(partial_ids)
        if not partials:
            raise UserError(self.env._("Nothing is reconciled with it."))
        doing = self.env._("Reconciliation undone")
        with reconciled._overriding(reason, doing):
            return partials.with_env(self.env).unlink()
