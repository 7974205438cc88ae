"""The calls of a run to SICANTIK, as its worker counts them."""

from odoo import fields, models

from ..tools.constants import MAX_TEXT


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    # Not ``attempts``: a run that was handed back in order begins that one anew, and
    # its next worker would write over what the first one counted.
    claims = fields.Integer("Times Claimed")
    call_ids = fields.One2many("sicantik.api.call", "run_id", "Calls by Endpoint")

    def _take_calls(self, told):
        """Store ``[API]`` of docs/interfaces.md. It holds absolute values since the
        claim, so that one that comes twice changes nothing."""
        self._check_batch(told)
        known = {
            call.endpoint: call for call in self.call_ids if call.claim == self.claims
        }
        for item in told:
            endpoint = str(item.get("endpoint") or "?")[:MAX_TEXT]
            values = self.call_ids._values_of(item)
            if endpoint in known:
                known[endpoint].write(values)
                continue
            known[endpoint] = self.call_ids.create(
                {
                    **values,
                    "run_id": self.id,
                    "claim": self.claims,
                    "config_id": self.config_id.id,
                    "company_id": self.company_id.id,
                    "day": self.config_id._today(),
                    "endpoint": endpoint,
                }
            )
