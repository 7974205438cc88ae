"""What is due before permits expire: found by date, in one query a configuration.

Of the steps that a permit has passed (90, 60, 30, 7 days before its date) only the
nearest to that date is sent; the others are kept as skipped. A step counts from the day
on which it is passed, so a day on which nothing ran loses nothing.
"""

from odoo import api, fields, models
from odoo.tools import SQL

EXPIRING = "permit_expiring"
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
        due = self._create_due(vals_list)
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
        self.env["sicantik.permit"].flush_model(["config_id", "status", "expiry_date"])
        self.flush_model(["permit_id", "kind", "expiry_date", "step"])
        self.env.cr.execute(
            SQL(
                "SELECT p.id, s.step"
                "  FROM sicantik_permit p CROSS JOIN unnest(%(steps)s) AS s(step)"
                " WHERE p.config_id = %(config)s AND p.status = 'active'"
                "   AND p.expiry_date >= %(today)s"
                "   AND p.expiry_date <= %(today)s::date + %(longest)s"
                "   AND p.expiry_date - s.step BETWEEN %(live)s AND %(today)s"
                "   AND NOT EXISTS (SELECT 1 FROM sicantik_notice n"
                "                    WHERE n.permit_id = p.id AND n.kind = %(kind)s"
                "                      AND n.expiry_date = p.expiry_date"
                "                      AND n.step <= s.step)"
                " ORDER BY p.id, s.step",
                config=config.id,
                steps=steps,
                longest=max(steps),
                today=today,
                live=config.go_live_date,
                kind=EXPIRING,
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
        """What every new notice has; the channel is chosen by ``_create_due``."""
        config = permit.config_id
        return {
            "config_id": config.id,
            "company_id": config.company_id.id,
            "kind": kind,
            "permit_id": permit.id,
            "event": event,
            "date_due": config._notice_time(),
            **self._recipient_values(config, partner),
        }

    @api.model
    def _recipient_values(self, config, partner):
        """Whom to tell: the contact, or without one the responsible person, who knows
        how to reach the applicant."""
        user = config.user_id
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
