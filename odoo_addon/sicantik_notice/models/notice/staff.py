"""People of the office whom a permit concerns are told of its new status, too: who
answers for notices, and who follows the permit.

They do not drown in it. What is due at once for one person goes out together. Of one
permit each is told once a day; what changes after that waits for the next morning, and
is told as it is then, if it is another status than the one that the person knows.
"""

from datetime import datetime, time

from pytz import timezone, utc

from odoo import fields, models

from odoo.addons.sicantik_connector.tools.constants import DECISIONS

from ...tools.notice_words import CHANGED_TOO, MARKS, permit_type_and_number
from .config import NOTICES
from .due import CHANGED
from .notice import APPLICANT, GONE_OUT, STAFF


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _together_key(self):
        """Of one person of the office, whichever permits they are about."""
        if self.recipient_type == STAFF and self.kind == CHANGED and self.permit_id:
            return f"{self.kind} {self.recipient_key}"
        return super()._together_key()

    def _further_heading_status_update(self):
        return CHANGED_TOO[self.language]

    def _further_words_status_update(self):
        old, new = self.old_status_words, self.new_status_words
        changed = f" {MARKS[self.language]} ".join(filter(None, (old, new)))
        words = permit_type_and_number(self.permit_type_name, self.permit_number)
        return ", ".join(filter(None, (words, changed)))

    def _line_fact_status_update(self):
        return self._facts_status_update()[-1]

    def _not_twice_a_day(self):
        """Those of whose permit the same person was told today wait for the morning."""
        for notice in self:
            config = notice.config_id
            zone = timezone(config.tz)
            midnight = zone.localize(datetime.combine(config._today(), time()))
            told = [
                ("permit_id", "=", notice.permit_id.id),
                ("kind", "=", notice.kind),
                ("recipient_key", "=", notice.recipient_key),
                ("state", "in", GONE_OUT),
                ("date_sent", ">=", midnight.astimezone(utc).replace(tzinfo=None)),
            ]
            if self.search_count(told, limit=1):
                morning = config._next_call(NOTICES, config.tz)
                notice.date_due = max(notice.date_due, morning)
        self._wake_action()


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    tell_staff = fields.Boolean(
        "Tell Staff of Status Changes",
        default=True,
        tracking=True,
        help="When a person ends or reopens a permit, the responsible person and its "
        "followers in the office are told, too, except for who did it.",
    )


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _after_status_change(self, old_status):
        """Staff are told of what people decide, as applicants are."""
        decided = self.filtered(lambda p: {old_status, p.status} & set(DECISIONS))
        if not decided:
            return super()._after_status_change(old_status)
        waiting = decided._untold().filtered(
            lambda notice: notice.recipient_type == STAFF and notice.kind == CHANGED
        )
        known = {
            (notice.permit_id, notice.recipient_user_id): notice.facts.get("old")
            for notice in waiting.sorted("id", reverse=True)
            if notice._new_status()
        }
        result = super()._after_status_change(old_status)
        # sudo: whether the office wants it
        for permit in decided.filtered(lambda p: p.sudo().config_id.tell_staff):
            for user in permit._staff_concerned():
                permit._tell_staff(user, known.get((permit, user)) or old_status)
        return result

    def _staff_concerned(self):
        """The users to be told of this permit: who answers for notices and internal
        followers, if they may see it; neither who does it now, nor who hears of it as
        applicant or is asked to tell the applicant."""
        # sudo: whoever decides need not see users and followers
        permit = self.sudo()
        config = permit.config_id
        calls = self.env["sicantik.notice"].sudo()
        calls = calls.search(
            [
                ("permit_id", "=", permit.id),
                ("kind", "=", CHANGED),
                ("recipient_type", "=", APPLICANT),
                ("channel", "=", "activity"),
                ("state", "=", "due"),
            ]
        )
        asked = self.env["res.users"].union(*[call._teller() for call in calls])
        users = config.user_id | permit.message_partner_ids.user_ids
        users -= self.env.user | asked | permit.partner_id.user_ids
        return users.filtered(lambda user: permit._may_be_seen_by(user)).sorted("id")

    def _may_be_seen_by(self, user):
        config = self.config_id
        if not user._is_internal() or not config._may_answer(user):
            return False
        company = {"allowed_company_ids": config.company_id.ids}
        return self.with_user(user).with_context(**company).has_access("read")

    def _tell_staff(self, user, before):
        """Tell ``user`` that the status is not the one of ``before`` any more."""
        if before == self.status or "cancelled" not in (before, self.status):
            return
        facts = {"old": before, "new": self.status, "ending": self.ending}
        if before == "cancelled":
            facts["old_ending"] = self._ending_known()
        # sudo: only the day is read
        config = self.sudo().config_id
        event = f"{before}>{self.status}:{config._today()}"
        notices = self.env["sicantik.notice"]
        told = notices._tell_people(
            config, CHANGED, event, user, permits=self, facts=facts
        )
        told._not_twice_a_day()
