"""*Find Contacts*: people have contacts found for permits that are there already."""

from odoo import models
from odoo.exceptions import UserError

# Permits in one look-up.
BATCH = 500


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def action_find_contacts(self):
        """Find the contacts of these permits by the rules of a sync; operators only."""
        self.check_access("write")
        # sudo: contacts and sources are a sync's to write; access was checked above
        configs = self.env["sicantik.config"]._worker_env()
        permits = configs.env[self._name].browse(self.ids)
        if all(c.partner_policy == "none" for c in permits.config_id):
            raise UserError(
                self.env._(
                    "Contacts are switched off. A manager can switch them on in the "
                    "configuration, under Contacts."
                )
            )
        before = permits._contact_counts()
        refused = []
        for config in permits.config_id:
            own = permits.filtered(lambda p, config=config: p.config_id == config)
            for start in range(0, len(own), BATCH):
                refused += own[start : start + BATCH]._link_contacts(config)
        linked, proposed = permits._contact_counts()
        return self._notification_of_contacts(
            linked - before[0], proposed - before[1], refused
        )

    def _contact_counts(self):
        """``(linked, proposed)``"""
        linked = self.filtered("partner_id")
        return len(linked), len(self.filtered("proposed_partner_id"))

    def _notification_of_contacts(self, linked, proposed, refused):
        message = self.env._(
            "%(linked)s linked, %(proposed)s proposed.",
            linked=max(linked, 0),
            proposed=max(proposed, 0),
        )
        if refused:
            more = self.env._(
                "%(count)s refused; the first: %(reason)s",
                count=len(refused),
                reason=refused[0][1],
            )
            message = f"{message} {more}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "title": self.env._("Contacts"),
                "message": message,
                "sticky": bool(refused),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
