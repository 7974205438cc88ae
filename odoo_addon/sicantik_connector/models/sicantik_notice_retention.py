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
        old, now = self.browse(), fields.Datetime.now()
        configs = self.env["sicantik.config"].with_context(active_test=False)
        for config in configs.search([("id", "!=", False)]):
            before = now - timedelta(days=config.keep_addresses_days)
            old |= self.search(
                [
                    ("config_id", "=", config.id),
                    ("state", "!=", "due"),
                    ("date_due", "<", before),
                    "|",
                    "|",
                    ("address", "!=", False),
                    ("mail_id", "!=", False),
                    ("reason_detail", "!=", False),
                ],
                order="id",
                limit=ERASED_AT_ONCE + 1 - len(old),
            )
            if len(old) > ERASED_AT_ONCE:
                break
        gone = old[:ERASED_AT_ONCE]
        gone.mail_id.unlink()
        gone.write({"address": False, "reason_detail": False})
        return len(old) > ERASED_AT_ONCE
