"""Configurations of one SICANTIK host: one server, however many companies ask it."""

from odoo import api, fields, models

from ..tools.urls import host_of


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    source_host = fields.Char(compute="_compute_source_host", store=True, index=True)

    @api.depends("api_url")
    def _compute_source_host(self):
        for config in self:
            config.source_host = host_of(config.api_url)

    def _of_same_host(self):
        """The configurations of the hosts of these, archived ones, too."""
        configs = self.with_context(active_test=False)
        return configs.search([("source_host", "in", self.mapped("source_host"))])

    def _lease_holders(self):
        """The worker instances that may speak to the SICANTIKs of these now."""
        configs = self.with_context(active_test=False).search(
            [
                ("source_host", "in", self.mapped("source_host")),
                ("lease_worker", "!=", False),
                ("lease_until", ">=", fields.Datetime.now()),
            ]
        )
        return set(configs.mapped("lease_worker"))

    def _rate_of_host(self):
        """Calls a second: of several active configurations of one host the lowest."""
        self.ensure_one()
        same = self.search(
            [("source_host", "=", self.source_host), ("active", "=", True)]
        )
        return min((self | same).mapped("rate_limit"))
