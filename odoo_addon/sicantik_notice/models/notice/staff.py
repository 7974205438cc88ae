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
        for config, notices in self.grouped("config_id").items():
            zone = timezone(config.tz)
            midnight = zone.localize(datetime.combine(config._today(), time()))
            told = self.search(
                [
                    ("permit_id", "in", notices.permit_id.ids),
                    ("kind", "in", list(set(notices.mapped("kind")))),
                    ("recipient_key", "in", list(set(notices.mapped("recipient_key")))),
                    ("state", "in", GONE_OUT),
                    ("date_sent", ">=", midnight.astimezone(utc).replace(tzinfo=None)),
                ]
            )
            known = set(map(_about_to_whom, told))
            morning = config._next_call(NOTICES, config.tz)
            for notice in notices:
                if _about_to_whom(notice) in known:
                    notice.date_due = max(notice.date_due, morning)
        self._wake_action()


def _about_to_whom(notice):
    return notice.permit_id.id, notice.kind, notice.recipient_key


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
        wanted = decided.sudo().filtered("config_id.tell_staff")
        for permits in wanted.grouped("config_id").values():
            permits._tell_staff(old_status, known)
        return result

    def _staff_concerned(self):
        """``{permit: users}``, whom to tell of these permits of one configuration: who
        answers for notices and internal followers, if they may see it; neither who does
        it now, nor who hears of it as applicant or is asked to tell the applicant. Call
        with sudo."""
        asked, of_user = self._asked_now(), {}
        for permit in self:
            users = self.config_id.user_id | permit.message_partner_ids.user_ids
            users -= self.env.user | permit.partner_id.user_ids
            for user in users:
                if (permit, user) not in asked:
                    of_user.setdefault(user, []).append(permit.id)
        concerned = {permit: self.env["res.users"] for permit in self}
        for user in sorted(of_user, key=lambda user: user.id):
            for permit in self.browse(of_user[user])._seen_by(user):
                concerned[permit] |= user
        return concerned

    def _asked_now(self):
        """``{(permit, user)}``: who is asked to tell the applicant."""
        calls = self.env["sicantik.notice"].search(
            [
                ("permit_id", "in", self.ids),
                ("kind", "=", CHANGED),
                ("recipient_type", "=", APPLICANT),
                ("channel", "=", "activity"),
                ("state", "=", "due"),
            ]
        )
        return {(call.permit_id, call._teller()) for call in calls}

    def _seen_by(self, user):
        """Those of these permits of one configuration that ``user``, who is of the
        office, may see; call with sudo."""
        config = self.config_id
        if not user._is_internal() or not config._may_answer(user):
            return self.browse()
        company = {"allowed_company_ids": config.company_id.ids}
        seen = self.with_user(user).with_context(**company)._filtered_access("read")
        return self.browse(seen.ids)

    def _tell_staff(self, old_status, known):
        """Tell whom these permits of one configuration concern that the status is
        another one than the person knew, of ``known`` ``{(permit, user): status}``,
        else ``old_status``; call with sudo."""
        events = []
        for permit, users in self._staff_concerned().items():
            for user in users:
                before = known.get((permit, user)) or old_status
                changed = before != permit.status
                if changed and "cancelled" in (before, permit.status):
                    events.append(permit._event_of_staff(user, before))
        told = self.env["sicantik.notice"]._tell_each(self.config_id, CHANGED, events)
        told._not_twice_a_day()

    def _event_of_staff(self, user, before):
        """What ``_tell_each`` asks for."""
        facts = {"old": before, "new": self.status, "ending": self.ending}
        if before == "cancelled":
            facts["old_ending"] = self._ending_known()
        event = f"{before}>{self.status}:{self.config_id._today()}"
        return event, user, None, self, facts
