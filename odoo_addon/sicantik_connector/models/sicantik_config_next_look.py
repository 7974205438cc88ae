"""When the schedule looks at the list of permits next."""

from dateutil.relativedelta import relativedelta

from odoo import models

from .sicantik_config_clock import SYNC_PERMITS

CRON_FIELDS = ["nextcall", "interval_number", "interval_type"]


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

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
        for config in self.filtered(lambda c: c.active and c.worker_seen):
            look, due = action.nextcall, config._due_from()
            while due and look < due:
                look += step
            looks[config] = look
        return looks
