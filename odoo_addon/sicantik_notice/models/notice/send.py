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

from .email import QUEUE
from .notice import APPLICANT, GONE_OUT, SENT_AT_ONCE, STAFF


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    may_be_sent_again = fields.Boolean(compute="_compute_may_be", compute_sudo=True)
    may_be_cancelled = fields.Boolean(compute="_compute_may_be", compute_sudo=True)
    may_be_called = fields.Boolean(compute="_compute_may_be", compute_sudo=True)

    @api.depends("state", "channel", "recipient_type", "redirected")
    def _compute_may_be(self):
        """What people may do with it now."""
        for notice in self:
            failed = notice.state in ("failed", "unknown")
            # What was tried out has told the recipient nothing.
            trial = notice.redirected and not notice.config_id.all_notices_email
            asked = notice.state == "sent" and notice.channel == "activity"
            elsewhere = trial and notice.state in GONE_OUT
            untold = failed or notice.state == "due"
            notice.may_be_sent_again = failed or elsewhere
            notice.may_be_cancelled = notice.state in ("due", "failed")
            notice.may_be_called = notice.recipient_type != STAFF and (asked or untold)

    @api.model
    def _send_due(self, config):
        """Hand over the next batch of what is due of ``config``; call with sudo.

        Returns whether there may be more. In the evening and at night nothing goes out,
        however late it is: it waits for the morning.
        """
        now, morning = fields.Datetime.now(), config._notice_time()
        due = [
            ("config_id", "=", config.id),
            ("state", "=", "due"),
            ("date_due", "<=", now),
        ]
        if morning > now:
            late = self.search(due)
            early = late._out_before_morning()
            late -= early
            late.date_due = morning
            late._wake_action()
            notices = early.sorted(lambda n: (n.date_due, n.id))[:SENT_AT_ONCE]
        else:
            notices = self.search(due, order="date_due, id", limit=SENT_AT_ONCE)
            notices |= notices._companions()
        self._send(notices)
        return len(notices) >= SENT_AT_ONCE

    def _out_before_morning(self):
        """Those of these that go out although it is evening or night; an addon with a
        channel that keeps other hours says which."""
        return self.browse()

    def _put_off(self):
        """Those of these whose channel waits for an hour of its own; an addon with such
        a channel moves ``date_due`` and wakes the action. Asked just before it goes
        out."""
        return self.browse()

    @api.model
    def _send(self, notices):
        """Hand over ``notices``; call with sudo. What Odoo refuses fails by itself: the
        rest goes out, also of those that were to go with it."""
        self._land(list(notices), self._look_again)
        waiting = notices.filtered(lambda notice: notice.state == "due")
        waiting -= waiting._put_off()
        refused = land(self.env, waiting._groups(), self._hand_over)
        alone = [(group, reason) for group, reason in refused if len(group) == 1]
        for notice, reason in alone:
            notice._end("failed", *reason)
        several = [notice for group, _reason in refused for notice in group]
        again = [notice for notice in several if notice.state == "due"]
        self._land(again, self._hand_over)
        if any(notice.mail_id for notice in notices):
            self.env["sicantik.config"]._start_action(QUEUE)

    @api.model
    def _land(self, notices, step):
        """Call ``step`` with the list; those that Odoo refuses have failed."""
        for notice, reason in land(self.env, notices, step):
            notice._end("failed", *reason)

    @api.model
    def _look_again(self, notices):
        """Whether ``notices`` (a list) still have something to tell, to whom, how."""
        for notice in notices:
            notice._follow_contact()
            notice._follow_channel()
            if notice.state == "due":
                state, code = notice._overtaken()
                if state:
                    notice._end(state, code)

    @api.model
    def _hand_over(self, groups):
        """Send each of ``groups``, a message each, or say why it is not sent."""
        for group in groups:
            group.with_company(group.company_id)._go_out()

    def _go_out(self):
        """By the channel that was chosen, else by the next ones."""
        moved = self.browse()
        for part in self._parts():
            refusal = part._try_channel()
            if refusal in self._unreachable_reasons() and part._move_on():
                moved |= part
            else:
                part._end("failed" if refusal else "sent", refusal)
        for group in moved._groups():
            group._go_out()

    def _parts(self):
        """These, which have one recipient and channel, as ``[notices]`` of one message
        each. An addon whose channel tells of some of them together says of which."""
        together = self[:1].channel in self._channels_together()
        return [self] if together else list(self)

    def _try_channel(self):
        """Hand these over as one; a code when that could not be."""
        channel = self[:1].channel
        self._lead()
        if not channel:
            return "no_channel"
        for notice in self:
            notice.write(
                {
                    "attempts": notice.attempts + 1,
                    "tried": [*(notice.tried or ()), channel],
                    "date_outcome": False,
                    "redirected": bool(notice.config_id.all_notices_email),
                }
            )
        return getattr(self[:1], f"_send_{channel}")()

    def _move_on(self):
        """Have the next channel, if one is left; whether one was."""
        channel = self[:1]._next_channel()
        if channel:
            self._give_up()
            self._take_channel(channel)
        return bool(channel)

    def _end(self, state, code=None, detail=None):
        """Go into ``state``: with the moment when it went out, or with the reason why
        not."""
        if state == "cancelled":
            self._give_up()
        now, gone_out = fields.Datetime.now(), state in GONE_OUT
        for date_sent, notices in self.grouped("date_sent").items():
            notices.write(
                {
                    "state": state,
                    "date_sent": gone_out and (date_sent or now),
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
        elif self.partner_id and not self.partner_id.active:
            self._readdress(self.permit_id.partner_id)

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
        self._require(
            "may_be_sent_again",
            self.env._(
                "Only notices that failed, or of which nobody knows whether they went "
                "out, are sent again; and those that went to All Notices To, when "
                "there is none any more."
            ),
        )
        # sudo: notices are written by methods only; the group was checked above
        self.sudo()._send_again()
        return True

    def _send_again(self):
        """Have these go out once more, as another hand-over; call with sudo."""
        self._give_up()
        for notice in self:
            notice._end("due")
            notice._forget_mail()
            due = notice.config_id._notice_time()
            notice.write({"date_due": due, "lead_id": False, "redirected": False})
            notice.resends += 1
            if notice.recipient_type == APPLICANT:
                holders = notice._by_kind("_holders")
                now = notice.partner_id or notice.permit_id.partner_id
                notice._readdress(*holders if len(holders) == 1 else [now])
            else:
                notice._choose_channel()
        self._wake_action()

    def action_cancel(self):
        """Give up notices that wait or failed; operators only."""
        self._require(
            "may_be_cancelled",
            self.env._("Only notices that wait or failed can be cancelled."),
        )
        # sudo: as above
        for notice in self.sudo():
            notice._end("cancelled", "by_hand", self.env.user.name)
        return True

    def _require(self, may_be, remedy):
        """AccessError unless the user is an operator who may see the notices; UserError
        with ``remedy`` unless the field ``may_be`` is true of all."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may send, cancel or "
                "close notices. Ask an administrator for it."
            ),
        )
        if not all(notice[may_be] for notice in self):
            raise UserError(remedy)
