"""Where a message went, and what it said, is erased after a while; that it was sent
stays."""

from datetime import timedelta

from odoo import api, fields, models

from .message import ENDED, OPEN

# Messages of one transaction.
ERASED_AT_ONCE = 500
ERASED = ("number", "parameters", "button", "header", "detail")


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    @api.model
    def _erase_numbers(self, config):
        """Erase numbers and values of messages that are older than ``config`` keeps
        addresses; call with sudo. Returns whether there may be more."""
        before = fields.Datetime.now() - timedelta(days=config.keep_addresses_days)
        self._end_forgotten(config, before)
        old = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "in", ENDED),
                ("date_queued", "<", before),
                *["|"] * (len(ERASED) - 1),
                *((name, "!=", False) for name in ERASED),
            ],
            order="id",
            limit=ERASED_AT_ONCE,
        )
        old.write(dict.fromkeys(ERASED, False))
        return len(old) == ERASED_AT_ONCE

    @api.model
    def _end_forgotten(self, config, before):
        """End messages that still wait from ``before``, by whoever forgot them."""
        forgotten = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "in", OPEN),
                ("date_queued", "<", before),
            ],
            order="id",
            limit=ERASED_AT_ONCE,
        )
        forgotten._lock()
        waiting = forgotten.filtered(lambda message: message.state == "queued")
        waiting._end("expired", "expired")
        (forgotten - waiting)._end("unknown", False)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def unlink(self):
        """Its messages go before its accounts, which nobody deletes beneath them."""
        self.check_access("unlink")
        # sudo: nobody deletes messages; whoever may delete all of it may
        messages = self.env["sicantik.whatsapp.message"].sudo()
        messages.search([("config_id", "in", self.ids)]).unlink()
        return super().unlink()

    @api.model
    def _housekeeping(self):
        return [*super()._housekeeping(), "_end_messages", "_erase_messages"]

    def _end_messages(self):
        """Whether there may be more messages that came too late."""
        return self.env["sicantik.whatsapp.message"]._end_useless()

    def _erase_messages(self):
        """Whether there may be more than went in this call."""
        return self.env["sicantik.whatsapp.message"]._erase_numbers(self)
