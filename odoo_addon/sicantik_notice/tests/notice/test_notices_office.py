from datetime import timedelta

from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesOffice(NoticeCase):
    """Applicants without an e-mail address are told by a person of the office."""

    def test_without_an_address_the_office_tells(self):
        for number, email in enumerate((False, "", "tidak ada"), 1):
            partner = self.partner(email)
            permit = self.permit_with(30, partner_id=partner.id)
            self.run_action()
            notice = self.about(permit).filtered(lambda n: n.step == 30)
            self.assertEqual(notice.channel, "activity", number)
            self.assertEqual((notice.state, notice.user_id), ("sent", self.operator))
            self.assertEqual(self.activities(permit).user_id, self.operator)

    def test_an_activity_says_what_a_call_needs(self):
        permit = self.permit_with(30, applicant_phone="0800 000 0000")
        self.config.company_id.sicantik_renewal_url = "https://baru.example.test/?a=1"
        self.run_action()
        activity = self.activities(permit)
        self.assertEqual(activity.date_deadline, self.TODAY)
        self.assertIn("expires", activity.summary)
        for words in (
            "503/0001/CTH/2025",
            "PEMOHON CONTOH",
            "0800 000 0000",
            "30 days left",
            "https://baru.example.test/?a=1",
        ):
            self.assertIn(words, activity.note)
        self.assertFalse(self.all_mails(), "nobody is mailed about it")

    def test_without_a_sender_s_address_the_office_tells(self):
        self.config.company_id.write({"email": False, "alias_domain_id": False})
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.run_action()
        self.assertTrue(self.activities(permit))

    def test_a_person_who_may_not_see_permits_is_not_asked(self):
        permit = self.permit_with(30)
        self.operator.active = False
        self.run_action()
        notice = self.about(permit).filtered(lambda n: n.step == 30)
        self.assertEqual(
            (notice.state, notice.reason_code), ("failed", "no_responsible")
        )
        self.assertIn("responsible", notice.reason)
        self.assertFalse(self.activities(permit))

    def test_what_nobody_did_yet_is_not_asked_twice(self):
        permit = self.permit_with(90)
        self.run_action()
        first = self.activities(permit)
        self.clock.tick(timedelta(days=30))
        self.run_action()
        self.assertEqual(self.activities(permit), first)
        self.assertIn("60 days left", first.note)
        self.assertEqual(first.date_deadline, self.TODAY + timedelta(days=30))
        self.assertNotices(permit, s90="sent", s60="sent")
        first.action_feedback(feedback="Sudah ditelepon")
        self.clock.tick(timedelta(days=30))
        self.run_action()
        self.assertNotEqual(self.activities(permit), first)
        self.assertIn("30 days left", self.activities(permit).note)
