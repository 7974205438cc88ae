"""What becomes of the e-mail of a notice: Odoo's queue tells after each delivery."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, *args, **kwargs):
        """Before Odoo forgets: an e-mail that could not be delivered is a notice that
        failed, and one that is delivered at last was sent.

        The arguments differ between Odoo 18 and 19; both name the failure by keyword.
        """
        # sudo: the queue may be worked off by anybody who sends a message
        notices = self.env["sicantik.notice"].sudo()
        for notice in notices.search([("mail_id", "in", self.ids)]):
            # sudo: as above
            notice._note_delivery(notice.mail_id.sudo(), kwargs.get("failure_reason"))
        return super()._postprocess_sent_message(*args, **kwargs)


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _note_delivery(self, mail, reason):
        """Take over whether ``mail`` arrived at the mail server, and why not."""
        if self.state == "cancelled":
            return
        if mail.state == "exception":
            self._end("failed", "mail", reason or mail.failure_reason)
        elif mail.state == "sent" and self.state == "failed":
            self._end("sent")

    def _stop_mail(self):
        """An e-mail that failed, and that Odoo could still deliver, stays undelivered:
        its notice goes out anew, or not at all. Call with sudo."""
        self.mail_id.filtered(lambda mail: mail.state != "sent").cancel()
