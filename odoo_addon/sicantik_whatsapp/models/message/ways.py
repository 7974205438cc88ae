"""By which accounts a message may go: its own first, then the others of its
configuration, each under the name that its provider knows the text by."""

from odoo import models


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    def _carriers(self):
        """The active accounts that may carry it, in their order; a test is one of its
        own account."""
        own = self.account_id
        if self.is_test:
            return own.filtered("active")
        accounts = own._of(self.config_id)
        return (own & accounts) | accounts

    def _ways_now(self, accounts):
        """``[{"account": uuid, "text": name}]`` of ``accounts``, as they are now; call
        with sudo. Empty: nobody may carry it, and it has to be written anew.

        What a worker had already keeps the way that it was given: it may have gone out
        by it.
        """
        own, text = self.account_id, self.text_id
        kept = [{"account": own.uuid, "text": self.text_name}]
        if self.is_test:
            return kept
        others = accounts.filtered(lambda one: one.config_id == self.config_id)
        ways = ((own & others) | others)._ways(text) if self._is_as_written() else []
        named = [{"account": a.uuid, "text": known.name} for a, known in ways]
        return named or (self.state == "claimed" and kept) or []

    def _is_as_written(self):
        """Whether its text has still the words that its values were made for."""
        text = self.text_id
        return text.body == self.body and len(text._names()) == self.variables
