"""What a person may tell by *Tell Selected*: texts that fit a permit without an event.

They go by WhatsApp or not at all: who cannot be reached by it is counted before, and
told in another way by whoever pressed the button. Texts of advertising are none.
"""

from odoo import api, fields, models

REMINDER, CONTACT = "expiry_reminder", "office_contact"
CHOSEN = (REMINDER, CONTACT)
# Says word for word what another kind says: nobody has it approved twice.
BORROWED = {REMINDER: "permit_expiring"}
# Behind everything that happens by itself.
LATER = 20


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    kind = fields.Selection(
        selection_add=[
            (REMINDER, "Office Reminder"),
            (CONTACT, "Contact Office"),
        ],
        ondelete={REMINDER: "cascade", CONTACT: "cascade"},
    )

    def _channels(self):
        return ["whatsapp"] if self.kind in CHOSEN else super()._channels()

    def _send_whatsapp(self):
        """What a person sends to many waits behind what happened by itself."""
        before = self.whatsapp_message_ids
        refusal = super()._send_whatsapp()
        if self.kind in CHOSEN:
            (self.whatsapp_message_ids - before).priority = LATER
        return refusal

    def _overtaken_expiry_reminder(self):
        return self._overtaken_permit_expiring()

    def _holders_expiry_reminder(self):
        return self._holders_permit_expiring()

    def _holders_office_contact(self):
        return self._holders_permit_expiring()

    def _counts_days(self):
        return self.kind == REMINDER or super()._counts_days()


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    @api.model
    def _kinds(self):
        """Without those that another text says."""
        return [kind for kind in super()._kinds() if kind[0] not in BORROWED]

    @api.model
    def _of_kind(self, kind, language):
        return super()._of_kind(BORROWED.get(kind, kind), language)
