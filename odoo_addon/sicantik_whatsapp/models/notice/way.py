"""Whether a notice can go by WhatsApp: to which number, by which account, with which
text. A person must have agreed; in a trial it goes to the office's own number."""

from odoo import models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_notice.models.notice import APPLICANT

from ...tools.numbers import writable


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _whatsapp_way(self):
        """``(account, text, number, values)``, or None when there is no way; the first
        account that may carry it. Ask for it with sudo."""
        number = self._whatsapp_to()
        text = number and self.env["sicantik.whatsapp.template"]._of_kind(
            self._whatsapp_kind(), self.language
        )
        if not text:
            return None
        accounts = self.env["sicantik.whatsapp.account"]._of(self.config_id)
        ways, values = accounts._ways(text), text._values_of(self)
        if not ways or text._lacks(values, text._beside_of(self)):
            return None
        [(account, _registration), *_others] = ways
        return account, text, number, values

    def _whatsapp_kind(self):
        """The kind of the text."""
        return self.kind

    def _whatsapp_to(self):
        """The number to write to in E.164, or False: that of a contact who agreed, who
        is not archived, and whose number WhatsApp may have. During a trial that of *All
        Notices To*."""
        partner = self.partner_id
        if not partner.active:
            return False
        own = self._whatsapp_own_number()
        instead = self._number(own)
        if own and instead != own:
            return writable(instead)
        agreed = partner.whatsapp_consent == "opted_in"
        return agreed and own != partner.whatsapp_unreachable and own

    def _whatsapp_own_number(self):
        """The recipient's first number that WhatsApp may have."""
        numbers = self.partner_id._whatsapp_own()
        if self.recipient_type == APPLICANT:
            numbers.insert(1, self.permit_id.whatsapp_number)
        return next(filter(None, map(writable, numbers)), False)

    def _may_whatsapp(self, message):
        """Whether ``message`` still goes to the number to which the notice may go."""
        return bool(self) and self._whatsapp_to() == message.number


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _whatsapp_own(self):
        """The numbers of the contact, the surest first, each as it was written."""
        return [self[name] for name in ("whatsapp_number", *compat.PARTNER_PHONES)]
