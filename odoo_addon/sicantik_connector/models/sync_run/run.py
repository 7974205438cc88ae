"""The run's own fields; how much it does, and whether an open one does what a new order
asks for.
"""

import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ...tools import compat
from ...tools.constants import KINDS, OPEN_STATES, RUN_STATES
from ...tools.counted import ISSUES, PERMITS, listed
from ...tools.rights import nothing_for_none
from ...wording import error_detail, error_sentence, remark_sentence

STAGES = [
    ("types", "Permit Types"),
    ("permits", "Permits"),
    ("expiry", "Expiry Dates"),
    ("probe", "Connection Test"),
]


class SicantikSyncRun(models.Model):
    """An order for the worker and what came of it. Made by buttons, schedules and
    the worker; written by the worker's methods only."""

    _name = "sicantik.sync.run"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Sync Run"
    _order = "id desc"

    uuid = fields.Char(required=True, default=lambda self: str(uuid.uuid4()))
    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(KINDS, required=True)
    user_id = fields.Many2one("res.users", "Ordered by")
    origin = fields.Selection(
        [("button", "Button"), ("command", "Command"), ("schedule", "Schedule")],
        required=True,
        default="button",
    )
    limit = fields.Integer(help="Permits to ask at most; 0: all.")
    full = fields.Boolean(help="Also what is not due yet.")
    state = fields.Selection(RUN_STATES, default="queued", required=True, index=True)
    cancel_requested = fields.Boolean()

    date_start = fields.Datetime("Started")
    date_end = fields.Datetime("Ended")
    duration = fields.Integer("Duration (s)", compute="_compute_duration")
    attempts = fields.Integer()
    lease_token = fields.Char(groups=NO_ACCESS)
    lease_seconds = fields.Integer()
    lease_until = fields.Datetime("Leased until")
    worker_name = fields.Char("Worker")

    stage = fields.Selection(STAGES)
    total = fields.Integer()
    done = fields.Integer()
    progress = fields.Float("Progress (%)", compute="_compute_progress")
    created = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    flagged = fields.Integer()
    failed = fields.Integer()
    api_calls = fields.Integer("API Calls")
    rate = fields.Float("Rate (1/s)")
    eta_seconds = fields.Integer("Time Left (s)")
    remarks = fields.Json()
    message = fields.Text(compute="_compute_message")
    error_code = fields.Char()
    error_message = fields.Text()
    error_text = fields.Text("Error", compute="_compute_error_text")
    error_detail = fields.Text("Technical Details", compute="_compute_error_text")
    issue_ids = fields.One2many("sicantik.sync.issue", "run_id", "Issues")
    issue_count = fields.Integer("Number of Issues", compute="_compute_issue_count")

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

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This run exists already."
    )

    compat.add_constraint(
        locals(),
        "one_open",
        "EXCLUDE (config_id WITH =, kind WITH =)"
        " WHERE (state IN ('queued', 'claimed') AND kind <> 'ask')",
        "Such a sync is already waiting or under way.",
    )

    @api.depends("kind", "create_date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{labels.get(run.kind, '')} #{run._origin.id or ''}"

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        now = fields.Datetime.now()
        for run in self:
            start, end = run.date_start, run.date_end or now
            run.duration = max((end - start).total_seconds(), 0) if start else 0

    @api.depends("total", "done", "state")
    def _compute_progress(self):
        for run in self:
            share = 100.0 * run.done / run.total if run.total else 0.0
            run.progress = 100.0 if run.state == "done" else min(share, 100.0)

    @api.depends("error_code", "error_message")
    @api.depends_context("lang")
    def _compute_error_text(self):
        for run in self:
            error = (run.env, run.error_code, run.error_message)
            run.error_text = error_sentence(*error)
            run.error_detail = error_detail(*error)

    @api.depends("remarks", "kind", "state", "done")
    @api.depends_context("lang")
    def _compute_message(self):
        for run in self:
            said = [remark_sentence(run.env, remark) for remark in run.remarks or []]
            if run._asked_nothing():
                said.append(run.env._("There was no permit to ask."))
            run.message = " ".join(said)

    def _compute_issue_count(self):
        ISSUES.fill("issue_count", "run_id", self)

    def action_view_issues(self):
        """Open what these runs could not take over."""
        return ISSUES.open("run_id", self)

    def action_view_permits(self):
        """Open the permits that no later run than these has changed."""
        return PERMITS.open("last_run_id", self)

    def action_cancel(self):
        """Cancel what nobody works on at once, ask the worker to stop the rest."""
        self.config_id._require_operator()
        self.check_access("read")
        if any(run.state not in OPEN_STATES for run in self):
            raise UserError(
                self.env._("Only a waiting or running sync can be stopped.")
            )
        # sudo: runs are written by methods only; the group was checked above
        for run in self.sudo():
            run._lock()
            if run.state == "claimed" and run._lease_lives():
                run.write({"cancel_requested": True})
                run.config_id._wake_worker(run.uuid)
            else:
                run._close("cancelled")
        return True

    @api.depends("permit_ids")
    def _compute_permit_count(self):
        for run in self:
            run.permit_count = len(run.permit_ids)

    @nothing_for_none
    def action_open_permits(self):
        """Open the permits that the run names."""
        self.ensure_one()
        name = self._fields["permit_ids"]._description_string(self.env)
        named = [("id", "in", self.permit_ids.ids)]
        return listed(self.env, PERMITS.action, named, name=name, display_name=name)

    def _widen(self, limit, full, permits=None):
        """Let a run that nobody works on do what another order asks for, too.

        ``permits``: the order names them. A run with a limit cannot take both.
        """
        if self.state == "claimed" and self._lease_lives():
            return
        if permits is not None:
            if not self.limit:
                self.permit_ids |= permits
        elif limit:
            return
        elif self.restricted:
            self.write({"restricted": False, "full": full})
        elif self.limit:
            # The few of a limited run are asked due or not; all the others are not.
            self.write({"limit": 0, "full": full})
        elif full and not self.full:
            self.full = True

    def _covers(self, limit=0, full=False):
        """Whether the run does all that such an order asks for."""
        self.ensure_one()
        if self.restricted or self.cancel_requested or (full and not self.full):
            return False
        return not self.limit or 0 < limit <= self.limit

    def _asked_nothing(self):
        """Whether the run was to ask for details and came to its end without a call."""
        return self.kind == "expiry" and self.state == "done" and not self.done

    def _will_ask(self, permits):
        """Whether the run is still to ask for each of ``permits``."""
        self.ensure_one()
        if self.limit or self.cancel_requested:
            return False
        due = permits._due_domain(self.config_id, full=self.full, run=self)
        asked = permits.search_count([("id", "in", permits.ids), *due])
        return asked == len(permits)
