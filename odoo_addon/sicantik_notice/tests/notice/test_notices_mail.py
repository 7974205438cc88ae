import socket
from contextlib import contextmanager
from unittest.mock import patch

from odoo.modules import module
from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesMail(NoticeCase):
    """An e-mail that the mail server does not take is a notice that failed."""

    def setUp(self):
        super().setUp()
        self.contact = self.partner()
        self.one = self.permit_with(90, partner_id=self.contact.id)
        self.run_action()
        self.notice = self.about(self.one)

    @contextmanager
    def without_mail_server(self):
        """Odoo really tries to deliver, to a port where nobody listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        servers = self.env["ir.mail_server"]
        servers.search([]).active = False
        values = {"name": "x", "smtp_host": "127.0.0.1", "smtp_port": port}
        servers.create({**values, "smtp_encryption": "none"})
        with patch.object(module, "current_test", False):
            yield

    def fail(self):
        with self.without_mail_server():
            self.notice.mail_id.send()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_defect_16_a_failed_delivery_is_not_counted_as_told(self):
        """What the mail server refuses later has told nobody."""
        self.assertEqual(self.notice.state, "sent")
        self.fail()
        self.assertEqual(self.notice.state, "failed")
        self.assertFalse(self.notice.date_sent)
        self.assertEqual(self.notice.reason_code, "mail")
        self.assertIn("could not be delivered", self.notice.reason)
        self.assertNotIn("refused", self.notice.reason)
        said = self.notice.technical_detail
        self.assertIn("refused", said, "what the mail server said")

    def test_the_next_morning_does_not_repeat_it_by_itself(self):
        self.fail()
        self.run_action()
        self.assertEqual(self.notice.state, "failed")
        self.assertEqual(len(self.mails(self.one)), 1)

    def test_an_e_mail_of_somebody_else_changes_nothing(self):
        other = self.env["mail.mail"].create(
            {"email_to": "lain@contoh.test", "email_from": "kantor@contoh.test"}
        )
        with self.without_mail_server():
            other.send()
        self.assertEqual(other.state, "exception")
        self.assertEqual(self.notice.state, "sent")

    def test_sent_again_goes_to_the_contact_as_it_is_now(self):
        self.fail()
        first = self.notice.mail_id
        self.contact.email = "benar@contoh.test"
        self.notice.with_user(self.operator).action_send_again()
        self.assertEqual(self.notice.state, "due")
        self.assertFalse(self.notice.reason)
        self.assertEqual(
            first.state, "cancel", "Odoo's own retry would be a second one"
        )
        self.run_action()
        self.assertEqual(self.notice.address, "benar@contoh.test")
        self.assertEqual((self.mails(self.one) - first).state, "outgoing")

    def test_sent_again_without_an_address_is_for_the_office(self):
        self.fail()
        self.contact.email = False
        self.notice.with_user(self.operator).action_send_again()
        self.assertEqual(self.notice.channel, "activity")
        self.run_action()
        self.assertEqual(self.notice.state, "sent")
        self.assertEqual(self.one.activity_ids.user_id, self.operator)

    def test_a_cancelled_notice_is_not_delivered_later(self):
        self.fail()
        mail = self.notice.mail_id
        self.notice.with_user(self.operator).action_cancel()
        self.assertEqual(mail.state, "cancel")
        mail.state = "outgoing"  # an administrator's Retry
        with self.without_mail_server():
            mail.send()
        self.assertEqual((mail.state, self.notice.state), ("exception", "cancelled"))
        self.assertEqual(self.notice.reason_code, "by_hand")

    def asked(self):
        return self.config.activity_search(
            ["sicantik_notice.mail_activity_failed_notices"]
        )

    def test_the_responsible_person_hears_of_failures_once(self):
        self.run_action()
        self.assertFalse(self.asked())
        self.fail()
        self.run_action()
        self.run_action()
        self.assertEqual(len(self.asked()), 1)
        self.assertEqual(self.asked().user_id, self.operator)
        self.assertIn("Failed", self.asked().note)
        self.notice.with_user(self.operator).action_cancel()
        self.run_action()
        self.assertFalse(self.asked(), "nothing is left to look at")

    def test_somebody_hears_of_failures_whoever_left(self):
        self.fail()
        self.run_action()
        self.config.user_id = self.viewer
        self.run_action()
        self.assertEqual(self.asked().user_id, self.operator | self.viewer)
        self.viewer.active = False
        self.config.write({"user_id": False, "worker_paired_by": self.manager.id})
        self.run_action()
        self.assertIn(self.manager, self.asked().user_id)
        self.manager.active = False
        self.run_action()
        self.assertIn(self.env.ref("base.user_admin"), self.asked().user_id)
        self.assertNotIn(self.manager, self.asked().user_id, "who left looks at none")
        self.assertEqual(len(self.asked()), 2, "each of them once")
