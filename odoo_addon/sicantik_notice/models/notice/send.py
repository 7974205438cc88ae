"""Notices that are due are handed over: in batches, each batch a transaction.

A notice is sent when its e-mail stands in Odoo's queue or its activity exists, in the
same transaction as the state that says so. Whatever is killed leaves notices as they
were before the batch, and the next run sends them. People send a failed one again, or
give one up.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.landing import land
from odoo.addons.sicantik_connector.tools.rights import require_group

from .due import CHANGED, EXPIRING, RENEWED

# Notices of one transaction: each makes an e-mail or an activity, about 20 ms.
SENT_AT_ONCE = 100


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _send_due(self, config):
        """Hand over the next batch of what is due of ``config``; call with sudo.

        Returns whether there may be more. What Odoo refuses fails by itself: the rest
        of the batch goes out.
        """
        notices = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "=", "due"),
                ("date_due", "<=", fields.Datetime.now()),
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
            if notice.state != "due":
                continue
            state, code = notice._overtaken()
            if state:
                notice._end(state, code)
                continue
            refusal = getattr(notice, f"_send_{notice.channel}")()
            notice._end("failed" if refusal else "sent", refusal)

    def _end(self, state, code=None, detail=None):
        """Leave ``due``: with the moment when sent, else with the reason why not."""
        if state == "cancelled":
            self._stop_mail()
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
            return (None, None) if self._still_true() else ("cancelled", "changed")
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

    def _still_true(self):
        """Whether the event is as it was. An event of another addon that says nothing
        of a status, or renews no permit that is known here, is that addon's to judge.
        """
        permit, told = self.permit_id, self._new_status()
        if told:
            return permit.status == told
        if self.kind == RENEWED and permit.status == "cancelled":
            return False
        return self.event != RENEWED or self.partner_id in permit._renewal_recipients()

    def _new_status(self):
        """The status that the notice tells of, if it tells of one."""
        return self.kind == CHANGED and (self.facts or {}).get("new")

    def _follow_contact(self):
        """A permit that got another contact meanwhile: that one is told, not the
        earlier one, whose business it is no longer."""
        permit = self.permit_id
        if self.kind == EXPIRING or self._new_status():
            partners = {permit.partner_id}
        else:
            partners = permit._renewal_recipients() if self.event == RENEWED else ()
        # Of several holders each has a notice; whose this one was, nothing says.
        if len(partners) == 1 and self.partner_id not in partners:
            self._readdress(*partners)

    def _readdress(self, partner):
        """Address the notice to ``partner`` (or to the office) and choose the channel
        anew."""
        self._take_key(**self._recipient_values(self.config_id, partner))
        self._choose_channel()

    def action_send_again(self):
        """Send failed notices again, to the contact as it is now; operators only.

        Of a renewal the holder of the older permit is told, whatever contact the new
        one has.
        """
        self._require_states(
            ("failed",), self.env._("Only failed notices are sent again.")
        )
        # sudo: notices are written by methods only; the group was checked above
        for notice in self.sudo():
            notice._stop_mail()
            notice._end("due")
            notice.write({"date_due": fields.Datetime.now(), "mail_id": False})
            own = notice.kind != RENEWED and notice.permit_id.partner_id
            notice._readdress(own or notice.partner_id)
        self.sudo()._wake_action()
        return True

    def action_cancel(self):
        """Give up notices that wait or failed; operators only."""
        self._require_states(
            ("due", "failed"),
            self.env._("Only notices that wait or failed can be cancelled."),
        )
        # sudo: as above
        for notice in self.sudo():
            notice._end("cancelled", "by_hand", self.env.user.name)
        return True

    def _require_states(self, states, remedy):
        """AccessError unless the user is an operator who may see the notices; UserError
        with ``remedy`` unless all are in one of ``states``."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may send or cancel "
                "notices. Ask an administrator for it."
            ),
        )
        if any(notice.state not in states for notice in self):
            raise UserError(remedy)
