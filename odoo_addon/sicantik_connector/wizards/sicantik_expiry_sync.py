import math

from odoo import api, fields, models

from ..models.constants import TEST_EXPIRY_LIMIT


class SicantikExpirySync(models.TransientModel):
    """Asks, before all expiry dates are fetched, how many there are and how long it
    takes: one call a permit, and calls are the budget."""

    _name = "sicantik.expiry.sync"
    _description = "Sync All Expiry Dates"

    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="cascade"
    )
    mode = fields.Selection(
        [("test", "Test with Ten Permits"), ("all", "All Permits That Are Due")],
        required=True,
        default="all",
    )
    full = fields.Boolean(
        "Also Not Due",
        help="Ask again for permits that were asked recently, too.",
    )
    due_count = fields.Integer("Permits to Ask", compute="_compute_due")
    estimated_seconds = fields.Integer("Estimated Time (s)", compute="_compute_due")

    @api.depends("config_id", "mode", "full")
    def _compute_due(self):
        permits = self.env["sicantik.permit"]
        for wizard in self:
            config = wizard.config_id
            due = config and permits.search_count(
                permits._due_domain(config, full=wizard.full)
            )
            if wizard.mode == "test":
                due = min(due, TEST_EXPIRY_LIMIT)
            wizard.due_count = due
            rate = config.rate_limit or 1.0
            wizard.estimated_seconds = math.ceil(due / rate)

    def action_start(self):
        """Order the run; the button's notification opens it."""
        self.ensure_one()
        return self.config_id._order_by_button(
            "expiry",
            limit=TEST_EXPIRY_LIMIT if self.mode == "test" else 0,
            full=self.full,
        )
