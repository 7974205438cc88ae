"""What a run could not take over, and how it is retried: the details of permits that
issues name, or the whole list.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import compat
from ...tools.counted import RUNS, listed
from ...wording import issue_detail, issue_sentence

REASONS = [
    ("differs", "Differs"),
    ("only_in_sicantik", "Only in SICANTIK"),
    ("only_in_odoo", "Only in Odoo"),
    ("sicantik_unavailable", "SICANTIK Did Not Answer"),
    ("bad_row", "Unreadable"),
    ("registration_missing", "No Registration Number"),
    ("number_unusable", "No Usable Permit Number"),
    ("numbers_for_texts", "Numbers in Place of Texts"),
    ("list_shrank", "List Suddenly Shorter"),
    ("data", "Value Refused"),
    ("constraint", "Refused by Odoo"),
    ("duplicate", "Sent Twice"),
    ("contact", "Contact Refused"),
    ("row_too_large", "Too Large"),
    ("unknown", "Not in Odoo"),
    ("internal", "Error in Odoo"),
    ("other", "Other"),
]


class SicantikSyncIssue(models.Model):
    """One thing that a run could not take over: what, why, and of which permit."""

    _name = "sicantik.sync.issue"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Sync Issue"
    _order = "id desc"
    _rec_name = "key"

    run_id = fields.Many2one(
        "sicantik.sync.run", required=True, ondelete="cascade", index=True
    )
    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    key = fields.Char(required=True)
    code = fields.Char(required=True)
    reason = fields.Selection(REASONS, compute="_compute_reason", store=True)
    message = fields.Char("As the Worker Says It")
    values = fields.Json()
    sentence = fields.Char("Issue", compute="_compute_sentence")
    detail = fields.Char("Technical Details", compute="_compute_sentence")
    permit_id = fields.Many2one(
        "sicantik.permit", index="btree_not_null", ondelete="set null"
    )

    retried_by_id = fields.Many2one(
        "sicantik.sync.run",
        "Retried by",
        index="btree_not_null",
        ondelete="set null",
    )
    retry_state = fields.Selection(
        related="retried_by_id.state", related_sudo=False, string="Retry"
    )
    is_retried = fields.Boolean(
        "Retried",
        compute="_compute_is_retried",
        search="_search_is_retried",
        help="A retry is under way, or came to its end.",
    )

    @api.depends("code")
    def _compute_reason(self):
        known = dict(REASONS)
        for issue in self:
            issue.reason = issue.code if issue.code in known else "other"

    @api.depends("code", "message", "values")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for issue in self:
            issue.sentence = issue_sentence(
                issue.env, issue.code, issue.message, issue.values
            )
            issue.detail = issue_detail(issue.env, issue.code, issue.message)

    @api.depends("retried_by_id.state", "retried_by_id.error_code")
    def _compute_is_retried(self):
        for issue in self:
            run = issue.retried_by_id
            issue.is_retried = bool(run) and not run._was_in_vain()

    @api.model
    def _search_is_retried(self, operator, value):
        waiting = [
            "|",
            ("retried_by_id", "=", False),
            ("retried_by_id", "any", self.retried_by_id._in_vain()),
        ]
        if compat.asks_for_true("is_retried", operator, value):
            return ["!", *waiting]
        return waiting

    def action_retry(self):
        """Order the details of the permits that the issues name, and the list for what
        came from the list; operators only.

        UserError when nothing can be retried, or when an open run does less.
        """
        self.check_access("read")
        self.config_id._require_operator()
        parts = defaultdict(self.browse)
        for issue in self:
            parts[issue.config_id, issue._retry_kind()] |= issue
        left_out = self.browse()
        for key in [key for key in parts if not key[1]]:
            left_out |= parts.pop(key)
        if not parts:
            raise UserError(
                self.env._(
                    "These issues name no permit that SICANTIK could be asked for: it "
                    "has no number or is not in Odoo any more. Press Sync Now to read "
                    "the whole list."
                )
            )
        runs = self.env["sicantik.sync.run"]
        for (config, kind), issues in parts.items():
            runs |= issues._retry(config, kind)
        return (self - left_out)._notification_of_retry(runs, left_out)

    def _retry_kind(self):
        """The kind of run that takes up what the issue names; None: there is none."""
        kind, permit = self.run_id.kind, self.permit_id
        of_detail = kind == "expiry" or (kind == "all" and permit)
        if kind == "compare" and permit.source_expiry_origin != "list":
            of_detail = (self.values or {}).get("field") == "expiry_date"
        if of_detail:
            return "expiry" if permit.permit_number else None
        return "types" if kind == "types" else "permits"

    def _retry(self, config, kind):
        """The run that retries these issues of ``config``; UserError."""
        config._require_active()
        # sudo: nobody may write runs and issues directly; the group was checked before
        issues = self.sudo()
        run, joined = issues.run_id._order_run(
            config,
            kind,
            full=kind == "permits",
            permits=issues.permit_id if kind == "expiry" else None,
        )
        if joined and not run._retries(issues):
            run._refuse_to_join()
        issues.retried_by_id = run
        return run.with_env(self.env)

    @api.model
    def _notification_of_retry(self, runs, left_out):
        """The client action: what is retried, what is not; it opens the runs."""
        message = self.env._("Issues that are retried: %(count)s.", count=len(self))
        if left_out:
            rest = self.env._(
                "Left out, because their permit has no number or is gone: %(count)s.",
                count=len(left_out),
            )
            message = f"{message} {rest}"
        action = runs[0].config_id._notification_of_order(runs[0], message)
        if len(runs) > 1:
            name = self.env._("Retry")
            action["params"]["title"] = name
            action["params"]["next"] = listed(
                self.env,
                RUNS.action,
                [("id", "in", runs.ids)],
                name=name,
                display_name=name,
            )
        return action
