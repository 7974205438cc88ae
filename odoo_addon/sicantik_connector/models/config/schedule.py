"""The scheduled actions: what they do, and when they run.

They only order; the worker does the work. ``_cron_…`` is called by the actions of
data/ir_cron_data.xml and nobody else. Nothing is ordered for an archived configuration,
for one without an address, or for one that never met a worker.

They run at clock times of the office, kept as UTC in ir.cron. Odoo adds whole days
(minutes for the look at the list) to the last planned time, so an action keeps its
clock time once it is set, and one that was missed runs once.
"""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from ...tools.landing import quietly

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

# Odoo looks for due actions once a minute, so two looks may be this much closer.
TOLERANCE = timedelta(seconds=60)
# When a run that does less was just under way, the order is made again after this.
ORDER_AGAIN = timedelta(minutes=15)

CRON_FIELDS = ["nextcall", "interval_number", "interval_type"]


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

    @api.model
    def _cron_sync_permits(self):
        self._repeatable(self._order_due_permits)

    @api.model
    def _cron_full_pass(self):
        self._repeatable(self._order_full_pass)

    @api.model
    def _cron_sync_types(self):
        self._repeatable(self._order_types)

    @api.model
    def _cron_sync_expiry(self):
        self._repeatable(self._order_expiry)

    @api.model
    def _cron_update_expired(self):
        self._repeatable(self._update_expired)

    @api.model
    def _cron_housekeeping(self):
        self._repeatable(self._keep_house)

    @api.model
    def _repeatable(self, step):
        """Commit ``step``; repeat it when the worker wrote the same row meanwhile.

        Odoo does so for every call from outside, but not for scheduled actions.
        Returns what ``step`` returned.
        """
        return retrying(step, self.env)

    @api.model
    def _scheduled(self):
        """The configurations that the schedule works for."""
        # sudo: an administrator may have given the action another user
        configs = self.sudo().search([("active", "=", True)], order="id")
        return configs.filtered(lambda config: config._is_scheduled())

    def _is_scheduled(self):
        """Whether the schedule works for the configuration."""
        return bool(self.active and self.api_url and self.worker_seen)

    @api.model
    def _order_due_permits(self):
        for config in self._scheduled():
            if config._is_due():
                config._order_by_schedule("permits")

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

    @api.model
    def _order_full_pass(self):
        runs = [
            config._order_by_schedule("permits", full=True)
            for config in self._scheduled()
        ]
        if not all(run._covers(full=True) for run in runs):
            self._order_later("cron_full_pass")

    @api.model
    def _order_later(self, action):
        """Run ``action`` again when a run that does less should have ended."""
        # sudo: as in _scheduled
        action = self.env.ref(f"sicantik_connector.{action}").sudo()
        action._trigger(fields.Datetime.now() + ORDER_AGAIN)

    @api.model
    def _order_types(self):
        for config in self._scheduled():
            config._order_by_schedule("types")

    @api.model
    def _order_expiry(self):
        runs = [config._order_by_schedule("expiry") for config in self._scheduled()]
        if not all(run._covers() for run in runs):
            self._order_later("cron_sync_expiry")

    def _order_by_schedule(self, kind, full=False):
        """The run that was made, or the open one that was joined."""
        if kind == "permits":
            self.permits_ordered = fields.Datetime.now()
        runs = self.env["sicantik.sync.run"]
        run, _joined = runs._order_run(self, kind, full=full, origin="schedule")
        return run

    @api.model
    def _update_expired(self):
        # sudo: as in _scheduled; without a worker days pass, too
        configs = self.sudo().search([("active", "=", True)])
        for config in configs:
            self.env["sicantik.permit"].sudo()._update_expired(config)

    @api.model
    def _keep_house(self):
        # sudo: as in _scheduled
        house = self.sudo()
        runs = house.env["sicantik.sync.run"]
        runs._give_up_silent()
        more = [
            runs._remove_old(),
            house.env["sicantik.api.call"]._remove_old(),
            house.env["sicantik.notice"]._erase_addresses(),
        ]
        if any(more):
            house.env.ref("sicantik_connector.cron_housekeeping")._trigger()
        house._warn_of_key_end()

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
