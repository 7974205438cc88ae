from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    pigeon_loft = fields.Char()
