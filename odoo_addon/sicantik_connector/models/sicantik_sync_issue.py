from odoo import fields, models


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
    message = fields.Char()
    permit_id = fields.Many2one(
        "sicantik.permit", index="btree_not_null", ondelete="set null"
    )
