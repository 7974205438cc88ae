"""What the action *SICANTIK: Send Documents* does."""

from odoo import api, models

SEND = "sicantik_documents.cron_send_documents"


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _cron_send_documents(self):
        """Archived configurations, too: what was uploaded is to arrive."""
        self._every_config()._one_by_one("_send_documents")

    def _send_documents(self):
        """Send what waits longest since it was last tried. Whether there may be more:
        not after a worker that is away."""
        return self.env["sicantik.document.upload"]._send_next(self)
