"""When the scheduled actions run: clock times of the office, kept as UTC in ir.cron.

Odoo adds whole days (minutes for the look at the list) to the last planned time, so an
action keeps its clock time once it is set, and one that was missed runs once.
"""

from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.landing import quietly

# Hour and minute in the office's zone of each daily action, by external id.
CLOCK = {
    "cron_update_expired": (0, 0),
    "cron_sync_types": (0, 30),
    "cron_full_pass": (1, 0),
    "cron_sync_expiry": (2, 0),
    "cron_housekeeping": (3, 30),
    "cron_notices": (9, 0),
}
SYNC_PERMITS = "cron_sync_permits"
# A change of these may move the actions.
PACING_FIELDS = {"active", "company_id", "sync_interval", "tz"}


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model_create_multi
    def create(self, vals_list):
        before = self._pace()
        configs = super().create(vals_list)
        configs._pair_actions(before)
        return configs

    def write(self, vals):
        if not PACING_FIELDS & vals.keys():
            return super().write(vals)
        before = self._pace()
        result = super().write(vals)
        self._pair_actions(before)
        return result

    def unlink(self):
        before = self._pace()
        result = super().unlink()
        self._pair_actions(before)
        return result

    @api.model
    def _pace(self):
        """``(zone, minutes)`` that set the pace; ``(None, None)`` without an active
        configuration.

        There is one action for all configurations. The westernmost zone's clock
        counts, because there the day begins last: at its midnight the new day has
        begun in every office. The shortest interval counts, and each configuration
        waits for its own (see ``_is_due``).
        """
        # sudo: configurations of all companies set the pace
        configs = self.sudo().search([("active", "=", True)])
        if not configs:
            return None, None
        now = fields.Datetime.now()
        zones = sorted(configs.mapped("tz"), key=lambda tz: timezone(tz).utcoffset(now))
        return zones[0], min(configs.mapped("sync_interval"))

    @api.model
    def _next_call(self, action, zone=None):
        """The next time of a daily ``action`` in ``zone``, in UTC as Odoo keeps it."""
        zone = timezone(zone or self._pace()[0] or self._default_zone())
        now = utc.localize(fields.Datetime.now()).astimezone(zone)
        clock = time(*CLOCK[action])
        day = now.date() + timedelta(days=clock <= now.time())
        local = zone.localize(datetime.combine(day, clock))
        return local.astimezone(utc).replace(tzinfo=None)

    @api.model
    def _default_zone(self):
        return self._fields["tz"].default(self)

    @api.model
    def _pair_actions(self, before):
        """Move the actions when the pace is another one than ``before``.

        What an administrator changed on an action stays until then.
        """
        (old_zone, old_minutes), (zone, minutes) = before, self._pace()
        if zone and zone != old_zone:
            for action in CLOCK:
                self._move_action(action, nextcall=self._next_call(action, zone))
        if minutes and minutes != old_minutes:
            self._move_action(
                SYNC_PERMITS,
                interval_number=minutes,
                interval_type="minutes",
                nextcall=fields.Datetime.now() + timedelta(minutes=minutes),
            )

    @api.model
    def _move_action(self, action, **vals):
        """Write to an action. While it runs, the call is repeated by Odoo: its end
        would overwrite the new time. An action that somebody deleted stays deleted."""
        # sudo: scheduled actions are for administrators, settings for managers
        cron = self.env.ref(f"sicantik_connector.{action}", raise_if_not_found=False)
        if not cron:
            return
        cron = cron.sudo()
        quietly(
            self.env.cr,
            SQL(
                "SELECT id FROM ir_cron WHERE id = %s FOR NO KEY UPDATE NOWAIT", cron.id
            ),
        )
        cron.write(vals)
