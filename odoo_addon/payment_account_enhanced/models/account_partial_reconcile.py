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
        self._guard_payments("undoing its reconciliation")
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
        moves = (self.debit_move_id | self.credit_move_id).move_id
        # Of payments without an entry, those of the invoice that is paid.
        without = moves.matched_payment_ids.filtered(lambda one: not one.move_id)
        (moves.origin_payment_id | without)._guard(doing)
