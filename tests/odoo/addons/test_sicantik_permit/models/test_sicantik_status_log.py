from odoo import fields, models


class TestSicantikStatusLog(models.Model):
    """A line for each change of a permit's status. It goes with its permit."""

    _name = "test.sicantik.status.log"
    _description = "Change of a Permit's Status"
    _order = "id"

    permit_id = fields.Many2one("sicantik.permit", required=True, ondelete="cascade")
    old_status = fields.Char(required=True)
    new_status = fields.Char(required=True)
