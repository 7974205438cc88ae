"""How much a run does, and whether an open one does what a new order asks for."""

from odoo import api, fields, models


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    permit_ids = fields.Many2many(
        "sicantik.permit",
        "sicantik_sync_run_permit",
        "run_id",
        "permit_id",
        "Named Permits",
        help="Permits whose details are asked, whether due or not.",
    )
    # A field of its own: when the named permits are gone, nothing is asked, not all.
    restricted = fields.Boolean("Named Permits Only")
    permit_count = fields.Integer(
        "Number of Named Permits", compute="_compute_permit_count"
    )

    @api.depends("permit_ids")
    def _compute_permit_count(self):
        for run in self:
            run.permit_count = len(run.permit_ids)

    def action_open_permits(self):
        """Open the permits that the run names."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._fields["permit_ids"]._description_string(self.env),
            "res_model": "sicantik.permit",
            "domain": [("id", "in", self.permit_ids.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    def _widen(self, limit, full, permits=None):
        """Let a run that nobody works on do what another order asks for, too.

        ``permits``: the order names them. A run with a limit cannot take both.
        """
        if self.state == "claimed" and self._lease_lives():
            return
        if permits is not None:
            if not self.limit:
                self.permit_ids |= permits
        elif self.restricted:
            if not limit:
                self.write({"restricted": False, "full": full})
        else:
            if full and not self.full:
                self.full = True
            if not limit and self.limit:
                self.limit = 0

    def _covers(self, limit=0, full=False):
        """Whether the run does all that such an order asks for."""
        self.ensure_one()
        if self.restricted or self.cancel_requested or (full and not self.full):
            return False
        return not self.limit or 0 < limit <= self.limit

    def _will_ask(self, permits):
        """Whether the run is still to ask for each of ``permits``."""
        self.ensure_one()
        if self.limit or self.cancel_requested:
            return False
        due = permits._due_domain(self.config_id, full=self.full, run=self)
        asked = permits.search_count([("id", "in", permits.ids), *due])
        return asked == len(permits)
