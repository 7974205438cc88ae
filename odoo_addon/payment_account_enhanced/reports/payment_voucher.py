from odoo import api, models


class ReportPaymentVoucher(models.AbstractModel):
    _name = "report.payment_account_enhanced.report_payment_voucher"
    _description = "Payment Voucher"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Whoever asks for it, as a PDF or as a page, may see it."""
        payments = self.env["account.payment"].browse(docids)
        payments._check_voucher()
        return {
            "doc_ids": docids,
            "doc_model": payments._name,
            "docs": payments,
            "counted": (data or {}).get("report_type") == "pdf",
        }
