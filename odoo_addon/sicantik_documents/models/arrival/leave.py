"""What becomes of the bytes of a file that is no document: they go from the worker."""

from datetime import timedelta

from odoo import api, fields, models

from ...tools.files import UNKNOWN

# What is over is counted for so long; what never came to its end is given up after.
KEEP_DAYS, GIVE_UP_DAYS, FORGOTTEN_AT_ONCE = 400, 7, 5000
# Files of one transaction.
ERASED_AT_ONCE = 50


class SicantikDocumentArrival(models.Model):
    _inherit = "sicantik.document.arrival"

    @api.model
    def _to_leave(self, config):
        """Those whose bytes the worker may keep, and nobody needs; call with sudo."""
        given_up = fields.Datetime.now() - timedelta(days=GIVE_UP_DAYS)
        domain = [
            *("&", ("config_id", "=", config.id), ("version_uuid", "!=", False)),
            "|",
            ("state", "in", ("dismissed", "double")),
            *("&", ("state", "=", "arriving"), ("arrived_at", "<", given_up)),
        ]
        return self.search(domain, limit=ERASED_AT_ONCE)

    def _note_erasure(self, answer):
        """What the worker answered to the order to erase its bytes. One that was given
        up is forgotten: should its file still lie there, it comes anew."""
        if not (answer.is_erased or answer.code == UNKNOWN):
            return
        if self.state == "arriving":
            self.unlink()
        else:
            self.version_uuid = False

    @api.autovacuum
    def _gc_arrivals(self):
        """Forget what is over for long. What a person still has to decide stays."""
        over = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        ended = ("imported", "double", "refused", "dismissed")
        domain = [("state", "in", ended), ("arrived_at", "<", over)]
        found = self.sudo().search(domain, limit=FORGOTTEN_AT_ONCE)
        found.unlink()
        return len(found), len(found) == FORGOTTEN_AT_ONCE
