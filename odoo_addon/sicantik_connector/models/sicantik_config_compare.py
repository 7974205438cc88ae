from odoo import models


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def action_compare(self):
        """Order a comparison of every permit with SICANTIK, which changes none;
        operators only."""
        return self._order_by_button("compare")
