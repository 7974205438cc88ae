from odoo import models

# What is reconciled with what, and how much of it.
_MATTER = frozenset(
    (
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
    )
)


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Whichever way a reconciliation is undone, it ends here."""
        doing = "undoing its reconciliation"
        payments, without = self._payments()
        payments.with_context(payment_partials=self.ids)._guard(doing, "unreconcile")
        # What has no entry is reconciled as long as it counts.
        without._guard(doing, "draft")
        return super().unlink()

    def write(self, vals):
        """Odoo itself never changes what is reconciled."""
        if not _MATTER & vals.keys():
            return super().write(vals)
        self._guard_payments("changing its reconciliation")
        result = super().write(vals)
        self._guard_payments("changing its reconciliation")
        return result

    def _guard_payments(self, doing):
        payments, without = self._payments()
        (payments | without)._guard(doing)

    def _payments(self):
        """Those whose entries are reconciled, and those without an entry that pay the
        same invoices."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        without = moves.matched_payment_ids.filtered(lambda one: not one.move_id)
        return moves.origin_payment_id, without
