"""Several permits of one number on one day: three reminders go out by themselves, the
others in one message, the text ``permit_expiring_many``. What comes after it on the
same day waits for the next morning, or goes by the next channel where the permit ends
before that. Of what has no such text (new statuses, to people of the office) three go
by WhatsApp, the others by the next channel.

It is the number that counts: two contacts with one telephone are one reader. Which ones
go by themselves is decided by facts, so that a restored Odoo decides the same: first
what has waited longest, then what ends first, then the permit's identity.

The summary of a day and a number is one, whatever it tells of: its key does not name
the permits, so a restored Odoo in which one of them is different does not write it a
second time. What may still come twice after a restore is a permit that changed places:
told by itself the first time and in the summary now, or the other way round. What only
the second summary would have told of is said to be told, and is not.
"""

import hmac
from datetime import datetime, time, timedelta
from itertools import count

from pytz import timezone, utc

from odoo import api, fields, models

from odoo.addons.sicantik_notice.models.notice import APPLICANT, EXPIRING, NOTICES

from ..message import OPEN
from ..template import MANY

BY_THEMSELVES = 3
PURPOSE = "sicantik_whatsapp together"
# In the context of notices that go out as one summary.
_SUMMARY = "sicantik_whatsapp_summary"
# A message in one of these told nobody.
UNTOLD = ("failed", "expired", "cancelled")


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    many_message_id = fields.Many2one(
        "sicantik.whatsapp.message",
        "Told by the Summary",
        index="btree_not_null",
        ondelete="set null",
    )
    many_attempt = fields.Integer("Hand-over by the Summary")

    def _together_key(self):
        """By WhatsApp the number is the recipient. It is kept as a secret of this
        database: addresses are erased after a while, and keys are not."""
        key = super()._together_key()
        number = key and self.channel == "whatsapp" and self.sudo()._whatsapp_to()
        if not number:
            return key
        secret = self.env["res.partner"]._consent_secret().encode()
        said = "\x1f".join((PURPOSE, number, self._whatsapp_trial_of()))
        digest = hmac.digest(secret, said.encode(), "sha256").hex()
        return f"{self.kind} number {digest[:32]}"

    def _whatsapp_trial_of(self):
        """Whose number it is really for: in a trial all have one number."""
        own = self.config_id.all_notices_phone and self.sudo()._whatsapp_own_number()
        return own or ""

    def _parts(self):
        if self[:1].channel != "whatsapp" or not self[:1]._together_key():
            return super()._parts()
        alone, summed = self[:1]._written_today()
        left = max(BY_THEMSELVES - alone, 0)
        ordered = self.sorted(lambda notice: notice._place_by_facts())
        first, others = ordered[:left], ordered[left:]
        if not others:
            return list(first)
        if not self[:1]._is_reminder():
            others._leave_whatsapp()
            return [*first, *others._groups()]
        if summed:
            last = others.filtered(lambda notice: notice._ends_before_morning())
            (others - last)._wait_for_morning()
            last._leave_whatsapp()
            return [*first, *last._groups()]
        return [*first, others.with_context(**{_SUMMARY: True})]

    def _leave_whatsapp(self):
        """Have the next channel, as if this one had been tried."""
        for notice in self:
            notice.tried = [*(notice.tried or ()), "whatsapp"]
            notice._take_channel(notice._next_channel())

    def _is_reminder(self):
        return self.kind == EXPIRING and self.recipient_type == APPLICANT

    def _place_by_facts(self):
        end = self.expiry_date or datetime.max.date()
        return end - timedelta(days=self.step), end, self.permit_id.identity or ""

    def _written_today(self):
        """``(how many of the kind went to the number by themselves today, whether a
        summary did)``: what has the same key, which names kind and number."""
        config = self.config_id
        same = [("together_key", "=", self._together_key())]
        notices = self.search([*same, ("company_id", "=", self.company_id.id)])
        zone = timezone(config.tz)
        midnight = zone.localize(datetime.combine(config._today(), time()))
        begin = midnight.astimezone(utc).replace(tzinfo=None)
        messages = self.env["sicantik.whatsapp.message"].search(
            [
                ("notice_id", "in", notices.ids),
                ("date_queued", ">=", begin),
                ("state", "not in", UNTOLD),
            ]
        )
        summaries = messages.filtered("many_notice_ids")
        return len(messages - summaries), bool(summaries)

    def _ends_before_morning(self):
        """Whether the permit ends before the next morning, when nobody needs to be told
        any more."""
        config = self.config_id
        morning = utc.localize(config._next_call(NOTICES, config.tz))
        day = morning.astimezone(timezone(config.tz)).date()
        return bool(self.expiry_date and self.expiry_date < day)

    def _wait_for_morning(self):
        for config, notices in self.grouped("config_id").items():
            notices.date_due = config._next_call(NOTICES, config.tz)
        self._wake_action()

    def _is_summary(self):
        return bool(self.env.context.get(_SUMMARY))

    def _whatsapp_kind(self):
        return MANY if self._is_summary() else super()._whatsapp_kind()

    def _send_whatsapp(self):
        code = super()._send_whatsapp()
        if self._is_summary() and not code:
            message = self.whatsapp_message_ids.sorted("id")[-1:]
            for notice in self._together():
                notice.write(
                    {"many_message_id": message.id, "many_attempt": notice.attempts}
                )
        return code

    def _whatsapp_content(self, number):
        """Of a summary: whose, the number, and the day on which its last step was
        passed, which a day later is still the same. Where that came to be known late
        there is another summary of such a day already: it is the next one."""
        if not self._is_summary():
            return super()._whatsapp_content(number)
        config = self.config_id
        day = max(one._place_by_facts()[0] for one in self._together())
        trial = "trial" if self.redirected else ""
        meant = trial and self._whatsapp_own_number()
        own = MANY, config.source_host, config.company_id.name, day, number, meant
        messages = self.env["sicantik.whatsapp.message"].sudo()
        places = ((*own, place) for place in count())
        return next(place for place in places if not messages._is_taken(place))

    def _whatsapp_resends(self):
        """Of a summary: of the one that was sent again most often."""
        if not self._is_summary():
            return super()._whatsapp_resends()
        return max(self._together().mapped("resends"))

    @api.depends("many_message_id.state")
    def _compute_whatsapp_message(self):
        result = super()._compute_whatsapp_message()
        for notice in self:
            own, summary = notice.whatsapp_message_id, notice.many_message_id
            if summary and summary.id > (own.id or 0):
                notice.whatsapp_message_id = summary
                notice.whatsapp_state = summary.state
                notice.whatsapp_reason = summary.reason
        return result

    @api.model
    def _open_domain(self):
        return ["|", ("many_message_id.state", "in", OPEN), *super()._open_domain()]

    def _open_messages(self):
        summaries = self.many_message_id.filtered(lambda one: one.state in OPEN)
        return super()._open_messages() | summaries

    def _give_up(self):
        """A summary that tells of others, too, is stopped, and goes out anew without
        these."""
        summaries = self._open_messages().filtered("many_notice_ids")
        rest = summaries.many_notice_ids - self
        result = super()._give_up()
        (summaries.many_notice_ids - rest).many_message_id = False
        for notice in rest:
            summary = notice.many_message_id
            if summary.state in OPEN:
                summary._stop_for("changed")
            else:
                notice._begin_anew(notice.many_attempt)
        return result

    def _say_anew(self):
        waiting = self.many_message_id.filtered(lambda one: one.state == "queued")
        result = super()._say_anew()
        for notice in waiting.many_notice_ids - waiting.notice_id:
            notice._begin_anew(notice.many_attempt)
        return result
