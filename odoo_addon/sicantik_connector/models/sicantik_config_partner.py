from odoo import api, fields, models


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    partner_policy = fields.Selection(
        [
            ("none", "Do Not Link"),
            ("match", "Link Existing Contacts"),
            ("match_create", "Link or Create Contacts"),
        ],
        "Contacts",
        required=True,
        default="match",
        help="What a sync does with the contacts of applicants and companies.",
    )

    @api.model
    def _people_may_write(self, name):
        return name == "partner_policy" or super()._people_may_write(name)
