"""All configurations, and what they have too much of."""

from odoo import api, models


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _every_config(self):
        """All configurations, archived ones included: their records are there, too."""
        # sudo: only zones and limits are read; the records keep their own rules
        return self.sudo().search([("active", "in", [True, False])])

    @api.model
    def _some_of_each(self, records, domain_of, most):
        """``(found, more)``: at most ``most`` records of the model of ``records``, the
        oldest of each configuration first, that ``domain_of(config)`` describes, and
        whether there are more than these."""
        found = records.browse()
        for config in self._every_config():
            found |= records.search(
                [("config_id", "=", config.id), *domain_of(config)],
                order="id",
                limit=most + 1 - len(found),
            )
            if len(found) > most:
                return found[:most], True
        return found, False
