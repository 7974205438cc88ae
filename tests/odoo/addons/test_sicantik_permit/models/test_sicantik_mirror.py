"""A reader: somewhere else is a copy of what a permit says, and it is kept true."""

from odoo import fields, models


class TestSicantikMirror(models.Model):
    _name = "test.sicantik.mirror"
    _description = "Copy of the Permits of an Office"

    config_id = fields.Many2one("sicantik.config", required=True, ondelete="cascade")
    position = fields.Char(help="Kept as it was given, and never looked into.")
    copies = fields.Json()

    def _catch_up(self, limit=1000):
        """Read pages until a sweep has ended; the ids that came."""
        self.ensure_one()
        permits = self.env["sicantik.permit"]
        copies, came = dict(self.copies or {}), []
        more = True
        while more:
            ids, self.position = permits._changed_since(
                self.config_id, self.position, limit
            )
            for permit in permits.browse(ids):
                copies[str(permit.id)] = [permit.status, permit.ending]
            came += ids
            more = len(ids) == limit
        self.copies = copies
        return came
