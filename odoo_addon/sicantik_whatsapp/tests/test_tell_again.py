from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .tell_case import OTHER, TellCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappTellAgain(TellCase):
    """What goes again on the same day, and what does not: by *Tell Selected*, or after
    the automatic reminder."""

    def test_one_message_for_one_number_however_often_it_is_sent(self):
        partner = self.agreed()
        permits = [self.permit_with(45, partner_id=partner.id) for _permit in range(3)]
        first = self.tell(*permits)
        self.assertEqual(len(first), 1)

        def nobody_else():
            found = self.notices._why_not_selected(
                self.permits.union(*permits), "office_contact"
            )
            codes = sorted(map(str, found.values()))
            self.assertEqual(codes, ["double", "double", "told_today"])

        nobody_else()
        self.assertTrue(self.tell(permits[1], kind="expiry_reminder"), "another text")
        self.run_action()
        nobody_else()
        self.claim()
        self.hear(first.whatsapp_message_ids, "delivered")
        nobody_else()
        with self.assertRaisesRegex(UserError, "Nobody gets"):
            self.tell(*permits)
        self.clock.tick(86_400)
        self.assertEqual(len(self.tell(*permits)), 1)

    def test_in_a_trial_each_own_number_counts_by_itself(self):
        self.config.write(
            {
                "all_notices_email": "uji@contoh.test",
                "all_notices_phone": "+6283601000999",
            }
        )
        partner = self.agreed()
        permits = [self.permit_with(45, partner_id=partner.id) for _permit in range(2)]
        self.tell(*permits)
        self.run_action()
        self.assertEqual(self.why(permits[1]), "double")
        self.assertFalse(self.why(self.of_who_agreed()))

    def test_the_same_on_one_day_is_one(self):
        permit = self.of_who_agreed()
        notice = self.tell(permit)
        self.assertEqual(self.why(permit), "told_today")
        with self.assertRaisesRegex(UserError, "Nobody gets"):
            self.tell(permit)
        self.assertTrue(self.tell(permit, kind="expiry_reminder"), "another text")
        self.run_action()
        key = notice.whatsapp_message_ids.content
        notice.unlink()
        again = self.tell(permit)
        self.run_action()
        self.assertEqual(again.whatsapp_message_ids.content, key, "restored")
        self.clock.tick(86400)
        later = self.tell(permit)
        self.run_action()
        self.assertNotEqual(later.whatsapp_message_ids.content, key)

    def test_who_gets_the_automatic_one_today_gets_no_other(self):
        permit = self.permit_told()
        self.assertEqual(self.why(permit, "expiry_reminder"), "reminded_today")
        self.assertFalse(self.why(permit), "another text")
        message = self.message_of(permit)
        self.claim()
        self.hear(message, "delivered")
        self.assertEqual(self.why(permit, "expiry_reminder"), "reminded_today")
        # Midnight of the office: 17:00 in UTC.
        self.clock.move_to("2026-03-10 16:59:00")
        self.assertEqual(self.why(permit, "expiry_reminder"), "reminded_today")
        self.clock.move_to("2026-03-10 17:00:00")
        self.assertFalse(self.why(permit, "expiry_reminder"))

    def test_an_automatic_one_that_told_nobody_hinders_nobody(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        message.with_user(self.operator).action_cancel()
        self.assertEqual(self.told(permit).state, "failed")
        self.assertFalse(self.why(permit, "expiry_reminder"))

    def test_where_nothing_went_out_today_it_goes_again(self):
        permit = self.of_who_agreed()
        notice = self.tell(permit)
        notice.with_user(self.operator).action_cancel()
        self.assertFalse(self.why(permit))
        self.assertEqual(self.tell(permit), notice)
        self.run_action()
        self.assertEqual(self.why(permit), "told_today")
        keys = set()
        for state, why in (("failed", "other"), ("cancelled", "by_hand")):
            message = notice.whatsapp_message_ids.sorted("id")[-1]
            keys.add(message.key)
            self.claim()
            self.hear(message, state, why=why)
            self.assertFalse(self.why(permit))
            self.assertEqual(self.tell(permit), notice)
            self.assertEqual(self.why(permit), "told_today")
            self.run_action()
        self.assertEqual(len(keys | set(notice.whatsapp_message_ids.mapped("key"))), 3)
        self.assertEqual(notice.state, "sent")

    def test_what_may_still_go_out_does_not_go_again(self):
        permit = self.of_who_agreed()
        notice = self.tell(permit)
        self.run_action()
        self.claim()
        message = notice.whatsapp_message_ids
        self.hear(message, "waiting")
        message.with_user(self.operator).action_cancel()
        self.assertEqual(self.why(permit), "told_today")
        self.hear(message, "unknown")
        self.assertEqual(self.why(permit), "told_today")
        self.hear(message, "cancelled")
        self.assertFalse(self.why(permit))

    def test_it_goes_again_to_the_contact_and_date_of_now(self):
        permit = self.of_who_agreed()
        notice = self.tell(permit, kind="expiry_reminder")
        notice.with_user(self.operator).action_cancel()
        permit.write({"partner_id": self.agreed(OTHER).id})
        permit.expiry_date = fields.Date.add(permit.expiry_date, days=30)
        self.assertEqual(self.tell(permit, kind="expiry_reminder"), notice)
        self.run_action()
        self.assertEqual(notice.whatsapp_message_ids.number, OTHER)
        self.assertEqual(notice.expiry_date, permit.expiry_date)
