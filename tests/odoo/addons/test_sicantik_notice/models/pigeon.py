from odoo import fields, models


class TestSicantikPigeon(models.Model):
    """What the channel makes for each hand-over, and who brings its outcomes."""

    _name = "test.sicantik.pigeon"
    _description = "Pigeon"

    notice_id = fields.Many2one("sicantik.notice", required=True, ondelete="cascade")
    attempt = fields.Integer()

    def _report(self, outcome, at, **values):
        """What somebody far away says of it."""
        self.ensure_one()
        notice = self.sudo().notice_id
        notice._note_outcome(outcome, at, attempt=self.attempt, **values)
