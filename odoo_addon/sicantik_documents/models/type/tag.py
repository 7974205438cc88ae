"""Words by which an office sorts its documents."""

from odoo import fields, models


class SicantikDocumentTag(models.Model):
    """Of one company, or of all. Managers keep them."""

    _name = "sicantik.document.tag"
    _inherit = "sicantik.mixin"
    _description = "SICANTIK Document Tag"
    _order = "name, id"

    name = fields.Char(required=True)
    color = fields.Integer(export_string_translation=False)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        help="Whose documents have it. Empty: those of all companies.",
    )
