"""What the dashboard says of the inbox: what came today, what waits for a person."""

from odoo import api, fields, models

ARRIVAL = "sicantik.document.arrival"


class SicantikDocumentDashboard(models.AbstractModel):
    _inherit = "sicantik.document.dashboard"

    @api.model
    @api.readonly
    def figures(self):
        """And those of the inbox, once something came by it; three statements."""
        found = super().figures()
        arrivals = self.env[ARRIVAL]
        if not arrivals.search_count([], limit=1):
            return found
        today = fields.Datetime.to_string(self._midnight(0))
        came = [("arrived_at", ">=", today)]
        of_today = dict(arrivals._read_group(came, ["state"], ["__count"]))
        unmatched = [("state", "=", "unmatched")]
        imported, refused = (
            [*came, ("state", "=", state)] for state in ("imported", "refused")
        )
        labels = {
            "came": self.env._("Inbox: Files Today"),
            "imported": self.env._("Inbox: Imported Today"),
            "refused": self.env._("Inbox: Refused Today"),
            "unmatched": self.env._("Inbox: Waiting for a Person"),
        }
        counted = {
            "came": (sum(of_today.values()), came),
            "imported": (of_today.get("imported", 0), imported),
            "refused": (of_today.get("refused", 0), refused),
            "unmatched": (arrivals.search_count(unmatched), unmatched),
        }
        return found + [
            self._figure(key, labels[key], count, ARRIVAL, terms)
            for key, (count, terms) in counted.items()
        ]
