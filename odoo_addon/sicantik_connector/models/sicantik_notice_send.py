"""Notices that are due are handed over: in batches, each batch a transaction.

A notice is sent when its e-mail stands in Odoo's queue or its activity exists, in the
same transaction as the state that says so. Whatever is killed leaves notices as they
were before the batch, and the next run sends them.
"""

from odoo import api, fields, models

from .landing import land
from .sicantik_notice_due import EXPIRING

# Notices of one transaction: each makes an e-mail or an activity, about 20 ms.
SENT_AT_ONCE = 100


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _send_due(self):
        """Hand over the next batch of what is due; call with sudo.

        Returns whether there may be more. What Odoo refuses fails by itself: the rest
        of the batch goes out.
        """
        notices = self.search(
            [
                ("state", "=", "due"),
                ("date_due", "<=", fields.Datetime.now()),
                ("config_id.active", "=", True),
            ],
            order="date_due, id",
            limit=SENT_AT_ONCE,
        )
        for notice, reason in land(self.env, list(notices), self._hand_over):
            notice._end("failed", *reason)
        if any(notice.mail_id for notice in notices):
            # sudo: Odoo's own action, else the e-mails wait for its next hour
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return len(notices) == SENT_AT_ONCE

    @api.model
    def _hand_over(self, notices):
        """Send each of ``notices`` (a list), or say why it is not sent."""
        for notice in notices:
            notice = notice.with_company(notice.company_id)
            notice._follow_contact()
            state, code = notice._overtaken()
            if state:
                notice._end(state, code)
                continue
            refusal = getattr(notice, f"_send_{notice.channel}")()
            notice._end("failed" if refusal else "sent", refusal)

    def _end(self, state, code=None, detail=None):
        """Leave ``due``: with the moment when sent, else with the reason why not."""
        self.write(
            {
                "state": state,
                "date_sent": fields.Datetime.now() if state == "sent" else False,
                "reason_code": code or False,
                "reason_detail": (detail or "")[:500] or False,
            }
        )

    def _overtaken(self):
        """``(state, code)`` when there is nothing to be told any more, else
        ``(None, None)``."""
        permit = self.permit_id
        if self.kind != EXPIRING:
            return None, None
        if permit.status != "active" or permit.expiry_date != self.expiry_date:
            return "cancelled", "changed"
        if permit.expiry_date < self.config_id._today():
            return "cancelled", "expired"
        nearer = [
            ("permit_id", "=", permit.id),
            ("kind", "=", EXPIRING),
            ("event", "=", self.event),
            ("step", "<", self.step),
        ]
        if self.search_count(nearer, limit=1):
            return "skipped", "nearer"
        return None, None

    def _follow_contact(self):
        """A permit that got another contact meanwhile: that one is told, not the
        earlier one, whose business it is no longer."""
        partner = self.permit_id.partner_id
        if self.kind == EXPIRING and self.partner_id != partner:
            self._readdress(partner)

    def _readdress(self, partner):
        """Address the notice to ``partner`` (or to the office) and choose the channel
        anew."""
        self._take_key(**self._recipient_values(self.config_id, partner))
        self._choose_channel()
