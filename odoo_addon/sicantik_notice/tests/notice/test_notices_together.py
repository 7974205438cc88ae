from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.notice import send
from .notice_case import EMAIL, NoticeCase
from .test_notices_mail import TestNoticesMail as Mail

PHONE = "0812 3456 7890"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesTogether(NoticeCase):
    """An applicant with several permits due at once gets one message."""

    without_mail_server = Mail.without_mail_server

    def setUp(self):
        super().setUp()
        self.holder = self.partner()

    def held(self, *days, **values):
        values = {"partner_id": self.holder.id, **values}
        return [self.permit_with(number, **values) for number in days]

    def test_one_e_mail_tells_of_all(self):
        later, first, other = self.held(60, 7, 90)
        alone = self.permit_with(30, partner_id=self.partner("lain@contoh.test").id)
        self.run_action()
        notices = self.told(first, later, other)
        mail = notices.mail_id
        self.assertEqual(len(mail), 1)
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertEqual(set(notices.mapped("address")), {EMAIL})
        self.assertEqual(mail.res_id, first.id, "what ends first leads")
        self.assertEqual(
            mail.subject, "Pengingat masa berlaku izin 503/0002/CTH/2025 (+2)"
        )
        text = str(mail.body_html)
        self.assertIn("juga akan berakhir", text)
        for words in ("503/0001/CTH/2025, berlaku sampai 9 Mei 2026 (60 hari lagi)",):
            self.assertIn(words, text)
        for permit in (first, later, other):
            self.assertEqual(text.count(permit.permit_number), 1)
            self.assertIn("Izin Anda akan segera berakhir", self.told(permit).message)
        own = self.told(alone).mail_id
        self.assertNotEqual(own, mail)
        self.assertNotIn("juga akan berakhir", own.body_html)
        self.assertNotIn("(+", own.subject)

    def test_a_text_of_the_office_s_own_tells_of_all(self):
        text = self.env.ref("sicantik_notice.mail_template_permit_expiring_id")
        text.write({"subject": "Surat kantor", "body_html": "<p>Kata kantor</p>"})
        first, second = self.held(7, 30)
        self.run_action()
        mail = self.told(first).mail_id
        self.assertEqual(mail.subject, "Surat kantor (+1)")
        self.assertIn("Kata kantor", mail.body_html)
        self.assertIn(second.permit_number, mail.body_html)

    def test_in_english(self):
        self.config.company_id.sicantik_notice_language = "en"
        first, _second = self.held(7, 30)
        self.run_action()
        mail = self.told(first).mail_id
        self.assertIn("Your other permits that are about to expire:", mail.body_html)
        self.assertIn("valid until 9 April 2026 (30 days left)", mail.body_html)

    def test_one_call_tells_of_all(self):
        person = {"partner_id": False, "applicant_phone": PHONE}
        first, second = self.held(7, 30, **person)
        stranger = self.permit_with(
            30, applicant_name="ORANG LAIN", applicant_phone=PHONE
        )
        nobody = self.held(30, 30, partner_id=False)
        self.run_action()
        activity = self.told(first, second).activity_id
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.res_id, first.id)
        self.assertIn("(+1)", activity.summary)
        self.assertIn(second.permit_number, activity.note)
        self.assertEqual(len(self.told(stranger, *nobody).activity_id), 3)
        self.assertFalse(self.activities(second))
        self.assertIn(first.permit_number, second.message_ids.mapped("body")[0])

    def test_a_company_is_known_by_its_tax_number(self):
        firm = {"company_name": "PT CONTOH", "company_npwp": "01.234.567.8-901.000"}
        permits = [
            self.permit_with(
                30,
                applicant_name=f"DIREKTUR {n}",
                applicant_phone=f"0812345678{n}0",
                **firm,
            )
            for n in range(2)
        ]
        self.run_action()
        activity = self.told(*permits).activity_id
        self.assertEqual(len(activity), 1)
        self.assertIn("DIREKTUR 1", activity.note)
        self.assertIn("08123456781", activity.note, "whom to ask for, and where")

    def test_the_next_step_keeps_one_call_for_all(self):
        person = {"partner_id": False, "applicant_phone": PHONE}
        first, second = self.held(60, 90, **person)
        third = self.permit_with(120, applicant_phone=PHONE)
        self.run_action()
        activity = self.told(first).activity_id
        self.clock.tick(timedelta(days=30))
        self.run_action()
        self.assertEqual(self.told(first, second, third).activity_id, activity)
        for permit in (first, second, third):
            self.assertIn(permit.permit_number, activity.note)

    def test_two_calls_that_become_one(self):
        person = {"partner_id": False, "applicant_phone": PHONE}
        [first] = self.held(90, **person)
        self.run_action()
        self.clock.tick(timedelta(days=1))
        [second] = self.held(91, **person)
        self.run_action()
        self.assertEqual(len(self.told(first, second).activity_id), 2)
        self.clock.tick(timedelta(days=29 + 1))
        self.run_action()
        self.assertEqual(len(self.told(first, second).activity_id), 1)

    def test_of_a_contact_that_is_gone_there_is_one_call(self):
        """Permits that say nothing of their applicant, neither name nor number."""
        for gone in ("archived", "deleted"):
            for found in (False, True):
                with self.subTest(gone, found=found):
                    holder, stranger = self.partner(), self.partner()
                    permits = self.held(
                        7, 30, 60, partner_id=holder.id, applicant_name=False
                    )
                    # Of a contact that is deleted before, nothing is known.
                    if found or gone == "deleted":
                        self.find()
                    other = self.held(30, partner_id=stranger.id, applicant_name=False)
                    (holder | stranger).write({"active": False})
                    if gone == "deleted":
                        holder.unlink()
                        self.env.invalidate_all()
                    self.run_action()
                    call = self.told(*permits).activity_id
                    self.assertEqual(len(call), 1)
                    for permit in permits:
                        self.assertIn(permit.permit_number, call.note)
                    self.assertNotEqual(self.told(*other).activity_id, call)

    def test_what_failed_is_sent_again_for_one_permit(self):
        first, second = self.held(7, 30)
        self.run_action()
        both = self.told(first, second)
        mail = both.mail_id
        with self.without_mail_server():
            mail.send()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(set(both.mapped("state")), {"failed"})
        again = self.told(second)
        again.with_user(self.operator).action_send_again()
        self.assertEqual(both.mapped("state"), ["failed", "due"])
        self.assertEqual(mail.state, "cancel")
        self.run_action()
        self.assertEqual(both.mapped("state"), ["failed", "sent"])
        self.assertEqual(self.told(first).mail_id, mail)
        self.assertNotIn(first.permit_number, again.mail_id.body_html)
        self.assertEqual(again.mail_id.res_id, second.id)

    def test_the_first_alone_again_takes_nobody_along(self):
        first, second = self.held(7, 30)
        self.run_action()
        both = self.told(first, second)
        mail = both.mail_id
        for notice in both:
            notice._note_outcome("failed", "2026-03-10 03:01:00", code="mail")
        self.told(first).with_user(self.operator).action_send_again()
        self.run_action()
        self.assertEqual(self.told(second).mail_id, mail)
        self.assertNotIn(second.permit_number, self.told(first).mail_id.body_html)

    def test_an_e_mail_that_others_wait_for_goes_its_way(self):
        first, second = self.held(7, 30)
        self.run_action()
        mail = self.told(first).mail_id
        self.told(second)._note_outcome("unknown", "2026-03-10 03:01:00")
        self.told(second).with_user(self.operator).action_send_again()
        self.assertEqual(mail.state, "outgoing")

    def test_what_is_not_true_any_more_is_left_out(self):
        first, second, third = self.held(7, 30, 60)
        self.find()
        second.status = "renewed"
        self.send()
        self.assertEqual(self.told(second).state, "cancelled")
        mail = self.told(first, third).mail_id
        self.assertEqual(len(mail), 1)
        self.assertNotIn(second.permit_number, mail.body_html)

    def test_one_that_is_refused_keeps_no_other_back(self):
        permits = self.held(7, 30, 60)
        self.find()
        model, bad = type(self.notices), permits[1]
        write = model.write

        def refuse(notices, vals):
            if vals.get("state") == "sent" and bad in notices.permit_id:
                raise ValueError("made up")
            return write(notices, vals)

        with patch.object(model, "write", refuse):
            self.send()
        states = [self.told(permit).state for permit in permits]
        self.assertEqual(states, ["sent", "failed", "sent"])

    def test_a_batch_does_not_tear_them_apart(self):
        mine = self.held(7)
        others = [
            self.permit_with(7, partner_id=self.partner(f"p{n}@contoh.test").id)
            for n in range(4)
        ]
        mine += self.held(7)
        self.find()
        with patch.object(send, "SENT_AT_ONCE", 2):
            while self.send():
                pass
        self.assertEqual(len(self.told(*mine).mail_id), 1)
        self.assertEqual(len(self.told(*others).mail_id), 4)

    def test_decisions_are_told_one_by_one(self):
        permits = self.env["sicantik.permit"].union(*self.held(300, 300))
        told = self.notices._tell(permits, "status_update", "x:1")
        self.run_action()
        self.assertEqual(len(told.mail_id), 2)

    def test_the_address_is_erased_of_each(self):
        first, second = self.held(7, 90)
        self.run_action()
        both = self.told(first, second)
        mail = both.mail_id
        self.clock.tick(timedelta(days=91))
        self.keep_house()
        self.assertFalse(mail.exists())
        self.assertFalse(any(both.mapped("address")))

    def test_when_the_first_permit_is_deleted_the_others_are_told_all_the_same(self):
        """Its chatter goes with it, and with that the e-mail or the activity."""
        for values in ({}, {"partner_id": False, "applicant_phone": PHONE}):
            first, second = self.held(7, 90, **values)
            self.run_action()
            self.assertEqual(self.told(second).lead_id, self.told(first))
            first.unlink()
            self.env.invalidate_all()
            notice = self.told(second)
            self.assertEqual(notice.state, "due")
            self.run_action()
            self.assertEqual(notice.state, "sent")
            self.assertEqual((notice.mail_id or notice.activity_id).res_id, second.id)
            self.assertFalse(notice.lead_id)
            second.unlink()

    def test_what_went_out_is_not_told_again_when_a_permit_is_deleted(self):
        first, second = self.held(7, 90)
        self.run_action()
        self.told(first).mail_id.state = "sent"
        first.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.told(second).state, "sent")

    def test_permits_that_become_one_keep_the_message(self):
        first, second, third = self.held(7, 30, 60)
        self.run_action()
        mail = self.told(first).mail_id
        second._absorb(first)
        self.env.invalidate_all()
        self.assertEqual(self.told(second, third).mail_id, mail)
        self.assertEqual(set(self.told(second, third).mapped("state")), {"sent"})
