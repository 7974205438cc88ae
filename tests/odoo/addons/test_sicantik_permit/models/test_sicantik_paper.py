from odoo import fields, models


class TestSicantikPaper(models.Model):
    """Something that belongs to a permit, and follows it when it becomes one with
    another permit."""

    _name = "test.sicantik.paper"
    _description = "Paper of a Permit"

    name = fields.Char(required=True)
    permit_id = fields.Many2one(
        "sicantik.permit", required=True, index=True, ondelete="cascade"
    )
