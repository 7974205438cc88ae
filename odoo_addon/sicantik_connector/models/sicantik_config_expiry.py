"""Which expiry dates mean which state today: the one place that knows zone and limits.

What is read, searched, grouped and counted comes from here, so it always agrees.
"""

from datetime import timedelta

from odoo import models


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _expiry_limits(self):
        """``[(state, most days left in it)]``, the most urgent one first; with more
        days left a permit is ``ok``."""
        return [
            ("expired", -1),
            ("critical", self.critical_days),
            ("warning", self.warning_days),
        ]

    def _expiry_state(self, days):
        """The state of a permit with ``days`` left."""
        limits = self._expiry_limits()
        return next((state for state, most in limits if days <= most), "ok")

    def _expiry_bounds(self):
        """``[(state, its last expiry date)]``: the limits as of today."""
        today = self._today()
        return [
            (state, today + timedelta(days=most))
            for state, most in self._expiry_limits()
        ]

    def _expiry_range(self, state):
        """Domain terms on ``expiry_date`` for the permits in ``state`` today."""
        terms = [("expiry_date", "!=", False)]
        for name, last in self._expiry_bounds():
            if name == state:
                return [*terms, ("expiry_date", "<=", last)]
            terms = [("expiry_date", ">", last)]
        return terms
