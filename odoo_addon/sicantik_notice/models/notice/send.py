"""Notices that are due are handed over: in batches, each batch a transaction.

A notice is sent when its e-mail stands in Odoo's queue or its activity exists, in the
same transaction as the state that says so. Whatever is killed leaves notices as they
were before the batch, and the next run sends them. Where a channel cannot reach the
recipient, the next one gets the notice, each once. People send a failed one again, or
give one up.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.landing import land
from odoo.addons.sicantik_connector.tools.rights import require_group

from .notice import APPLICANT, GONE_OUT

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
            else:
                notice._go_out()

    def _go_out(self):
        """By the channel that was chosen, else by the next ones."""
        refusal = self._try_channel()
        while refusal in self._unreachable_reasons() and self._move_on():
            refusal = self._try_channel()
        self._end("failed" if refusal else "sent", refusal)

    def _try_channel(self):
        """Hand it over; a code when that could not be."""
        channel = self.channel
        if not channel:
            return "no_channel"
        self.write(
            {
                "attempts": self.attempts + 1,
                "tried": [*(self.tried or ()), channel],
                "date_outcome": False,
            }
        )
        return getattr(self, f"_send_{channel}")()

    def _move_on(self):
        """Have the next channel, if one is left; whether one was."""
        channel = self._next_channel()
        if channel:
            self._stop_mail()
            self._take_channel(channel)
        return bool(channel)

    def _end(self, state, code=None, detail=None):
        """Go into ``state``: with the moment when it went out, or with the reason why
        not."""
        if state == "cancelled":
            self._stop_mail()
        sent = (self.date_sent or fields.Datetime.now()) if state in GONE_OUT else False
        self.write(
            {
                "state": state,
                "date_sent": sent,
                "reason_code": code or False,
                "reason_detail": (detail or "")[:500] or False,
            }
        )

    def _overtaken(self):
        """``(state, code)`` when there is nothing to be told any more, else
        ``(None, None)``."""
        if not self._record():
            return "cancelled", "gone"
        if not self._may_be_told():
            return "cancelled", "left"
        return self._by_kind("_overtaken")

    def _follow_contact(self):
        """A permit that got another contact meanwhile: that one is told, not the
        earlier one, whose business it is no longer."""
        if self.recipient_type != APPLICANT:
            return
        holders = self._by_kind("_holders")
        # Of several holders each has a notice; whose this one was, nothing says.
        if len(holders) == 1 and self.partner_id not in holders:
            self._readdress(*holders)

    def _readdress(self, partner):
        """Address the notice to ``partner`` (or to the office) and choose the channel
        anew."""
        self._take_key(**self._recipient_values(self.config_id, partner))
        self._choose_channel()

    def action_send_again(self):
        """Send notices again, to the contact as it is now, by the channel that is the
        first now; operators only.

        Of a renewal the holder of the older permit is told, whatever contact the new
        one has.
        """
        self._require_states(
            ("failed", "unknown"),
            self.env._(
                "Only notices that failed, or of which nobody knows whether they went "
                "out, are sent again."
            ),
        )
        # sudo: notices are written by methods only; the group was checked above
        for notice in self.sudo():
            notice._stop_mail()
            notice._end("due")
            notice.write({"date_due": fields.Datetime.now(), "mail_id": False})
            if notice.recipient_type == APPLICANT:
                holders = notice._by_kind("_holders")
                now = notice.partner_id or notice.permit_id.partner_id
                notice._readdress(*holders if len(holders) == 1 else [now])
            else:
                notice._choose_channel()
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
