"""The scheduled actions: what they do, and when they run.

They only order; the worker does the work. ``_cron_…`` is called by the actions of
data/ir_cron_data.xml and nobody else. Nothing is ordered for an archived configuration,
for one without an address, or for one that never met a worker. What one configuration
breaks stops no other one (``_one_by_one``).

They run at clock times of the office, kept as UTC in ir.cron. Odoo adds whole days
(minutes for the look at the list) to the last planned time, so an action keeps its
clock time once it is set, and one that was missed runs once.
"""

import logging
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ...tools.faults import kind_and_place
from ...tools.landing import quietly

# Hour and minute in the office's zone of each daily action of this addon.
CLOCK = {
    "cron_update_expired": (0, 0),
    "cron_sync_types": (0, 30),
    "cron_full_pass": (1, 0),
    "cron_sync_expiry": (2, 0),
    "cron_housekeeping": (3, 30),
}
SYNC_PERMITS = "cron_sync_permits"
# A change of these may move the actions.
PACING_FIELDS = {"active", "company_id", "sync_interval", "tz"}

# Odoo looks for due actions once a minute, so two looks may be this much closer.
TOLERANCE = timedelta(seconds=60)
# When a run that does less was just under way, the order is made again after this.
ORDER_AGAIN = timedelta(minutes=15)

CRON_FIELDS = ["nextcall", "interval_number", "interval_type"]

_logger = logging.getLogger(__name__)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    permits_ordered = fields.Datetime(
        "Last Scheduled Look",
        readonly=True,
        copy=False,
        help="When the schedule last ordered the list of permits.",
    )

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
        configs = self._active_configs()
        if not configs:
            return None, None
        now = fields.Datetime.now()
        zones = sorted(configs.mapped("tz"), key=lambda tz: timezone(tz).utcoffset(now))
        return zones[0], min(configs.mapped("sync_interval"))

    @api.model
    def _clock(self):
        """``{external id: (hour, minute)}`` of the daily actions, in the office's zone.
        An addon with an action of its own adds it."""
        return {f"sicantik_connector.{name}": at for name, at in CLOCK.items()}

    @api.model
    def _next_call(self, action, zone=None):
        """The next time of a daily ``action`` in ``zone``, in UTC as Odoo keeps it."""
        zone = timezone(zone or self._pace()[0] or self._default_zone())
        now = utc.localize(fields.Datetime.now()).astimezone(zone)
        clock = time(*self._clock()[action])
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
            for action in self._clock():
                self._move_action(action, nextcall=self._next_call(action, zone))
        if minutes and minutes != old_minutes:
            self._move_action(
                f"sicantik_connector.{SYNC_PERMITS}",
                interval_number=minutes,
                interval_type="minutes",
                nextcall=fields.Datetime.now() + timedelta(minutes=minutes),
            )

    @api.model
    def _move_action(self, action, **vals):
        """Write to an action. While it runs, the call is repeated by Odoo: its end
        would overwrite the new time. An action that somebody deleted stays deleted."""
        # sudo: scheduled actions are for administrators, settings for managers
        cron = self.env.ref(action, raise_if_not_found=False)
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

    @api.model
    def _cron_sync_permits(self):
        self._scheduled()._one_by_one("_order_due_permits")

    @api.model
    def _cron_full_pass(self):
        self._scheduled()._one_by_one("_order_full_pass")

    @api.model
    def _cron_sync_types(self):
        self._scheduled()._one_by_one("_order_types")

    @api.model
    def _cron_sync_expiry(self):
        self._scheduled()._one_by_one("_order_expiry")

    @api.model
    def _cron_update_expired(self):
        """Days pass without a worker, and for permits of archived configurations, too.
        Of these the status may be late by the hours between two offices' midnights."""
        self._every_config()._one_by_one("_update_expired")

    @api.model
    def _cron_housekeeping(self):
        self._every_config()._one_by_one(*self._housekeeping())

    @api.model
    def _housekeeping(self):
        """The names of the steps of the night's housekeeping. An addon that keeps
        something adds the method that removes it."""
        return [
            "_give_up_silent",
            "_remove_old_runs",
            "_remove_old_calls",
            "_warn_of_key_end",
        ]

    def _one_by_one(self, *steps):
        """Call the methods ``steps`` of each of these configurations, each call in a
        transaction of its own. One that returns True has more to do: it is called
        again.

        A fault stops one step of one office. What the step did is rolled back, and the
        log names it, the configuration and the place, but no value, which may be
        somebody's name. What was done before is committed, so that nothing undoes it.
        Where every step of every configuration failed, RuntimeError says of which kinds
        the faults were: Odoo counts it, and switches an action off that failed for a
        week. Where some went through, Odoo must not count it, or one fault would stop
        all the rest after a week.
        """
        kinds = []
        for config in self:
            for step in steps:
                try:
                    while config._repeatable(getattr(config, step)):
                        pass
                except Exception as fault:
                    kinds.append(type(fault).__name__)
                    config._log_fault(step, fault)
        if kinds and len(kinds) == len(self) * len(steps):
            known = ", ".join(sorted(set(kinds)))
            raise RuntimeError(f"{len(self)} configurations: {known}")

    def _log_fault(self, step, fault):
        """A line for the administrator."""
        _logger.error(
            "%s of configuration %s failed, the others go on: %s",
            step,
            self.id,
            kind_and_place(fault),
        )

    @api.model
    def _repeatable(self, step):
        """Commit ``step``; repeat it when the worker wrote the same row meanwhile.

        Odoo does so for every call from outside, but not for scheduled actions.
        Returns what ``step`` returned; a fault undoes all of it.
        """
        try:
            return retrying(step, self.env)
        except Exception:
            self.env.cr.rollback()
            raise

    @api.model
    def _active_configs(self):
        """The active configurations of all companies."""
        # sudo: an administrator may have given the action another user
        return self.sudo().search([("active", "=", True)], order="id")

    @api.model
    def _scheduled(self):
        """The configurations for which the schedule orders anything."""
        return self._active_configs().filtered(lambda config: config._is_scheduled())

    def _is_scheduled(self):
        """Whether the schedule orders anything for the configuration."""
        return bool(self.active and self.api_url and self.worker_seen)

    def _order_due_permits(self):
        if self._is_due():
            self._order_by_schedule("permits")

    def _is_due(self):
        """Whether the configuration's own interval has passed since its last order."""
        due = self._due_from()
        return not due or due <= fields.Datetime.now()

    def _due_from(self):
        """When the own interval has passed since the last order; None before one."""
        if not self.permits_ordered:
            return None
        interval = timedelta(minutes=self.sync_interval)
        return self.permits_ordered + interval - min(TOLERANCE, interval / 2)

    def _order_full_pass(self):
        run = self._order_by_schedule("permits", full=True)
        if not run._covers(full=True):
            self._order_later("cron_full_pass")

    @api.model
    def _order_later(self, action):
        """Run ``action`` again when a run that does less should have ended."""
        again = fields.Datetime.now() + ORDER_AGAIN
        self._start_action(f"sicantik_connector.{action}", again)

    @api.model
    def _start_action(self, action, at=None):
        """Have a scheduled action run at this time in UTC, else as soon as Odoo looks.
        One that somebody deleted stays deleted."""
        cron = self.env.ref(action, raise_if_not_found=False)
        if cron:
            # sudo: scheduled actions are for administrators
            cron.sudo()._trigger(at)

    def _order_types(self):
        self._order_by_schedule("types")

    def _order_expiry(self):
        run = self._order_by_schedule("expiry")
        if not run._covers():
            self._order_later("cron_sync_expiry")

    def _order_by_schedule(self, kind, full=False):
        """The run that was made, or the open one that was joined."""
        if kind == "permits":
            self.permits_ordered = fields.Datetime.now()
        runs = self.env["sicantik.sync.run"]
        run, _joined = runs._order_run(self, kind, full=full, origin="schedule")
        return run

    def _update_expired(self):
        self.env["sicantik.permit"]._update_expired(self)

    def _give_up_silent(self):
        self.env["sicantik.sync.run"]._give_up_silent(self)

    def _remove_old_runs(self):
        """Whether there may be more than went in this call."""
        return self.env["sicantik.sync.run"]._remove_old(self)

    def _remove_old_calls(self):
        """Whether there may be more than went in this call."""
        return self.env["sicantik.api.call"]._remove_old(self)

    def _next_looks(self):
        """``{configuration: time in UTC}``: the first time of the scheduled action at
        which the configuration's own interval has passed.

        A configuration for which nothing is scheduled is left out. The time lies in the
        past while Odoo runs no scheduled actions.
        """
        # sudo: scheduled actions are for administrators; only a time is told
        actions = self.env["ir.cron"].sudo()
        key = self.env["ir.model.data"]._xmlid_to_res_id(
            f"sicantik_connector.{SYNC_PERMITS}"
        )
        action = actions.search_fetch([("id", "=", key)], CRON_FIELDS)
        if not action:
            return {}
        step = relativedelta(**{action.interval_type: action.interval_number})
        looks = {}
        for config in self.filtered(lambda config: config._is_scheduled()):
            look, due = action.nextcall, config._due_from()
            while due and look < due:
                look += step
            looks[config] = look
        return looks
