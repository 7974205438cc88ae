"""The channel activity: a person of the office tells the applicant or the official; who
is of the office has the activity himself.

Whoever leaves, may not see permits any more or moves to another company tells nobody:
what that person was asked for goes to who answers for notices now, at once
(``models/res_users.py``), or at the latest when the night's housekeeping looks. Marking
the activity as done says that the recipient was told.
"""

from contextlib import contextmanager

from markupsafe import Markup

from odoo import api, fields, models

from .notice import APPLICANT, HANDED_OVER, SENT_AT_ONCE, STAFF

TELL = "sicantik_notice.mail_activity_tell_applicant"
NOTIFY = "sicantik_notice.mail_activity_notice"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )

    def _can_activity(self):
        """Always: somebody of the office telephones, or looks at the activity."""
        return True

    def _send_activity(self):
        """Make the activity on the permit, or on what else it is about; a code when
        nobody can be asked.

        One that is still open about the same says the newer facts: a permit does not
        gather an activity a step, nor an applicant one a permit.
        """
        user = self._teller()
        if not user:
            return "no_responsible"
        notice = self._told_by(user)
        activity = notice._open_activity()
        values = {
            "user_id": user.id,
            "date_deadline": self.config_id._today(),
            **notice._words_of(activity),
        }
        if activity:
            activity.write(values)
        else:
            kind = TELL if self.recipient_type == APPLICANT else NOTIFY
            activity = notice._chatter(user).activity_schedule(kind, **values)
        asked = self.recipient_type != STAFF
        together = self._together()
        together.write({"user_id": asked and user.id, "activity_id": activity.id})
        self._log_together()
        return None

    def _open_activity(self):
        """The activity of an earlier notice that nobody marked as done yet. Of several
        one stays, which stands for all."""
        same = [
            ("res_model", "=", self.res_model),
            ("res_id", "in", self._together().mapped("res_id")),
            ("kind", "=", self.kind),
            ("recipient_type", "=", self.recipient_type),
            ("activity_id.active", "=", True),
        ]
        if self.recipient_type != APPLICANT:
            same.append(("recipient_key", "=", self.recipient_key))
        activities = self.search(same).activity_id.sorted("id")
        first, others = activities[:1], activities[1:]
        if others:
            self.search([("activity_id", "in", others.ids)]).activity_id = first
            others.unlink()
        return first

    def _teller(self):
        """Who gets the activity: who is of the office himself; to others the person
        chosen when it became due, else who answers for notices now. Nobody who may not
        see permits."""
        config = self.config_id
        if self.recipient_type == STAFF:
            return self.recipient_user_id
        return (self.user_id | config.user_id).filtered(config._may_answer)[:1]

    def _told_by(self, user):
        """These in the language of ``user``, whom activities ask to tell of them."""
        return self.with_context(
            lang=user.lang or self.env.lang,
            # One e-mail for each activity would drown the person.
            mail_activity_quick_update=True,
        )

    def _words_of(self, activity):
        """What ``activity``, which may be new, says when this leads."""
        note = self._activity_note(activity)
        return {"summary": self._activity_summary(), "note": note}

    def _activity_summary(self):
        summary = self._by_kind("_summary")
        more = len(self.further_ids)
        summary = f"{summary} (+{more})" if more else summary
        return self.env._("[TRIAL] %s", summary) if self.trial else summary

    def _activity_note(self, activity):
        """What the person needs for the call, a line each; the other permits of which
        the same call tells: of this sending, and of what ``activity`` asked for."""
        facts = [*self._trial_facts(), *self._by_kind("_facts")]
        lines = [
            Markup("<li>{}: {}</li>").format(label, value)
            for label, value in facts
            if value
        ]
        also = [
            Markup("<li>{}</li>").format(notice._activity_line(self))
            for notice in self._told_also(activity)
        ]
        note = Markup("<ul>{}</ul>").format(Markup("").join(lines))
        if also:
            heading = self.env._("In the same call, tell of these permits, too:")
            if self.recipient_type == STAFF:
                heading = self.env._("The same of these permits:")
            note += Markup("<p>{}</p><ul>{}</ul>").format(
                heading, Markup("").join(also)
            )
        return note

    def _told_also(self, activity):
        """The notices about further permits, the nearest of each; of an earlier sending
        those that are still true."""
        asked = self.browse()
        if activity and (self.recipient_type == APPLICANT or self._together_key()):
            open_yet = [("activity_id", "=", activity.id), ("state", "=", "sent")]
            asked = self.search(open_yet).filtered(
                lambda notice: not notice._by_kind("_overtaken")[0]
            )
        known, found = self.permit_id, self.browse()
        for notice in self.further_ids._by_end() | asked.sorted("step"):
            if notice.permit_id and notice.permit_id not in known:
                known |= notice.permit_id
                found |= notice
        return found

    def _activity_line(self, lead):
        """A further permit in one line, with what is another than of ``lead``."""
        permit = self.permit_id
        own = [
            self[name]
            for name in ("applicant_name", "phone")
            if self[name] != lead[name]
        ]
        values = [permit.display_name, permit.permit_type_id.name, *own]
        fact = self._by_kind("_line_fact")
        if fact and all(fact):
            values.append(": ".join(fact))
        return ", ".join(filter(None, values))

    def _line_fact_default(self):
        """``(label, value)`` of what a call must say of a further permit."""
        return self._fact_of_expiry()

    @api.model
    def _asked(self, domain):
        """The notices in ``domain`` that wait for what somebody was asked to do."""
        return self.search(
            [
                *domain,
                ("state", "in", HANDED_OVER),
                ("channel", "=", "activity"),
                ("activity_id.active", "=", True),
            ]
        )

    @contextmanager
    def _passing_on(self, domain):
        """What is changed in the block may take people away who were asked to do what
        notices in ``domain`` wait for; call with sudo."""
        asked = self._asked(domain)
        yield
        if asked:
            asked._ask_next()

    def _ask_next(self):
        """Have who answers for notices now do what nobody can do any more; call with
        sudo. Where nobody can be asked yet the notice waits, and then says so.

        Of many the action asks for most: this is part of somebody's click.
        """
        # A change of people may be several calls, each within another.
        handed_over = self.exists().filtered(lambda n: n.state in HANDED_OVER)
        left = handed_over._not_asked()
        if not left:
            return
        left.activity_id.unlink()
        to_staff = left.filtered(lambda notice: notice.recipient_type == STAFF)
        to_staff._end("cancelled", "left")
        waiting = left - to_staff
        waiting._end("due")
        answered = self.browse()
        for config, notices in waiting.grouped("config_id").items():
            notices.write({"user_id": False, "date_due": config._notice_time()})
            if config.active and config._may_answer(config.user_id):
                answered |= notices
        # It stood in somebody's list already: it is in the next one's at once.
        self._send(answered._first_groups(SENT_AT_ONCE))
        waiting.filtered(lambda notice: notice.state == "due")._wake_action()

    def _not_asked(self):
        """Those that ask somebody who is gone or may not see them any more."""
        asks = {
            notice: (notice.config_id, notice.activity_id.user_id) for notice in self
        }
        may = {
            (config, user): bool(user) and config._may_answer(user)
            for config, user in set(asks.values())
        }
        return self.filtered(lambda notice: not may[asks[notice]])

    def _ask_again(self, config):
        """What waits for somebody who left, and what nobody could be asked for while
        nobody answered for notices; what is not true any more is asked of nobody. Call
        with sudo."""
        own = [("config_id", "=", config.id)]
        failed = self.search([*own, ("state", "=", "failed")])
        (self._asked(own) | failed)._withdraw()
        self._asked(own)._ask_next()
        if config._may_answer(config.user_id):
            nobody = [("state", "=", "failed"), ("reason_code", "=", "no_responsible")]
            unasked = self.search([*own, *nobody])
            unasked._end("due")
            unasked.write({"user_id": False, "date_due": config._notice_time()})
            unasked._wake_action()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Whoever marks the activity as done has told the applicant or the official."""
        # sudo: whoever may do this may not write notices
        asked = self.env["sicantik.notice"].sudo()
        asked = asked.search(
            [("activity_id", "in", self.ids), ("recipient_type", "!=", STAFF)]
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        asked._note_call(feedback)
        return result
