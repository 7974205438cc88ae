from odoo import api, fields, models

from ..wording import issue_sentence

REASONS = [
    ("differs", "Differs"),
    ("only_in_sicantik", "Only in SICANTIK"),
    ("only_in_odoo", "Only in Odoo"),
    ("sicantik_unavailable", "SICANTIK Did Not Answer"),
    ("bad_row", "Unreadable"),
    ("registration_missing", "No Registration Number"),
    ("number_unusable", "No Usable Permit Number"),
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
    permit_id = fields.Many2one(
        "sicantik.permit", index="btree_not_null", ondelete="set null"
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
