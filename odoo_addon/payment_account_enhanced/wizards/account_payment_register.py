from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _post_payments(self, to_process, edit_mode=False):
        """What needs an approval is kept for review, with its invoices."""
        for step in self._waiting(to_process):
            step["payment"]._wait_for_approval(
                step["to_reconcile"], step.get("rate", 0.0)
            )
        ready = self._ready(to_process)
        return ready and super()._post_payments(ready, edit_mode=edit_mode)

    def _reconcile_payments(self, to_process, edit_mode=False):
        ready = self._ready(to_process)
        return ready and super()._reconcile_payments(ready, edit_mode=edit_mode)

    def _waiting(self, to_process):
        return [step for step in to_process if step["payment"]._waits()]

    def _ready(self, to_process):
        return [step for step in to_process if not step["payment"]._waits()]
