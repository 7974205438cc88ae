from odoo import api, fields, models


class AccountResequence(models.TransientModel):
    _inherit = "account.resequence.wizard"

    payment_reason = fields.Text("Reason")
    has_payments = fields.Boolean(compute="_compute_has_payments")

    @api.depends("move_ids")
    def _compute_has_payments(self):
        """Whether entries of protected payments get another number."""
        for wizard in self:
            wizard.has_payments = bool(wizard._protected_payments())

    def _protected_payments(self):
        return self.move_ids.origin_payment_id.filtered("is_protected")

    def resequence(self):
        """Another number of a protected payment's entry needs a reason, too."""
        payments = self._protected_payments()
        if not payments:
            return super().resequence()
        doing = self.env._("Journal entry numbered anew")
        with payments._overriding(self.payment_reason, doing):
            return super().resequence()
