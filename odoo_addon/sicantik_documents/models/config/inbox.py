"""Whose permits the worker's inbox is for."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OWN = ("document_inbox", "document_inbox_ready")


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    document_inbox = fields.Boolean(
        "Inbox",
        default=lambda self: self._takes_inbox(),
        copy=False,
        tracking=True,
        help="Files that lie in the worker's inbox are sought among the permits of "
        "this configuration. One configuration has it.",
    )
    document_inbox_ready = fields.Boolean(
        "Ready at Once",
        tracking=True,
        help="A document that comes by the inbox and finds its permit is Ready, not a "
        "Draft.",
    )

    @api.model
    def _takes_inbox(self):
        """The only configuration has the inbox, unless somebody says otherwise. Those
        that are there at installation all get the same."""
        # sudo: also where one of another company has it
        configs = self.sudo()
        several = configs.search_count([("active", "=", True)], limit=2) == 2
        taken = [("document_inbox", "=", True)]
        return not several and not configs.search_count(taken, limit=1)

    @api.model
    def _people_may_write(self, name):
        return name in OWN or super()._people_may_write(name)

    @api.constrains("document_inbox", "active")
    def _check_one_inbox(self):
        taking = self._every_config().filtered(lambda c: c.document_inbox and c.active)
        if len(taking) > 1 and taking & self:
            other = (taking - self)[:1] or taking[:1]
            raise ValidationError(
                self.env._(
                    "The worker's inbox is for one configuration, and “%(other)s” has "
                    "it. Untick Inbox there first.",
                    other=other.name,
                )
            )
