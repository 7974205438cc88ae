from odoo import api, models


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def _order_models(self):
        """The worker asks for messages, too."""
        return [*super()._order_models(), "sicantik.whatsapp.message"]
