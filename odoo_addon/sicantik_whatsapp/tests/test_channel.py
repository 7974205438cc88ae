from datetime import datetime

from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappChannel(WhatsappCase):
    """A notice goes by WhatsApp to who agreed, else by its next channel."""

    def test_who_agreed_is_told_by_whatsapp(self):
        permit = self.permit_told()
        notice, message = self.told(permit), self.message_of(permit)
        self.assertEqual((notice.channel, notice.state), ("whatsapp", "sent"))
        self.assertEqual((message.state, message.number), ("queued", NUMBER))
        self.assertEqual(message.priority, 10)
        self.assertFalse(message.at_night)
        self.assertEqual(message.expires_at, datetime(2026, 3, 13, 3))
        self.assertIn("DPMPTSP Kabupaten Contoh", message.message)
        self.assertIn("Pemohon Contoh", message.message)
        self.assertFalse(self.mails(permit))

    def channel_of(self, partner=None, **permit):
        partner = partner or self.agreed()
        permit = self.permit_with(90, partner_id=partner.id, **permit)
        self.find()
        return self.told(permit).channel

    def test_whoever_did_not_agree_gets_an_e_mail(self):
        asked = self.partner(whatsapp_number=NUMBER)
        self.assertEqual(self.channel_of(asked), "email")
        asked._set_whatsapp_consent("opted_out", "counter")
        self.assertEqual(self.channel_of(asked), "email")

    def test_only_numbers_that_whatsapp_may_have(self):
        for number, channel in (
            (NUMBER, "whatsapp"),
            ("+60123456789", "whatsapp"),
            ("+62614567890", "email"),  # a landline in Medan
            (False, "email"),
        ):
            partner = self.agreed(number)
            self.assertEqual(self.channel_of(partner), channel, number)

    def test_the_permit_s_number_does_where_the_contact_has_none(self):
        found = self.channel_of(self.agreed(False), whatsapp_number=NUMBER)
        self.assertEqual(found, "whatsapp")

    def test_without_account_or_text_it_goes_by_e_mail(self):
        for what, change in (
            ("archived", lambda: self.account.write({"active": False})),
            ("no id", lambda: self.account.write({"sender_id": False})),
            ("a draft", lambda: self.registrations.write({"state": "draft"})),
            ("paused", lambda: self.registrations.write({"state": "paused"})),
        ):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                change()
                self.assertEqual(self.channel_of(), "email")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_value_that_is_missing_and_must_not_be(self):
        self.text().may_be_empty = "permit_type_name, contact_text"
        self.assertEqual(self.channel_of(), "email", "the office has no link")
        self.config.company_id.sicantik_renewal_url = "https://baru.example.test"
        self.assertEqual(self.channel_of(), "whatsapp")

    def test_what_changed_until_it_is_sent_takes_the_next_channel(self):
        partner = self.agreed()
        permit = self.permit_with(90, partner_id=partner.id)
        self.find()
        partner._set_whatsapp_consent("opted_out", "message")
        self.run_action()
        self.assertEqual(self.told(permit).channel, "email")
        self.assertFalse(self.message_of(permit))

    def test_a_number_without_whatsapp_is_not_tried_again(self):
        permit = self.permit_told()
        partner, message = permit.partner_id, self.message_of(permit)
        self.claim()
        self.hear(message, "failed", why="not_on_whatsapp", code="meta_131026")
        self.assertEqual(partner.whatsapp_unreachable, NUMBER)
        notice = self.told(permit)
        self.assertEqual((notice.state, notice.channel), ("due", "email"))
        self.run_action()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(len(self.mails(permit)), 1)
        self.assertEqual(self.channel_of(partner), "email")
        partner.whatsapp_number = "+6283601000124"
        self.assertEqual(self.channel_of(partner), "whatsapp")

    def test_in_a_trial_it_goes_to_the_office_s_number_whoever_agreed(self):
        self.config.write(
            {
                "all_notices_email": "uji@contoh.test",
                "all_notices_phone": "+6283601000999",
            }
        )
        asked = self.partner(whatsapp_number=NUMBER)
        permit = self.permit_with(90, partner_id=asked.id)
        self.run_action()
        self.assertEqual(self.message_of(permit).number, "+6283601000999")
        self.hear(self.message_of(permit), "failed", why="not_on_whatsapp")
        self.assertFalse(asked.whatsapp_unreachable)

    def test_a_reminder_is_of_no_use_after_the_permit_s_end(self):
        self.config.notice_steps = "1"
        permit = self.permit_told(1)
        # Midnight of 12 March in Jakarta.
        self.assertEqual(self.message_of(permit).expires_at, datetime(2026, 3, 11, 17))

    def test_an_event_is_urgent_and_of_use_for_a_week(self):
        permit = self.permit_with(300, partner_id=self.agreed().id)
        facts = {"old": "active", "new": "cancelled", "ending": "revoked"}
        permit.status = "cancelled"
        self.notices._tell(permit, "status_update", "x:1", facts=facts)
        self.run_action()
        notice = self.about(permit).filtered(lambda n: n.event == "x:1")
        message = notice.whatsapp_message_ids
        self.assertEqual(message.priority, 0)
        self.assertEqual(message.expires_at, datetime(2026, 3, 17, 3))
        self.assertIn("dicabut", message.message)

    def test_the_notice_says_where_its_message_is(self):
        permit = self.permit_told()
        notice = self.told(permit).with_user(self.viewer)
        self.assertEqual(notice.whatsapp_state, "queued")
        self.assertIn("No worker", notice.whatsapp_reason)
        self.claim()
        message = self.message_of(permit)
        self.hear(message, "waiting", why="limit_day")
        self.assertIn("24 hours", notice.whatsapp_reason)

    def test_the_worker_is_woken_once_a_transaction(self):
        self.config.write(
            {"worker_url": "http://127.0.0.1:8075", "worker_hook_key": "k"}
        )
        for _count in range(3):
            self.permit_with(90, partner_id=self.agreed().id)
        self.cr.postcommit.clear()
        self.run_action()
        self.assertEqual(len(self.cr.postcommit._funcs), 1)

    def test_the_worker_learns_that_there_are_messages(self):
        answer = self.runs("queued", worker="w", version="1")
        self.assertEqual(answer["orders"], ["sicantik.whatsapp.message"])
