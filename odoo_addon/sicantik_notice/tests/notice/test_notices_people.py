from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesPeople(NoticeCase):
    """What people may do with notices."""

    def setUp(self):
        super().setUp()
        self.employee = self._user("employee", "base.group_user")
        self.permit_with(90, partner_id=self.partner().id)
        self.find()
        self.notice = self.notices.search([])

    def test_nobody_writes_notices_by_hand(self):
        for user in (self.viewer, self.operator, self.manager):
            notice = self.notice.with_user(user)
            self.assertEqual(notice.state, "due")
            for vals in ({"state": "sent"}, {"address": "x"}, {"reason_code": "x"}):
                with self.assertRaises(AccessError):
                    notice.write(vals)
            with self.assertRaises(AccessError):
                notice.copy()
            with self.assertRaises(AccessError):
                notice.unlink()

    def test_people_of_the_office_read_and_the_worker_does_not(self):
        for user in (self.viewer, self.operator, self.manager):
            self.assertTrue(self.notice.with_user(user).has_access("read"))
        for user in (self.employee, self.worker):
            self.assertFalse(self.notice.with_user(user).has_access("read"))

    def test_buttons_are_for_operators(self):
        for user in (self.employee, self.viewer):
            for name in ("action_send_again", "action_cancel"):
                with self.assertRaises(AccessError):
                    getattr(self.notice.with_user(user), name)()

    def test_cancel_a_waiting_notice(self):
        self.notice.with_user(self.operator).action_cancel()
        self.run_action()
        self.assertEqual(self.notice.state, "cancelled")
        self.assertIn(self.operator.name, self.notice.reason)
        self.assertFalse(self.all_mails())

    def test_what_was_sent_is_neither_cancelled_nor_sent_again(self):
        self.run_action()
        notice = self.notice.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "wait or failed"):
            notice.action_cancel()
        with self.assertRaisesRegex(UserError, "Only notices that failed"):
            notice.action_send_again()

    def test_every_reason_is_a_sentence_with_what_a_person_said(self):
        personal = self.notices._said_by_people()
        self.assertLessEqual({"called", "by_hand"}, personal)
        self.assertNotIn("mail", personal)
        for code in self.notices._notice_reasons():
            self.notice.write({"reason_code": code, "reason_detail": "why"})
            self.assertRegex(self.notice.reason, r"^[A-Z].*\.( \(why\))?$", code)
            said = "(why)" in self.notice.reason
            self.assertEqual(said, code in personal, code)
            self.assertEqual(self.notice.technical_detail, not said and "why", code)
        self.notice.write({"reason_code": "new_code", "reason_detail": False})
        self.assertRegex(self.notice.reason, "No explanation of “new_code” is known")
        self.notice.write({"reason_code": False, "reason_detail": False})
        self.assertFalse(self.notice.reason or self.notice.technical_detail)

    def test_what_a_machine_said_is_folded_away(self):
        said = "Mail Delivery Failed: SMTPRecipientsRefused"
        self.notice.write({"reason_code": "mail", "reason_detail": said})
        arch = etree.fromstring(self.notices.get_view(view_type="form")["arch"])
        shown = [
            field.getparent().tag
            for field in arch.iter("field")
            if field.get("name") == "technical_detail"
        ]
        self.assertEqual(shown, ["details"])
        read = self.notice.with_user(self.viewer).read()[0]
        self.assertNotIn("SMTP", read["reason"])
        self.assertEqual(read["technical_detail"], said)

    def test_permits_and_contacts_count_their_notices(self):
        permit, partner = self.notice.permit_id, self.notice.partner_id
        self.assertEqual(permit.with_user(self.viewer).notice_count, 1)
        self.assertEqual(partner.with_user(self.viewer).sicantik_notice_count, 1)
        self.assertEqual(self.config.with_user(self.viewer).notice_count, 1)

    def test_a_notice_has_a_name(self):
        self.assertEqual(self.notice.display_name, "Permit Expires – 503/0001/CTH/2025")
