"""Which expiry dates mean which state today: the one place that knows zone and limits.

What is read, searched, grouped and counted comes from here, so it always agrees.
"""

from datetime import timedelta

from odoo import api, models


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _every_config(self):
        """All configurations, archived ones included: their permits are there, too."""
        # sudo: only zones and limits are read; the permits keep their own rules
        return self.sudo().search([("active", "in", [True, False])])

    def _expiry_bounds(self):
        """``[(state, its last expiry date)]`` as of today, the most urgent one first;
        every later date is ``ok``."""
        today = self._today()
        return [
            ("expired", today - timedelta(days=1)),
            ("critical", today + timedelta(days=self.critical_days)),
            ("warning", today + timedelta(days=self.warning_days)),
        ]

    def _expiry_range(self, state):
        """Domain terms on ``expiry_date`` for the permits in ``state`` today."""
        terms = [("expiry_date", "!=", False)]
        for name, last in self._expiry_bounds():
            if name == state:
                return [*terms, ("expiry_date", "<=", last)]
            terms = [("expiry_date", ">", last)]
        return terms
