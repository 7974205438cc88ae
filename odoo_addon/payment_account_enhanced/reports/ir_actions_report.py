from odoo import models

from ..models.account_payment import VOUCHER


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Each voucher that becomes a PDF counts. What fails is rolled back with it."""
        if self._get_report(report_ref).report_name == VOUCHER:
            ids = [res_ids] if isinstance(res_ids, int) else res_ids or []
            payments = self.env["account.payment"].browse(dict.fromkeys(ids))
            payments._check_voucher()
            payments._count_voucher()
            # A page for each, also of one that was named twice.
            res_ids = payments.ids
        return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
