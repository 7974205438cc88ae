from datetime import datetime

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import GROUP
from odoo.addons.sicantik_connector.tests.permit.merge_case import MergeCase


@tagged("post_install", "-at_install", "sicantik")
class TestConsentMerged(MergeCase):
    """Answers about WhatsApp, when contacts are merged by a person who knows nothing of
    SICANTIK."""

    def answer(self, partner, consent, day, note=None):
        date = datetime(2026, 1, day)
        partner._set_whatsapp_consent(consent, "form", date, note)

    def assertAnswer(self, consent, day=None, note=False):
        self.assertEqual(self.kept.whatsapp_consent, consent)
        date = datetime(2026, 1, day) if day else False
        self.assertEqual(self.kept.whatsapp_consent_date, date)
        source = "form" if day else False
        self.assertEqual(self.kept.whatsapp_consent_source, source)
        self.assertEqual(self.kept.whatsapp_consent_note, note)

    def test_a_refusal_wins_over_a_later_agreement(self):
        self.answer(self.kept, "opted_in", 20, "di loket")
        self.answer(self.double, "opted_out", 5)
        self.merge(self.double)
        self.assertAnswer("opted_out", 5)
        bodies = "".join(self.kept.message_ids.mapped("body"))
        self.assertRegex(bodies, "Refused .*taken over from PEMOHON CONTOH, ALM.")

    def test_a_refusal_that_is_there_stays(self):
        self.answer(self.kept, "opted_out", 5)
        self.answer(self.double, "opted_in", 20, "di loket")
        self.merge(self.double)
        self.assertAnswer("opted_out", 5)

    def test_the_newest_refusal_of_several_stands(self):
        self.answer(self.double, "opted_out", 5)
        self.answer(self.third, "opted_out", 7, "lewat pesan")
        self.merge(self.double, self.third)
        self.assertAnswer("opted_out", 7, "lewat pesan")

    def test_of_two_agreements_the_newest_stands(self):
        self.answer(self.kept, "opted_in", 5, "di loket")
        self.answer(self.double, "opted_in", 20)
        self.merge(self.double)
        self.assertAnswer("opted_in", 20)

    def test_an_agreement_counts_for_who_was_not_asked(self):
        self.answer(self.double, "opted_in", 20)
        self.merge(self.double)
        self.assertAnswer("opted_in", 20)

    def test_nobody_was_asked(self):
        self.merge(self.double)
        self.assertAnswer("unknown")

    def test_an_operator_merges_alike_and_no_remark_goes_astray(self):
        groups = f"{GROUP}operator,base.group_partner_manager"
        self.clerk = self._user("operating", groups)
        self.answer(self.kept, "opted_out", 7)
        self.answer(self.double, "opted_in", 5, "di loket")
        self.merge(self.double)
        self.assertAnswer("opted_out", 7)
