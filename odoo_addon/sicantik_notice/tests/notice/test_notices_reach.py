from datetime import datetime, timedelta
from itertools import product

from odoo.tests import tagged

from .notice_case import EMAIL, NoticeCase

# 20:00 and 08:59:59 in Jakarta.
EVENING, LATE_NIGHT = datetime(2026, 3, 10, 13, 0), datetime(2026, 3, 11, 1, 59, 59)
MORNING = datetime(2026, 3, 11, 2, 0)


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesReach(NoticeCase):
    """A notice reaches somebody, by day, whatever became of the contact meanwhile."""

    def asked(self, permit, notice, how):
        """The office was asked, and nobody was written to."""
        self.assertEqual((notice.state, notice.channel), ("sent", "activity"), how)
        self.assertEqual(self.activities(permit).user_id, self.operator, how)
        self.assertFalse(self.mails(permit), how)

    # Archived contacts

    def test_an_archived_contact_is_not_written_to(self):
        for when in ("before", "meanwhile"):
            contact = self.partner(phone="0800 999")
            permit = self.permit_with(90, partner_id=contact.id)
            if when == "before":
                contact.active = False
            self.find()
            contact.active = False
            self.send()
            notice = self.told(permit)
            self.asked(permit, notice, when)
            self.assertFalse(notice.partner_id, "as without a contact")
            note = self.activities(permit).note
            self.assertNotIn(EMAIL, note)
            self.assertNotIn("0800 999", note)

    def test_an_archived_contact_is_told_of_no_decision(self):
        contact = self.partner()
        permit = self.permit_with(300, partner_id=contact.id)
        for event in ("x:1", "x:2"):
            self.notices._tell(permit, "status_update", event)
            contact.active = False
            self.run_action()
            notice = self.about(permit).filtered(lambda n, e=event: n.event == e)
            self.asked(permit, notice, event)

    def test_of_two_holders_one_is_archived(self):
        """Of a renewal the other one is told, and the office is asked for the first."""
        first, second = (
            self.partner("satu@contoh.test"),
            self.partner("dua@contoh.test"),
        )
        older = self.permit_with(5, partner_id=first.id)
        older |= self.permit_with(6, partner_id=second.id)
        newer = self.permit_with(700, issue_date=self.TODAY)
        self.config.notice_steps = ""
        older._mark_renewed(newer)
        first.active = False
        self.run_action()
        told = self.about(newer)
        self.assertEqual(sorted(told.mapped("channel")), ["activity", "email"])
        self.assertEqual(set(told.mapped("state")), {"sent"})
        self.assertEqual(self.mails(newer).recipient_ids, second)

    def test_one_that_is_active_again_is_written_to(self):
        contact = self.partner(active=False)
        permit = self.permit_with(90, partner_id=contact.id)
        self.find()
        contact.active = True
        self.send()
        self.assertEqual(self.told(permit).address, EMAIL)

    def test_whatever_becomes_of_a_contact_at_each_step(self):
        """Merged, archived, deleted, emptied: before it is found, before it is sent,
        after it failed. Each time somebody is told, once."""
        for what, when in product(
            ("merged", "archived", "deleted", "emptied"), ("found", "sent", "failed")
        ):
            with self.subTest(what, when=when):
                contact, other = self.partner(), self.partner("lain@contoh.test")
                permit = self.permit_with(90, partner_id=contact.id)
                steps = {"found": [], "sent": [self.find], "failed": [self.run_action]}
                for step in steps[when]:
                    step()
                if when == "failed":
                    self.told(permit)._note_outcome(
                        "failed", "2026-03-10 03:01:00", code="mail"
                    )
                first = self.mails(permit)
                self.change(contact, other, what)
                if when == "failed":
                    self.told(permit).with_user(self.operator).action_send_again()
                self.run_action()
                self.run_action()
                notice = self.told(permit)
                self.assertEqual(len(notice), 1)
                self.assertEqual(notice.state, "sent")
                new = self.mails(permit) - first
                written = what == "merged"
                self.assertEqual(len(new), int(written))
                self.assertEqual(len(self.activities(permit)), int(not written))
                if written:
                    self.assertEqual(notice.address, "lain@contoh.test")

    def change(self, contact, other, what):
        if what == "merged":
            wizard = self.env["base.partner.merge.automatic.wizard"].create(
                {
                    "partner_ids": [(6, 0, (contact | other).ids)],
                    "dst_partner_id": other.id,
                }
            )
            wizard.action_merge()
        elif what == "archived":
            contact.active = False
        elif what == "deleted":
            contact.unlink()
        else:
            contact.email = False
        self.env.invalidate_all()

    def test_who_got_an_address_meanwhile_is_written_to(self):
        for how in ("entered", "merged"):
            contact, other = self.partner(False), self.partner("lain@contoh.test")
            permit = self.permit_with(90, partner_id=contact.id)
            self.find()
            self.assertEqual(self.told(permit).channel, "activity")
            if how == "merged":
                self.change(contact, other, how)
            else:
                contact.email = "lain@contoh.test"
            self.run_action()
            notice = self.told(permit)
            self.assertEqual((notice.state, notice.channel), ("sent", "email"), how)
            self.assertEqual(notice.address, "lain@contoh.test")
            self.assertFalse(self.activities(permit))

    # Several addresses in one field

    def test_several_addresses_are_all_used(self):
        both = "satu@contoh.test, dua@contoh.test"
        for text in (
            "satu@contoh.test; dua@contoh.test",
            "satu@contoh.test,dua@contoh.test",
            "satu@contoh.test / dua@contoh.test",
            "Budi <satu@contoh.test>; Ani <dua@contoh.test>",
            "satu@contoh.test dan dua@contoh.test",
            "satu@contoh.test\ndua@contoh.test; tidak ada",
        ):
            permit = self.permit_with(90, partner_id=self.partner(text).id)
            self.run_action()
            notice = self.told(permit)
            self.assertEqual((notice.state, notice.address), ("sent", both), text)
            self.assertEqual(notice.mail_id.email_to, both)
            [letter] = notice.mail_id._prepare_outgoing_list()
            self.assertEqual(len(letter["email_to"]), 2)

    def test_what_stands_beside_an_address_is_no_part_of_it(self):
        """Odoo itself would write to satu@contoh.test08123456789."""
        for text in (
            "satu@contoh.test 08123456789",
            "satu@contoh.test / 08123456789",
            "satu@contoh.test - 0812",
            "satu@contoh.test | hp 0812",
            "Email satu@contoh.test / HP 0812",
            "HP 0812 3456 7890, e-mail: satu@contoh.test",
            "satu@contoh.test; -",
        ):
            permit = self.permit_with(90, partner_id=self.partner(text).id)
            self.run_action()
            notice = self.told(permit)
            self.assertEqual(notice.address, "satu@contoh.test", text)
            letters = notice.mail_id._prepare_outgoing_list()
            sent_to = [letter["email_to_normalized"] for letter in letters]
            self.assertEqual(sent_to, [["satu@contoh.test"]], text)

    def test_what_is_no_address_stands_in_the_activity(self):
        for text in (
            "budi at contoh",
            "budi santoso@contoh.test",
            "budi@contoh.test tidak aktif",
            "budi@contoh,test",
            "budi@contoh.co id",
        ):
            permit = self.permit_with(90, partner_id=self.partner(text).id)
            self.run_action()
            self.assertFalse(self.told(permit).mail_id, text)
            self.assertIn(text, self.activities(permit).note)

    # By day

    def test_nothing_goes_out_at_night_however_late_it_is(self):
        permits = [
            self.permit_with(90, partner_id=self.partner().id),
            self.permit_with(90),
        ]
        self.find()
        for moment in (EVENING, LATE_NIGHT):
            self.clock.move_to(moment)
            self.assertFalse(self.send())
            self.assertEqual(set(self.told(*permits).mapped("state")), {"due"})
            self.assertEqual(set(self.told(*permits).mapped("date_due")), {MORNING})
        action = self.env.ref("sicantik_notice.cron_notices")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        self.assertIn(MORNING, woken.mapped("call_at"))
        self.clock.move_to(MORNING)
        self.run_action()
        self.assertEqual(set(self.told(*permits).mapped("state")), {"sent"})

    def test_sent_again_at_night_waits_for_the_morning(self):
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        notice = self.told(permit)
        notice._note_outcome("failed", "2026-03-10 03:01:00", code="mail")
        self.clock.move_to(EVENING)
        notice.with_user(self.operator).action_send_again()
        self.assertEqual(notice.date_due, MORNING)

    def test_what_stands_in_odoo_s_queue_in_the_evening_waits_there(self):
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        mail = self.told(permit).mail_id
        other = self.env["mail.mail"].create({"email_to": "lain@contoh.test"})
        for moment, held in (
            (EVENING - timedelta(seconds=1), False),
            (EVENING, True),
            (LATE_NIGHT, True),
        ):
            self.clock.move_to(moment)
            self.env["mail.mail"].process_email_queue([0])
            self.assertEqual(mail.scheduled_date, MORNING if held else False, moment)
        self.assertFalse(other.scheduled_date, "others' business")
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self.assertIn(MORNING, woken.mapped("call_at"))

    # What is erased

    def test_the_first_e_mail_that_failed_is_erased_too(self):
        contact = self.partner("salah@contoh.test")
        permit = self.permit_with(90, partner_id=contact.id)
        self.run_action()
        notice = self.told(permit)
        first = notice.mail_id
        notice._note_outcome("failed", "2026-03-10 03:01:00", code="mail")
        contact.email = EMAIL
        notice.with_user(self.operator).action_send_again()
        self.run_action()
        both = first | notice.mail_id
        self.assertEqual(len(both), 2)
        self.clock.tick(timedelta(days=91))
        self.keep_house()
        self.assertFalse(both.exists())
        self.assertFalse(notice.earlier_mail_ids)
