"""What the recipient does not know yet, and is not true any more, is taken back: an
activity that nobody has done, an e-mail that still stands in Odoo's queue, a notice
that failed. What else the same call or e-mail tells of is told all the same.

It happens with the change of the permit: of its status, its date, or a proposal. What
is still true, but has other facts now, says those. ``_give_up`` is the one place where
what was handed over is stopped, for whatever reason.
"""

from odoo import api, models

from .batch import Batch
from .notice import HANDED_OVER


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _unknown_to_recipients(self, permits):
        """The notices about ``permits`` that were handed over or failed, and of which
        nobody was told; call with sudo. One query where there are none."""
        handed_over = self.search(
            [
                ("permit_id", "in", permits.ids),
                "|",
                ("state", "=", "failed"),
                "&",
                ("state", "in", HANDED_OVER),
                *self._open_domain(),
            ]
        )
        return handed_over.filtered(
            lambda notice: notice.state == "failed" or notice._is_open()
        )

    @api.model
    def _open_domain(self):
        """Which notices something was handed over of that may be stopped. An addon with
        a channel puts ``"|"`` and its own term before this, and extends ``_is_open``
        and ``_give_up``."""
        return ["|", ("activity_id", "!=", False), ("mail_id", "!=", False)]

    def _is_open(self):
        """Whether what was handed over reached nobody yet."""
        self.ensure_one()
        return self.activity_id.active or self.mail_id.state == "outgoing"

    def _withdraw(self):
        """Take back those of these that are overtaken; returns them. Call with sudo."""
        ends = {notice: notice._by_kind("_overtaken") for notice in self}
        overtaken = self.filtered(lambda notice: ends[notice][0])
        if not overtaken:
            return overtaken
        overtaken._queued()._send_anew(but=overtaken)
        overtaken._give_up()
        overtaken.lead_id = False
        for notice in overtaken:
            notice._end(*ends[notice])
        return overtaken

    def _give_up(self):
        """What was handed over of these, and reached nobody yet, is not needed any
        more: the e-mail is stopped, unless others wait for it, and the activity asks
        for the others only. Call with sudo."""
        self._stop_mail()
        activities = self.activity_id.filtered("active")
        if activities:
            self.write({"activity_id": False, "lead_id": False})
            for activity in activities:
                self._ask_for_the_rest(activity)

    def _say_anew(self):
        """What was handed over of these has other facts now: the activity says them,
        and an e-mail in Odoo's queue is written anew. Call with sudo."""
        handed_over = self.filtered(lambda notice: notice.state in HANDED_OVER)
        for activity in handed_over.activity_id.filtered("active"):
            self._ask_for_the_rest(activity)
        handed_over._queued()._send_anew()

    def _queued(self):
        """The notices that one of these's e-mails tells of, while it stands in Odoo's
        queue."""
        queued = self.mail_id.filtered(lambda mail: mail.state == "outgoing")
        return self.search(
            [("mail_id", "in", queued.ids), ("state", "in", HANDED_OVER)]
        )

    def _send_anew(self, but=()):
        """Stop the e-mails of these; all that they tell of goes out in another one,
        except for the notices ``but``."""
        rest = self.filtered(lambda notice: notice not in but)
        self._stop_mail()
        rest._forget_mail()
        rest._wait_again()
        rest._wake_action()

    def _ask_for_the_rest(self, activity):
        """Have ``activity`` ask for what still hangs on it, on the permit that ends
        first; without anything it goes."""
        rest = self.search(
            [("activity_id", "=", activity.id), ("state", "in", HANDED_OVER)]
        )
        if not rest:
            activity.unlink()
            return
        rest.lead_id = False
        nearest = {
            notice.permit_id or notice: notice
            for notice in rest.sorted(lambda notice: (-notice.step, notice.id))
        }
        told = self.browse().union(*nearest.values())._by_end()
        told._lead()
        lead = told[0]._told_by(activity.user_id)
        values, place = lead._words_of(activity), lead._chatter(activity.user_id)
        if place._name == activity.res_model:
            values["res_id"] = place.id
        activity.write(values)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def write(self, vals):
        """A date that people write comes a second time, in superuser mode."""
        dated = self.env.su and "expiry_date" in vals
        changed = self.filtered("expiry_date") if dated else self.browse()
        result = super().write(vals)
        changed._withdraw_notices()
        return result

    def _propose(self, found):
        proposed = super()._propose(found)
        proposed._withdraw_notices()
        return proposed

    def _after_status_change(self, old_status):
        result = super()._after_status_change(old_status)
        self._withdraw_notices()
        return result

    def _withdraw_notices(self):
        """Take back what nobody was told of and is not true any more."""
        if self and not Batch.takes(self):
            # sudo: whoever changes a permit need not see notices
            notices = self.env["sicantik.notice"].sudo()
            notices._unknown_to_recipients(self)._withdraw()
