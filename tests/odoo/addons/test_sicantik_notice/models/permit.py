from odoo import fields, models


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    ending = fields.Selection(
        selection_add=[("frozen", "Frozen")],
        ondelete={"frozen": lambda permits: permits.write({"ending": "cancelled"})},
    )
