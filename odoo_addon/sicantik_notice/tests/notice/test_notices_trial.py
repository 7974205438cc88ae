from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .notice_case import EMAIL, NoticeCase

ADDRESS, NUMBER = "uji@contoh.test", "+6281211110000"
PHONE = "0812 3456 7890"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesTrial(NoticeCase):
    """While a configuration names *All Notices To*, nobody else gets one."""

    def setUp(self):
        super().setUp()
        self.config.write({"all_notices_email": ADDRESS, "all_notices_phone": NUMBER})

    def end(self):
        self.config.write({"all_notices_email": False, "all_notices_phone": False})

    def test_every_e_mail_goes_there_and_says_so(self):
        text = self.env.ref("sicantik_notice.mail_template_permit_expiring_id")
        text.email_cc = "tembusan@contoh.test"
        for email in (EMAIL, "a@contoh.test; b@contoh.test"):
            permit = self.permit_with(90, partner_id=self.partner(email).id)
            self.run_action()
            notice = self.told(permit)
            mail = notice.mail_id
            self.assertEqual((mail.email_to, mail.email_cc), (ADDRESS, False))
            self.assertFalse(mail.recipient_ids)
            self.assertEqual((notice.state, notice.address), ("sent", ADDRESS))
            self.assertTrue(mail.subject.startswith("[UJI COBA] Pengingat"))
            self.assertIn("UJI COBA: pemberitahuan ini", mail.body_html)
            self.assertIn("Pemohon Contoh", mail.body_html)
            self.assertTrue(notice.redirected)
            self.assertIn("All Notices To", notice.reason)

    def test_every_call_goes_there_and_says_so(self):
        permit = self.permit_with(90, applicant_phone=PHONE)
        self.run_action()
        activity = self.activities(permit)
        self.assertIn("[TRIAL]", activity.summary)
        self.assertIn(NUMBER, activity.note)
        self.assertNotIn(PHONE, activity.note)
        self.assertEqual(self.told(permit).phone, NUMBER)

    def test_officials_and_people_of_the_office_too(self):
        self.viewer.email = "pegawai@contoh.test"
        official = self.partner("pejabat@contoh.test")
        for person in (self.viewer, official):
            self.notices._tell_people(self.config, "status_update", "x", person)
        self.run_action()
        about = [("res_model", "=", self.config._name), ("res_id", "=", self.config.id)]
        mails = self.notices.search(about).mail_id
        self.assertEqual(mails.mapped("email_to"), [ADDRESS] * 2)
        self.assertFalse(mails.recipient_ids)

    def test_a_whatsapp_link_goes_there(self):
        contact = self.partner(False, whatsapp_number="+6281234567890")
        contact._set_whatsapp_consent("opted_in", "counter")
        permit = self.permit_with(90, partner_id=contact.id)
        self.run_action()
        link = self.told(permit).whatsapp_link
        self.assertTrue(link.startswith(f"https://wa.me/{NUMBER[1:]}?text=UJI%20COBA"))

    def test_what_waits_says_where_it_will_go(self):
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.find()
        notice = self.told(permit).with_user(self.viewer)
        self.assertTrue(notice.trial)
        self.assertIn("All Notices To", notice.reason)
        self.end()
        self.assertFalse(notice.trial or notice.reason)
        self.run_action()
        self.assertEqual(notice.address, EMAIL)
        self.assertFalse(notice.redirected)

    def test_after_the_trial_the_recipient_can_be_told(self):
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        notice = self.told(permit).with_user(self.operator)
        with self.assertRaises(UserError):
            notice.action_send_again()
        self.end()
        self.env.invalidate_all()
        notice.action_send_again()
        self.run_action()
        self.assertEqual((notice.state, notice.address), ("sent", EMAIL))
        self.assertFalse(notice.redirected or notice.trial)
        with self.assertRaises(UserError):
            notice.action_send_again()

    def test_after_the_trial_nobody_is_asked_for_what_goes_out_now(self):
        contact = self.partner(False)
        first, second, third = (
            self.permit_with(days, partner_id=contact.id) for days in (7, 30, 60)
        )
        self.run_action()
        call = self.activities(first)
        self.end()
        contact.email = EMAIL
        self.env.invalidate_all()
        self.told(first).with_user(self.operator).action_send_again()
        self.assertEqual(self.activities(second), call, "not sent again yet")
        self.assertIn("[TRIAL]", call.summary)
        self.assertNotIn(first.permit_number, call.note)
        self.told(second, third).with_user(self.operator).action_send_again()
        self.assertFalse(call.exists())
        self.run_action()
        told = self.told(first, second, third)
        self.assertEqual(set(told.mapped("address")), {EMAIL})
        self.assertFalse(told.activity_id)

    def test_it_has_an_address_and_a_number_or_neither(self):
        for values in (
            {"all_notices_email": False},
            {"all_notices_phone": False},
            {"all_notices_email": "tidak ada"},
            {"all_notices_email": "a@contoh.test, b@contoh.test"},
            {"all_notices_phone": "ada"},
            {"all_notices_phone": "0812 3456 7890, 0813 3456 7890"},
        ):
            with self.assertRaises(ValidationError, msg=values), self.cr.savepoint():
                self.config.write(values)
        self.config.write(
            {"all_notices_email": "Uji <UJI@contoh.test>", "all_notices_phone": PHONE}
        )
        self.assertEqual(self.config.all_notices_email, ADDRESS)
        self.assertEqual(self.config.all_notices_phone, "+6281234567890")

    def test_the_chatter_keeps_who_changed_it(self):
        before = self.tracked()
        self.config.with_user(self.manager).all_notices_email = "lain@contoh.test"
        [change] = self.tracked() - before
        self.assertEqual(change.new_value_char, "lain@contoh.test")
        self.assertEqual(change.old_value_char, ADDRESS)

    def tracked(self):
        self.env.flush_all()
        self.cr.precommit.run()
        return self.config.message_ids.tracking_value_ids
