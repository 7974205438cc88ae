from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Whichever way a reconciliation is undone, it ends here."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        payments = moves.origin_payment_id
        # Of payments without an entry, those of the invoice that is paid.
        payments |= moves.matched_payment_ids.filtered(lambda one: not one.move_id)
        payments._guard("undoing its reconciliation")
        return super().unlink()
