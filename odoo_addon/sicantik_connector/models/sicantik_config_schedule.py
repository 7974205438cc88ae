"""What the scheduled actions do. They only order; the worker does the work.

``_cron_…`` is called by the actions of data/ir_cron_data.xml and nobody else. Nothing
is ordered for an archived configuration, or for one that never met a worker.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import retrying

# Odoo looks for due actions once a minute, so two looks may be this much closer.
TOLERANCE = timedelta(seconds=60)
# When a run that does less was just under way, the order is made again after this.
ORDER_AGAIN = timedelta(minutes=15)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    permits_ordered = fields.Datetime(
        "Last Scheduled Look",
        readonly=True,
        copy=False,
        help="When the schedule last ordered the list of permits.",
    )

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
        return self.sudo().search(
            [("active", "=", True), ("worker_seen", "!=", False)], order="id"
        )

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
