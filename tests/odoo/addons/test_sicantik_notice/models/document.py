from odoo import fields, models


class TestSicantikDocument(models.Model):
    """A record without a chatter, of which people of the office are told."""

    _name = "test.sicantik.document"
    _description = "Document"

    name = fields.Char(required=True)
    signed = fields.Boolean()
