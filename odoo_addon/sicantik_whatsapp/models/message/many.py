"""A message that tells of several permits: each of its notices hears what became of it,
and each may be a reason to stop it."""

from odoo import api, fields, models

from .buttons import BY_HAND, OF_NOTICE
from .message import OPEN
from .report import OUTCOMES


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    many_notice_ids = fields.One2many(
        "sicantik.notice", "many_message_id", "Told in This Message"
    )

    def _told_notices(self):
        return super()._told_notices() | self.many_notice_ids

    def _further(self):
        return self.many_notice_ids - self.notice_id

    def _tell_notice(self, state, at, why):
        result = super()._tell_notice(state, at, why)
        outcome = OUTCOMES.get(state)
        missing = state == "failed" and why == "not_on_whatsapp"
        by_hand = BY_HAND in (why, self.stop_why)
        alone = state == "cancelled" and not self.notice_id and not by_hand
        again = alone or self._begins_anew(state, why)
        code = f"whatsapp_{why or state}" if outcome in ("failed", "unknown") else None
        for notice in self._further() if outcome else ():
            if missing and notice.partner_id and not notice.redirected:
                notice.partner_id.whatsapp_unreachable = self.number
            if again:
                notice._begin_anew(notice.many_attempt)
                continue
            notice._note_outcome(
                outcome,
                at,
                attempt=notice.many_attempt,
                code=code,
                detail=self.technical_detail or None,
                unreachable=missing,
            )
        return result

    def _is_still_meant(self):
        return super()._is_still_meant() and (
            self.state == "claimed"
            or all(notice._may_whatsapp(self) for notice in self._further())
        )

    @api.model
    def _withdraw_of(self, partners):
        result = super()._withdraw_of(partners)
        told = ("many_notice_ids.partner_id", "in", partners.ids)
        gone = self.search([told, ("state", "in", OPEN)]).filtered(
            lambda message: not message._is_wanted()
        )
        gone._lock()
        waiting = gone.filtered(lambda message: message.state == "queued")
        waiting._hand_back()
        (gone - waiting)._stop("changed")
        return result

    def _is_wanted(self):
        return all(notice._may_whatsapp(self) for notice in self.many_notice_ids)

    def _hand_back(self, why="changed"):
        result = super()._hand_back(why)
        for message in self:
            for notice in message._further():
                notice._begin_anew(notice.many_attempt)
        return result

    def _may_go_again(self):
        return super()._may_go_again() and all(
            notice.attempts == notice.many_attempt
            and notice.state in OF_NOTICE
            and not notice._overtaken()[0]
            and notice._may_whatsapp(self)
            for notice in self._further()
        )

    def action_send_again(self):
        result = super().action_send_again()
        # sudo: as there, where the group was checked
        self.sudo()._further()._end("sent")
        return result
