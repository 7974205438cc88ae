"""When a permit began, and which of two came later."""

from odoo import models

# What says when a permit began, the best first.
BEGINNINGS = ("issue_date", "registered_month", "received_date")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _beginning(self):
        """When this permit began, as far as a date says so, else ``None``."""
        return next((self[name] for name in BEGINNINGS if self[name]), None)

    def _is_later_than(self, other):
        """Whether this permit came after ``other``; ``None`` when no date says so."""
        for name in BEGINNINGS:
            mine, theirs = self[name], other[name]
            if mine and theirs and mine != theirs:
                return mine > theirs
        return None
