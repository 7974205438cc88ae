"""What is to be told: found by date before permits expire, or an event that happened.

By date it is one query a configuration. Of the steps that a permit has passed (90, 60,
30, 7 days before its date) only the nearest to that date is sent; the others are kept
as skipped. A step counts from the day on which it is passed, so a day on which nothing
ran loses nothing.

The door for events is ``_tell``: something happened to a permit, and its applicant is
told. People's decisions use it: a permit is renewed, cancelled, or open again. People
of the office are told by ``_tell_people`` (``people.py``).
"""

import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.constants import DECISIONS

from .notice import APPLICANT, GONE_OUT

EXPIRING = "permit_expiring"
RENEWED = "renewal_approved"
CHANGED = "status_update"
# Records of one call of create(); PostgreSQL gets them in its own batches.
CREATED_AT_ONCE = 1000


def event_of_expiry(date):
    """Names the date that a notice is about: a permit with a new date begins anew."""
    return f"expires:{date}"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _find_expiring(self, config):
        """Create the notices that permits of ``config`` need today; call with sudo.

        Returns the ones to be sent. None for a step that was passed before go-live, nor
        for a permit that is not active (draft, expired, renewed, cancelled).
        """
        steps = config._notice_steps_list()
        if not steps or not config._is_live():
            return self.browse()
        passed = {}
        for permit_id, step in self._passed_steps(config, steps):
            passed.setdefault(permit_id, []).append(step)
        permits = self.env["sicantik.permit"].browse(passed)
        vals_list = []
        for permit in permits:
            nearest, *skipped = passed[permit.id]
            vals_list.append(self._expiring_values(permit, nearest))
            vals_list += [
                {
                    **self._expiring_values(permit, step),
                    "state": "skipped",
                    "reason_code": "nearer",
                }
                for step in skipped
            ]
        due = self._create_due(vals_list) | self._take_up_again(config)
        # Where an administrator moved the action into the evening or the night, its
        # next run is too late for these.
        now = fields.Datetime.now()
        due.filtered(lambda notice: notice.date_due > now)._wake_action()
        return due

    @api.model
    def _passed_steps(self, config, steps):
        """``[(permit id, step)]``, the nearest step of a permit first, of which nobody
        was told yet: neither of the step nor of a nearer one."""
        today = config._today()
        self.env["sicantik.permit"].flush_model(
            ["config_id", "status", "expiry_date", "proposed_renewal_id"]
        )
        self.flush_model(["permit_id", "recipient_type", "kind", "expiry_date", "step"])
        self.env.cr.execute(
            SQL(
                "SELECT p.id, s.step"
                "  FROM sicantik_permit p CROSS JOIN unnest(%(steps)s) AS s(step)"
                " WHERE p.config_id = %(config)s AND p.status = 'active'"
                "   AND p.proposed_renewal_id IS NULL"
                "   AND p.expiry_date >= %(today)s"
                "   AND p.expiry_date <= %(today)s::date + %(longest)s"
                "   AND p.expiry_date - s.step BETWEEN %(live)s AND %(today)s"
                "   AND NOT EXISTS (SELECT 1 FROM sicantik_notice n"
                "                    WHERE n.permit_id = p.id AND n.kind = %(kind)s"
                "                      AND n.recipient_type = %(applicant)s"
                "                      AND n.expiry_date = p.expiry_date"
                "                      AND n.step <= s.step)"
                " ORDER BY p.id, s.step",
                config=config.id,
                steps=steps,
                longest=max(steps),
                today=today,
                live=config.go_live_date,
                kind=EXPIRING,
                applicant=APPLICANT,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _expiring_values(self, permit, step):
        event = event_of_expiry(permit.expiry_date)
        return {
            **self._values_of_new(permit, EXPIRING, event, permit.partner_id),
            "step": step,
            "expiry_date": permit.expiry_date,
        }

    @api.model
    def _values_of_new(self, permit, kind, event, partner):
        """What every new notice to an applicant has."""
        config = permit.config_id
        return {
            **self._values_of_event(config, kind, event, permit),
            **self._recipient_values(config, partner),
        }

    @api.model
    def _values_of_event(self, config, kind, event, about):
        """What every new notice has, whomever it is for; the channel is chosen by
        ``_create_due``."""
        return {
            "config_id": config.id,
            "company_id": config.company_id.id,
            "kind": kind,
            "event": event,
            "date_due": config._notice_time(),
            **self._about(about),
        }

    @api.model
    def _recipient_values(self, config, partner):
        """Which applicant to tell: the contact, or without one the responsible person,
        who knows how to reach the applicant."""
        user, partner = config.user_id, self._written_to(partner)
        if partner:
            key = f"partner:{partner.id}"
        else:
            key = f"user:{user.id}" if user else "office"
        return {"partner_id": partner.id, "recipient_key": key}

    @api.model
    def _create_due(self, vals_list):
        """Create notices and choose the channels of those that are to be sent, which
        are returned."""
        notices = self.browse()
        for start in range(0, len(vals_list), CREATED_AT_ONCE):
            notices |= self.create(vals_list[start : start + CREATED_AT_ONCE])
        due = notices.filtered(lambda notice: notice.state == "due")
        due._choose_channel()
        return due

    @api.model
    def _tell(self, permits, kind, event, partner=None, facts=None):
        """Queue a notice about an event for each of ``permits``; returns the new ones.

        ``kind`` is one of the field's; ``event`` is a short key of what happened, the
        same at every call for the same event (``renewed:12``), so that calling twice
        tells once. ``partner`` is who is told, default each permit's own contact.
        ``facts`` are for the text: for ``status_update`` two statuses and the kinds of
        ending that belong to them, ``{"old", "new", "old_ending"?, "ending"?}``.

        Nothing is sent here: the action sends what is due, within a minute in the
        office's daytime. Nothing at all is made for an office that is not live yet.
        """
        # sudo: whoever may change the permit causes the notice; nobody writes notices
        notices = self.sudo()
        permits = permits.sudo().filtered(lambda permit: permit.config_id._is_live())
        for config in permits.config_id:
            config._announce()
        facts = self._dated(facts)
        told = notices._told(permits, kind, event)
        new = []
        for permit in permits:
            to = permit.partner_id if partner is None else partner
            vals = notices._values_of_new(permit, kind, event, to)
            vals |= {"expiry_date": permit.expiry_date, "facts": facts}
            keys = told.get(permit.id, ())
            # Whom the caller names has a notice of their own; else one is enough.
            if vals["recipient_key"] in keys or (keys and partner is None):
                continue
            new.append(vals)
        due = notices._create_due(new)
        due._wake_action()
        return due

    @api.model
    def _dated(self, facts):
        """The facts of an event that happened now."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        return {"at": now, **(facts or {})}

    @api.model
    def _told(self, permits, kind, event):
        """``{permit id: {recipient key}}`` of the applicants told of the event."""
        told = {}
        known = self.search_fetch(
            [
                ("permit_id", "in", permits.ids),
                ("recipient_type", "=", APPLICANT),
                ("kind", "=", kind),
                ("event", "=", event),
            ],
            ["permit_id", "recipient_key"],
        )
        for notice in known:
            told.setdefault(notice.permit_id.id, set()).add(notice.recipient_key)
        return told

    def _wake_action(self):
        """Have the action run when the first of these is due."""
        if self:
            self.env["sicantik.config"]._start_action(
                "sicantik_notice.cron_notices", min(self.mapped("date_due"))
            )


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _mark_renewed(self, newer):
        """The holders of these permits are told of ``newer``, each once."""
        result = super()._mark_renewed(newer)
        if newer and newer._is_news():
            for partner in newer._renewal_recipients(self):
                self.env["sicantik.notice"]._tell(newer, RENEWED, RENEWED, partner)
        return result

    def _is_news(self):
        """Whether this permit is valid and began when its office told applicants
        already: a first load proposes the renewals of many years."""
        # sudo: only the date is read
        live = self.sudo().config_id.go_live_date
        begin = self._beginning()
        return bool(self.status == "active" and live and begin and begin >= live)

    def _renewal_recipients(self, older=None):
        """Who is told that this permit renews ``older`` ones, default all that it
        renews: the contact of each, or this one's where that has none."""
        older = self.renews_ids if older is None else older
        told = self.env["sicantik.notice"]._written_to
        return {told(permit.partner_id) or told(self.partner_id) for permit in older}

    def _reopen(self):
        """Nobody is told of a renewal that is none, if nobody was yet."""
        newer = self.renewed_by_id
        result = super()._reopen()
        newer._take_notices_back(RENEWED)
        return result

    def _after_status_change(self, old_status):
        """Applicants are told that a permit has ended, or is open again: from the
        last status that they know of. What was taken back before anybody was told of
        it is told to nobody, and nobody is told what follows from a date by itself."""
        result = super()._after_status_change(old_status)
        decided = self.filtered(lambda p: {old_status, p.status} & set(DECISIONS))
        if not decided:
            return result
        untold = decided._take_notices_back(CHANGED).sorted("id", reverse=True)
        begun = {notice.permit_id.id: notice.facts.get("old") for notice in untold}
        for permit in decided:
            known = begun.get(permit.id) or old_status
            if known != permit.status and "cancelled" in (known, permit.status):
                facts = {"old": known, "new": permit.status, "ending": permit.ending}
                if known == "cancelled":
                    facts["old_ending"] = permit._ending_known()
                event = f"{permit.status}:{uuid.uuid4().hex}"
                self.env["sicantik.notice"]._tell(permit, CHANGED, event, facts=facts)
        return result

    def _ending_known(self):
        """The kind of ending that somebody was told of last, if anybody was."""
        # sudo: notices are written by methods only, and this is one
        changed = self.env["sicantik.notice"].sudo()
        changed = changed.search(
            [
                ("permit_id", "in", self.ids),
                ("kind", "=", CHANGED),
                ("state", "in", GONE_OUT),
            ],
            order="id desc",
        )
        return next(filter(None, (notice._ending_told() for notice in changed)), None)

    def _correct_cancellation(self, values):
        """What nobody got yet says the corrected kind."""
        result = super()._correct_cancellation(values)
        if ending := values.get("ending"):
            untold = self._untold().filtered(lambda n: n._new_status() == "cancelled")
            wrong = untold.filtered(lambda n: n.facts.get("ending") != ending)
            for notice in wrong:
                notice.facts = {**notice.facts, "ending": ending}
            wrong._say_anew()
        return result

    def _untold(self):
        """The notices about these permits that nobody got yet, in superuser mode: that
        wait or failed, whose e-mail still stands in the queue, whose activity is not
        done."""
        # sudo: notices are written by methods only; whoever decides may have them so
        notices = self.env["sicantik.notice"].sudo()
        due = [("permit_id", "in", self.ids), ("state", "=", "due")]
        return notices.search(due) | notices._unknown_to_recipients(self)

    def _take_notices_back(self, kind):
        """Cancel the notices of ``kind`` about these permits that nobody got yet and
        that are not true any more; returns those to applicants. The same may be told
        later."""
        untold = self._untold().filtered(lambda notice: notice.kind == kind)
        untrue = untold._withdraw()
        for notice in untrue:
            notice._step_aside(notice.recipient_key)
        return untrue.filtered(lambda notice: notice.recipient_type == APPLICANT)
