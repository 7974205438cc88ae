from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.notice import send
from .notice_case import EMAIL, NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesSend(NoticeCase):
    """Handing over: once, and only what is still true."""

    def test_defect_18b_sent_means_that_an_e_mail_stands_in_the_queue(self):
        """Nothing counts as sent before there is something to send."""
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.find()
        notice = self.about(permit).filtered(lambda n: n.step == 30)
        self.assertEqual((notice.state, notice.channel), ("due", "email"))
        self.assertFalse(notice.date_sent or notice.mail_id or notice.address)
        self.assertFalse(self.mails(permit), "finding sends nothing")
        self.send()
        self.assertEqual((notice.state, notice.address), ("sent", EMAIL))
        self.assertEqual(notice.date_sent, datetime(2026, 3, 10, 3, 0))
        mail = self.mails(permit)
        self.assertEqual(notice.mail_id, mail)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids.email, EMAIL)
        self.assertIn("kantor@contoh.test", mail.email_from)
        self.assertIn("DPMPTSP Kabupaten Contoh", mail.email_from)
        self.assertIn("503/0001/CTH/2025", notice.message)
        self.assertIn(mail.mail_message_id, permit.message_ids)

    def test_twice_running_sends_nothing_twice(self):
        by_mail = self.permit_with(30, partner_id=self.partner().id)
        by_phone = self.permit_with(30)
        for _time in range(3):
            self.run_action()
        self.assertEqual(len(self.mails(by_mail)), 1)
        self.assertEqual(len(self.activities(by_phone)), 1)

    def test_what_is_not_true_any_more_is_not_sent(self):
        partner = self.partner()
        for vals, code in (
            ({"status": "cancelled"}, "changed"),
            ({"status": "renewed"}, "changed"),
            ({"expiry_date": self.TODAY + timedelta(days=400)}, "changed"),
        ):
            permit = self.permit_with(7, partner_id=partner.id)
            self.find()
            permit.write(vals)
            self.send()
            notice = self.about(permit).filtered(lambda n: n.step == 7)
            self.assertEqual((notice.state, notice.reason_code), ("cancelled", code))
            self.assertFalse(notice.mail_id)

    def test_what_waited_too_long_is_overtaken(self):
        """A server that was away between finding and sending, for weeks."""
        permit = self.permit_with(30, partner_id=self.partner().id)
        late = self.permit_with(7, partner_id=self.partner().id)
        self.find()
        self.clock.tick(timedelta(days=25))
        self.run_action()
        self.assertNotices(
            permit, s7="sent", s30="skipped", s60="skipped", s90="skipped"
        )
        notice = self.about(late).filtered(lambda n: n.step == 7)
        self.assertEqual((notice.state, notice.reason_code), ("cancelled", "expired"))

    def test_another_contact_is_told_instead_of_the_earlier_one(self):
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.find()
        permit.partner_id = self.partner("lain@contoh.test")
        self.send()
        self.assertEqual(self.mails(permit).recipient_ids.email, "lain@contoh.test")
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.find()
        permit.partner_id = False
        self.send()
        self.assertFalse(self.mails(permit))
        self.assertTrue(self.activities(permit))

    def test_one_that_fails_does_not_keep_the_others_back(self):
        permits = [
            self.permit_with(30, partner_id=self.partner().id) for _n in range(5)
        ]
        self.find()
        model, bad = type(self.notices), permits[2]
        send = model._send_email

        def fail_once(notice):
            if notice.permit_id == bad:
                raise ValueError("made up")
            return send(notice)

        with patch.object(model, "_send_email", fail_once):
            self.send()
        for permit in permits:
            notice = self.about(permit).filtered(lambda n: n.step == 30)
            failed = permit == bad
            self.assertEqual(notice.state, "failed" if failed else "sent")
            self.assertEqual(len(self.mails(permit)), 0 if failed else 1)

    def test_a_channel_that_comes_later_sends_nothing_again(self):
        sent = self.permit_with(30, partner_id=self.partner().id)
        self.run_action()
        waiting = self.permit_with(30, partner_id=self.partner().id)
        self.find()
        with patch.object(type(self.notices), "_channels", lambda self: ["activity"]):
            self.run_action()
            later = self.permit_with(30, partner_id=self.partner().id)
            self.run_action()
        for permit, mails, activities in ((sent, 1, 0), (waiting, 1, 0), (later, 0, 1)):
            self.assertEqual(len(self.mails(permit)), mails)
            self.assertEqual(len(self.activities(permit)), activities)

    def test_many_go_in_several_batches(self):
        permits = [
            self.permit_with(90, partner_id=self.partner().id) for _n in range(5)
        ]
        self.find()
        with patch.object(send, "SENT_AT_ONCE", 2):
            self.assertEqual(
                [self.send(), self.send(), self.send()], [True, True, False]
            )
        self.assertEqual([len(self.mails(permit)) for permit in permits], [1] * 5)

    def test_nobody_is_written_to_at_night(self):
        """The action was missed and runs at 03:00; what it finds goes out at 09:00."""
        self.clock.move_to("2026-03-09 20:00:00")
        permit = self.permit_with(29, partner_id=self.partner().id)
        self.run_action()
        self.assertFalse(self.mails(permit))
        self.clock.move_to("2026-03-10 01:59:59")
        self.run_action()
        self.assertFalse(self.mails(permit))
        self.clock.move_to("2026-03-10 02:00:00")
        self.run_action()
        self.assertTrue(self.mails(permit))

    def test_what_the_action_finds_in_the_evening_wakes_it_in_the_morning(self):
        """An administrator moved the action to 21:00."""
        self.clock.move_to("2026-03-10 14:00:00")
        permit = self.permit_with(90)
        self.find()
        action = self.env.ref("sicantik_notice.cron_notices")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        self.assertIn(self.about(permit).date_due, woken.mapped("call_at"))
