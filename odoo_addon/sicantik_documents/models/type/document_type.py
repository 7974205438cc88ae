"""What kinds of documents the office has."""

from odoo import fields, models


class SicantikDocumentType(models.Model):
    """Of one company, or of all. Managers keep them."""

    _name = "sicantik.document.type"
    _inherit = "sicantik.mixin"
    _description = "SICANTIK Document Type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="Whose documents have it. Empty: those of all companies.",
    )
