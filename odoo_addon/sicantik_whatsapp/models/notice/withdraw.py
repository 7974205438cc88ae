"""A message that nobody got yet is stopped with its notice."""

from odoo import api, models

from odoo.addons.sicantik_notice.models.notice import HANDED_OVER

from ..message import OPEN


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _open_domain(self):
        message = ("whatsapp_message_ids.state", "in", OPEN)
        return ["|", message, *super()._open_domain()]

    def _is_open(self):
        return super()._is_open() or bool(self._open_messages())

    def _give_up(self):
        """Messages that wait are stopped; one that the worker has it is asked to."""
        result = super()._give_up()
        self._open_messages()._stop("withdrawn", tell=False)
        return result

    def _say_anew(self):
        """A message that no worker has yet is written anew."""
        result = super()._say_anew()
        for message in self._open_messages():
            if message.state == "queued":
                message._stop("withdrawn", tell=False)
                message.notice_id._begin_anew(message.notice_attempt)
        return result

    def _begin_anew(self, attempt):
        """Wait for the action again, unless something came of it since; call with
        sudo."""
        if self.state in HANDED_OVER and self.attempts == attempt:
            self._wait_again()
            self._wake_action()

    def _open_messages(self):
        return self.env["sicantik.whatsapp.message"].search(
            [("notice_id", "in", self.ids), ("state", "in", OPEN)]
        )
