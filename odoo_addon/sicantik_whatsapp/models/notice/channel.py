"""The channel *WhatsApp* of notices, before e-mail: it makes a message, an order for
the worker, which tells later what became of it."""

from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models

from ...wording import notice_reasons
from ..message import MESSAGE_STATES

# A reminder is of use for so long; what happened may be told later, too.
REMINDER_DAYS, EVENT_DAYS = 3, 7
REMINDER, URGENT = 10, 0


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    channel = fields.Selection(
        selection_add=[("whatsapp", "WhatsApp")], ondelete={"whatsapp": "set null"}
    )
    whatsapp_message_ids = fields.One2many(
        "sicantik.whatsapp.message", "notice_id", "WhatsApp Messages"
    )
    whatsapp_message_id = fields.Many2one(
        "sicantik.whatsapp.message",
        "WhatsApp Message",
        compute="_compute_whatsapp_message",
    )
    whatsapp_state = fields.Selection(
        MESSAGE_STATES, "State of the Message", compute="_compute_whatsapp_message"
    )
    whatsapp_reason = fields.Char(
        "Where the Message Is", compute="_compute_whatsapp_message"
    )

    @api.depends("whatsapp_message_ids.state")
    @api.depends_context("lang")
    def _compute_whatsapp_message(self):
        """The newest one, and where it is."""
        for notice in self:
            newest = notice.whatsapp_message_ids.sorted("id", reverse=True)[:1]
            notice.whatsapp_message_id = newest
            notice.whatsapp_state = newest.state
            notice.whatsapp_reason = newest.reason

    def _channels(self):
        return ["whatsapp", *super()._channels()]

    def _can_whatsapp(self):
        # sudo: answers and texts are no business of whoever causes the notice
        return bool(self.sudo()._whatsapp_way())

    def _send_whatsapp(self):
        """Make the message; a code when there is no way any more."""
        way = self.sudo()._whatsapp_way()
        if not way:
            return "whatsapp_no_way"
        account, text, number, values = way
        # sudo: messages are made by methods only
        self.env["sicantik.whatsapp.message"].sudo()._make(
            account,
            text,
            number,
            values,
            content=self._whatsapp_content(number),
            resends=self._whatsapp_resends(),
            **text._beside_of(self),
            notice_id=self.id,
            notice_attempt=self.attempts,
            partner_id=self.partner_id.id,
            priority=REMINDER if self.step else URGENT,
            expires_at=self._whatsapp_expiry(),
        )
        return None

    @api.model
    def _unreachable_reasons(self):
        return super()._unreachable_reasons() | {"whatsapp_no_way"}

    def _notice_reasons(self):
        return {**super()._notice_reasons(), **notice_reasons(self.env)}

    def _whatsapp_expiry(self):
        """Until when the message is of use, in UTC: a reminder no longer than the
        permit is valid."""
        now = fields.Datetime.now()
        if not self._counts_days():
            return now + timedelta(days=EVENT_DAYS)
        soon = now + timedelta(days=REMINDER_DAYS)
        if not self.expiry_date:
            return soon
        zone = timezone(self.config_id.tz)
        after = datetime.combine(self.expiry_date + timedelta(days=1), time())
        ends = zone.localize(after).astimezone(utc).replace(tzinfo=None)
        return min(soon, ends)

    def _counts_days(self):
        """Whether it says how many days are left, which is wrong soon."""
        return bool(self.step)
