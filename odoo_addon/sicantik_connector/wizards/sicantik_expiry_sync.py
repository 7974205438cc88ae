import math

from odoo import api, fields, models

from ..tools.constants import DETAIL_CALLS_AT_ONCE, OPEN_STATES, TEST_EXPIRY_LIMIT
from ..tools.rights import nothing_for_none


class SicantikExpirySync(models.TransientModel):
    """Asks, before all expiry dates are fetched, how many permits there are, how many
    calls that may be, and how long it takes: calls are the budget."""

    _name = "sicantik.expiry.sync"
    _inherit = "sicantik.mixin"
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
    new_count = fields.Integer("Never Asked", compute="_compute_due")
    empty_count = fields.Integer("Without Data Last Time", compute="_compute_due")
    call_count = fields.Integer(
        "Calls",
        compute="_compute_due",
        help="One call a permit, two where the first look-up finds nothing.",
    )
    is_upper_bound = fields.Boolean(compute="_compute_due")
    estimated_seconds = fields.Integer("Estimated Time (s)", compute="_compute_due")
    rate_limit = fields.Float(related="config_id.rate_limit", related_sudo=False)
    open_run_id = fields.Many2one("sicantik.sync.run", compute="_compute_open_run_id")

    @api.depends("config_id", "mode", "full")
    def _compute_due(self):
        for wizard in self:
            new, known, empty = wizard._count_by_state()
            if wizard.mode == "test":
                # What was never asked comes first; of the rest the dearest is supposed.
                new = min(new, TEST_EXPIRY_LIMIT)
                empty = min(empty, TEST_EXPIRY_LIMIT - new)
                known = min(known, TEST_EXPIRY_LIMIT - new - empty)
            misses, seconds = wizard.config_id._detail_experience()
            wizard.due_count = new + known + empty
            wizard.new_count, wizard.empty_count = new, empty
            # What had no data is looked up twice; of the others as many as till now.
            share = 1.0 if misses is None else misses
            calls = math.ceil(2 * empty + (new + known) * (1 + share))
            wizard.call_count = calls
            wizard.is_upper_bound = misses is None
            rate = wizard.config_id.rate_limit or 1.0
            wizard.estimated_seconds = math.ceil(
                calls * max(1 / rate, seconds / DETAIL_CALLS_AT_ONCE)
            )

    def _count_by_state(self):
        """``(never asked, asked, asked without data)``: how many permits are due."""
        permits = self.env["sicantik.permit"]
        if not self.config_id:
            return 0, 0, 0
        domain = permits._due_domain(self.config_id, full=self._asks_all())
        counts = dict(permits._read_group(domain, ["detail_state"], ["__count"]))
        new = counts.pop("never", 0) + counts.pop(False, 0)
        empty = counts.pop("no_data", 0)
        return new, sum(counts.values()), empty

    @api.depends("config_id")
    def _compute_open_run_id(self):
        runs = self.env["sicantik.sync.run"]
        for wizard in self:
            wizard.open_run_id = runs.search(
                [
                    ("config_id", "=", wizard.config_id.id),
                    ("kind", "=", "expiry"),
                    ("state", "in", OPEN_STATES),
                ],
                limit=1,
            )

    @nothing_for_none
    def action_start(self):
        """Order the run; the button's notification opens it."""
        self.ensure_one()
        return self.config_id._order_by_button(
            "expiry",
            limit=TEST_EXPIRY_LIMIT if self.mode == "test" else 0,
            full=self._asks_all(),
        )

    def _asks_all(self):
        """Whether also what is not due is asked: a test always asks ten."""
        return self.full or self.mode == "test"
