"""Permits of contacts who agreed, and the dialog *Tell Selected*."""

from .whatsapp_case import WhatsappCase

OTHER = "+6283601000124"


class TellCase(WhatsappCase):
    def setUp(self):
        super().setUp()
        self.config.company_id.sicantik_contact = "0800 000 0000"
        self.numbers_given = 200

    def of_who_agreed(self, days=45, **values):
        """A permit of a contact with a number of its own."""
        self.numbers_given += 1
        partner = self.agreed(f"+6283601000{self.numbers_given}")
        return self.permit_with(days, partner_id=partner.id, **values)

    def wizard(self, *permits, kind="office_contact", user=None):
        chosen = self.permits.union(*permits).with_user(user or self.operator)
        context = chosen.action_whatsapp_tell()["context"]
        wizards = self.env["sicantik.whatsapp.tell"].with_user(user or self.operator)
        return wizards.with_context(**context).create({"kind": kind})

    def tell(self, *permits, **values):
        """The notices that the button makes."""
        action = self.wizard(*permits, **values).action_tell()
        return self.notices.search(action["domain"])

    def why(self, permit, kind="office_contact"):
        return self.notices._why_not_selected(permit, kind)[permit]
