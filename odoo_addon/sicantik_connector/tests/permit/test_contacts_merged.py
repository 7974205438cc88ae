from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_case import MergeCase


@tagged("post_install", "-at_install", "sicantik")
class TestContactsMerged(MergeCase):
    """Odoo's own merge of contacts, by a person who knows nothing of SICANTIK."""

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

    def test_the_whatsapp_number_fills_an_empty_one_only(self):
        self.double.whatsapp_number = "+6280012345678"
        self.merge(self.double)
        self.assertEqual(self.kept.whatsapp_number, "+6280012345678")
        self.third.whatsapp_number = "+6280087654321"
        self.merge(self.third)
        self.assertEqual(self.kept.whatsapp_number, "+6280012345678")
