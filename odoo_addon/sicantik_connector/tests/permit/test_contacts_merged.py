from datetime import datetime

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import GROUP
from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestContactsMerged(ContactCase):
    """Odoo's own merge of contacts, by a person who knows nothing of SICANTIK."""

    def setUp(self):
        super().setUp()
        groups = "base.group_user,base.group_partner_manager"
        self.clerk = self._user("contacts", groups)
        email = {"email": "contoh@example.test"}
        self.kept = self.partner(name="PEMOHON CONTOH", **email)
        self.double = self.partner(name="PEMOHON CONTOH, ALM.", **email)
        self.third = self.partner(name="P. CONTOH", **email)

    def merge(self, *sources):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.clerk)
        partners = self.kept.union(*sources)
        wizard = wizard.create(
            {
                "state": "selection",
                "partner_ids": partners.ids,
                "dst_partner_id": self.kept.id,
            }
        )
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(partners.exists() - self.kept)

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

    def test_permits_proposals_and_their_sources_follow(self):
        linked, chosen, removed = self.bring(3)
        linked.write({"partner_id": self.double.id, "partner_source": "phone_name"})
        chosen.with_user(self.operator).partner_id = self.third
        removed.with_user(self.operator).action_remove_contact()
        self.one.proposed_partner_id = self.double
        self.merge(self.double, self.third)
        self.assertEqual((linked | chosen).partner_id, self.kept)
        self.assertEqual(linked.partner_source, "phone_name")
        self.assertEqual(chosen.partner_source, "manual")
        self.assertFalse(removed.partner_id)
        self.assertEqual(removed.partner_source, "manual")
        self.assertEqual(self.one.proposed_partner_id, self.kept)
        self.assertEqual(self.kept.sicantik_permit_count, 2)

    def test_no_permit_is_lost_when_one_cannot_follow(self):
        """Odoo would delete both: it deletes what it cannot re-point."""
        permits = self.bring(2)
        permits.write({"partner_id": self.double.id})
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE sicantik_permit ADD CONSTRAINT in_test"
            " CHECK (partner_id <> %s OR id <> %s)",
            (self.kept.id, permits[1].id),
        )
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.merge(self.double)
        self.env.invalidate_all()
        self.assertEqual(permits.exists().partner_id, self.double)
        self.assertEqual(len(permits.exists()), 2)

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

    def test_the_whatsapp_number_fills_an_empty_one_only(self):
        self.double.whatsapp_number = "+6280012345678"
        self.merge(self.double)
        self.assertEqual(self.kept.whatsapp_number, "+6280012345678")
        self.third.whatsapp_number = "+6280087654321"
        self.merge(self.third)
        self.assertEqual(self.kept.whatsapp_number, "+6280012345678")

    def test_an_operator_merges_alike_and_no_remark_goes_astray(self):
        groups = f"{GROUP}operator,base.group_partner_manager"
        self.clerk = self._user("operating", groups)
        self.answer(self.kept, "opted_out", 7)
        self.answer(self.double, "opted_in", 5, "di loket")
        self.merge(self.double)
        self.assertAnswer("opted_out", 7)
