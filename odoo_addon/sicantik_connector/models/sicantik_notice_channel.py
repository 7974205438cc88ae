"""How a notice reaches its recipient: by e-mail, else through a person of the office.

An addon with a further channel adds it to the field (``selection_add``), puts its name
into ``_channels`` and brings ``_can_<channel>`` and ``_send_<channel>``.
"""

from odoo import models
from odoo.tools import email_normalize


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _channels(self):
        """The names of the channels, the one to be preferred first.

        The first whose ``_can_<channel>()`` says yes is chosen, once, when the notice
        becomes due. ``_send_<channel>()`` hands the notice over and returns nothing, or
        a code of ``wording/notices.py`` that says why it could not.
        """
        self.ensure_one()
        return ["email", "activity"]

    def _choose_channel(self):
        for notice in self:
            channel = next(
                name for name in notice._channels() if getattr(notice, f"_can_{name}")()
            )
            told_by = notice.config_id.user_id if channel == "activity" else False
            notice.write({"channel": channel, "user_id": told_by and told_by.id})

    def _can_email(self):
        """Whether the contact has an address, and the office one to write from."""
        to = email_normalize(self.partner_id.email or "")
        return bool(to and self.company_id.sicantik_sender)

    def _can_activity(self):
        """Always: somebody of the office telephones."""
        return True
