"""An ended run is ordered again: all of it, or what it could not take over."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import OPEN_STATES
from ...tools.counted import ISSUES
from ...tools.rights import nothing_for_none

WAITING = [("is_retried", "=", False)]

# A run that ended like this did not get to its end.
IN_VAIN = ("failed", "cancelled", "lost")


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    retried_issue_ids = fields.One2many(
        "sicantik.sync.issue", "retried_by_id", "Retried Issues"
    )
    open_issue_count = fields.Integer(
        "Issues to Retry", compute="_compute_retry_counts"
    )
    retried_issue_count = fields.Integer(
        "Number of Retried Issues", compute="_compute_retry_counts"
    )

    def _compute_retry_counts(self):
        ISSUES.fill("retried_issue_count", "retried_by_id", self)
        ISSUES.fill("open_issue_count", "run_id", self, WAITING)

    def action_view_retried_issues(self):
        """Open the issues that these runs retry."""
        return ISSUES.open("retried_by_id", self)

    @nothing_for_none
    def action_run_again(self):
        """Order the same once more, or join the open run of its kind; operators only.

        UserError while the run is open, and when its named permits are gone.
        """
        self.ensure_one()
        self.check_access("read")
        self.config_id._require_operator()
        if self.state in OPEN_STATES:
            raise UserError(
                self.env._("“%(run)s” has not ended yet.", run=self.display_name)
            )
        if self.restricted:
            return self._ask_named_again()
        return self.config_id._order_by_button(
            self.kind, limit=self.limit, full=self.full
        )

    def _ask_named_again(self):
        permits = self.permit_ids.filtered("permit_number")
        if not permits:
            raise UserError(
                self.env._(
                    "The permits that this run asked for are not in Odoo any more."
                )
            )
        self.config_id._require_active()
        # sudo: nobody may write runs directly; the group was checked before
        run, joined = self.sudo()._order_run(
            self.config_id, self.kind, permits=permits.sudo()
        )
        if joined and not run._will_ask(permits.sudo()):
            run._refuse_to_join()
        return self.config_id._notification_of_button(run, joined)

    def _was_in_vain(self):
        """Whether the run broke off: what it was asked to retry is still to be done."""
        self.ensure_one()
        broke_off = self.state == "partial" and self.error_code
        return self.state in IN_VAIN or bool(broke_off)

    @api.model
    def _in_vain(self):
        """The same as a domain."""
        return [
            "|",
            ("state", "in", IN_VAIN),
            *("&", ("state", "=", "partial"), ("error_code", "!=", False)),
        ]

    @nothing_for_none
    def action_retry_issues(self):
        """Retry what was not retried yet; operators only."""
        self.ensure_one()
        self.config_id._require_operator()
        issues = self.env["sicantik.sync.issue"].search(
            [("run_id", "=", self.id), *WAITING]
        )
        if not issues:
            raise UserError(
                self.env._(
                    "Every issue of this run was retried already; the column Retried "
                    "by says by which run."
                )
            )
        return issues.action_retry()

    def _retries(self, issues):
        """Whether this run, which was open already, takes up what ``issues`` name."""
        if self.kind == "expiry":
            return self._will_ask(issues.permit_id)
        # What the run itself could not take over it has passed already.
        return self not in issues.run_id and self._covers(full=self.kind == "permits")

    def _refuse_to_join(self):
        raise UserError(
            self.env._(
                "“%(run)s” is under way and does not do this again. Wait until it has "
                "ended, or cancel it; then try once more.",
                run=self.display_name,
            )
        )
