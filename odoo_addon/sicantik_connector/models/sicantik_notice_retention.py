"""What was written, and to where, is erased after a while; that it was sent stays."""

from datetime import timedelta

from odoo import api, fields, models

# Notices of one transaction, as for runs: their e-mails and messages go with them.
ERASED_AT_ONCE = 500


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _erase_addresses(self):
        """Erase addresses, e-mails and the words of mail servers (which name addresses)
        that are older than their configuration keeps them; call with sudo.

        Returns whether there are more than went in this call.
        """
        now = fields.Datetime.now()

        def old_of(config):
            before = now - timedelta(days=config.keep_addresses_days)
            return [
                ("state", "!=", "due"),
                ("date_due", "<", before),
                "|",
                "|",
                ("address", "!=", False),
                ("mail_id", "!=", False),
                ("reason_detail", "!=", False),
            ]

        configs = self.env["sicantik.config"]
        old, more = configs._some_of_each(self, old_of, ERASED_AT_ONCE)
        old.mail_id.unlink()
        old.write({"address": False, "reason_detail": False})
        return more
