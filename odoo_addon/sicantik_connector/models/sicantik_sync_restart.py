"""Runs begin again when what they were told of the permit types is old."""

from odoo import api, models


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def _restart_readers(self, config):
        """Send the runs of ``config`` that read names of types back to the queue.

        Their token is stale from now on, and whoever claims them is told the new names:
        the same worker within moments. What they brought stays and costs a look-up.
        """
        runs = self.search([("config_id", "=", config.id), ("state", "=", "claimed")])
        runs._lock()
        for run in runs.filtered(lambda run: run._reads_types()):
            run._hand_back()

    def _reads_types(self):
        """Whether the work of the run depends on the names of types."""
        if self.kind == "all":
            return self.stage != "expiry"
        return self.kind in ("types", "permits", "compare", "preview")
