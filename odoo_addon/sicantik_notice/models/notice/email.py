"""An e-mail is a mail template of the kind and language, in Odoo's own queue, which
tells after each delivery what became of it.

Several notices to one applicant have one e-mail: its text is that of the first, and the
layout names the other permits.
"""

from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import email_normalize

from ...tools.notice_words import TRIAL

LAYOUT = "sicantik_notice.notice_mail_layout"
QUEUE = "mail.ir_cron_mail_scheduler_action"
# An e-mail whose notices are all in one of these need not be delivered any more.
NEEDLESS = ("failed", "cancelled", "skipped", "delivered", "read")


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    mail_id = fields.Many2one(
        "mail.mail", "E-mail in the Queue", index="btree_not_null", ondelete="set null"
    )
    # Those of earlier hand-overs, which failed: they hold an address, too.
    earlier_mail_ids = fields.Many2many(
        "mail.mail", string="Earlier E-mails", groups=NO_ACCESS
    )
    message = fields.Html(
        "What Was Written", compute="_compute_message", compute_sudo=True
    )

    @api.depends("mail_id")
    def _compute_message(self):
        """What was written, for as long as Odoo keeps the e-mail."""
        for notice in self:
            notice.message = notice.mail_id.body_html

    def _can_email(self):
        """Whether the contact has an address, and the office one to write from."""
        return bool(self._addresses() and self.company_id.sicantik_sender)

    def _send_email(self):
        """Put the e-mail into Odoo's queue; a code when that cannot be."""
        addresses = self._addresses()
        if not addresses:
            return "no_address"
        if not self.company_id.sicantik_sender:
            return "no_sender"
        template = self._mail_template()
        if not template:
            return "no_text"
        try:
            mail_id = self._make_mail(template, addresses)
        except UserError:
            # Odoo wrote the template's error to its log; nothing was made yet.
            return "bad_text"
        self._together()._forget_mail()
        self._together().write({"address": ", ".join(addresses), "mail_id": mail_id})
        self._log_together()
        return None

    def _make_mail(self, template, addresses):
        """The id of the e-mail, which stands in the permit's chatter, too, or in that
        of what else it is about."""
        chatter = self._chatter()
        values = {
            "model": chatter._name,
            "res_id": chatter.id,
            "author_id": self.company_id.partner_id.id,
            # Kept until housekeeping erases it with the address.
            "auto_delete": False,
        }
        # Where it reads the same one there, Odoo takes it from the contact.
        if addresses != [email_normalize(self.partner_id.email or "")]:
            values |= {
                "email_to": ", ".join(addresses),
                "email_cc": False,
                "recipient_ids": [],
            }
        mail_id = template.send_mail(
            self.id, email_layout_xmlid=LAYOUT, email_values=values
        )
        self._mark_subject(self.mail_id.browse(mail_id))
        return mail_id

    def _mark_subject(self, mail):
        """Say in the subject of whatever text how many permits there are more, and that
        it is a trial."""
        mail, more = mail.sudo(), len(self.further_ids)
        subject = f"{mail.subject} (+{more})" if more else mail.subject
        if self.trial:
            subject = f"[{TRIAL[self.language]}] {subject}"
        if subject != mail.subject:
            mail.subject = subject

    def _mail_template(self):
        """The text for the kind and language, or nothing when somebody deleted it."""
        return self.env.ref(self._by_kind("_text"), raise_if_not_found=False)

    def _note_delivery(self, mail, reason):
        """Take over whether ``mail`` arrived at the mail server, and why not."""
        # With fractions of a second: Odoo may try again at once.
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        if mail.state == "exception":
            detail = reason or mail.failure_reason
            self._note_outcome("failed", now, code="mail", detail=detail)
        elif mail.state == "sent" and self.state in ("failed", "due"):
            self._note_outcome("sent", now)

    def _stop_mail(self):
        """An e-mail that failed, and that Odoo could still deliver, stays undelivered:
        its notice goes out anew, or not at all. One that others still wait for goes its
        way. Call with sudo."""
        for mail in self.mail_id.filtered(lambda mail: mail.state != "sent"):
            others = self.search([("mail_id", "=", mail.id)]) - self
            if all(other.state in NEEDLESS for other in others):
                mail.cancel()

    def _forget_mail(self):
        """Make room for another e-mail; the earlier one is erased with the address."""
        for notice in self.filtered("mail_id"):
            earlier = [(4, notice.mail_id.id)]
            notice.write({"earlier_mail_ids": earlier, "mail_id": False})

    @api.model
    def _hold_mails(self):
        """What still stands in Odoo's queue in the evening and at night waits there for
        the morning, however long the queue stood still; call with sudo."""
        now = fields.Datetime.now()
        for config in self.env["sicantik.config"]._every_config():
            morning = config._notice_time()
            if morning <= now:
                continue
            queued = [("config_id", "=", config.id), ("mail_id.state", "=", "outgoing")]
            mails = self.search(queued).mail_id.filtered(
                lambda m, morning=morning: (m.scheduled_date or now) < morning
            )
            if mails:
                mails.scheduled_date = morning
                self.env["sicantik.config"]._start_action(QUEUE, morning)


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def process_email_queue(self, *args, **kwargs):
        """Nobody is written to at night.

        The arguments differ between Odoo 18 and 19.
        """
        # sudo: as in _postprocess_sent_message
        self.env["sicantik.notice"].sudo()._hold_mails()
        return super().process_email_queue(*args, **kwargs)

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
