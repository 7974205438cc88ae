"""People who may give, see or not see an answer about WhatsApp notices."""

from odoo import fields

from odoo.addons.sicantik_connector.tests.common import GROUP, SicantikCase

DATE, SOURCE = "whatsapp_consent_date", "whatsapp_consent_source"


class ConsentCase(SicantikCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = "base.group_user,base.group_partner_manager"
        cls.employee = cls._user("employee", contacts)
        cls.clerk = cls._user("clerk", f"{contacts},{GROUP}operator")
        cls.person = cls.env["res.partner"].create({"name": "PEMOHON CONTOH"})

    def assertConsent(self, partner, consent, source=False, date=False):
        self.assertEqual(partner.whatsapp_consent, consent)
        self.assertEqual(partner.whatsapp_consent_source, source)
        date = fields.Datetime.to_datetime(date) or False
        self.assertEqual(partner.whatsapp_consent_date, date)

    def last_note(self, partner=None):
        return (partner or self.person).message_ids[:1]
