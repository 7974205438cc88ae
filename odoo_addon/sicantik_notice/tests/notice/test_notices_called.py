from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import REMARK

from .notice_case import NoticeCase

PHONE = "0812 3456 7890"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesCalled(NoticeCase):
    """Whom to call, and what becomes of a notice when somebody called."""

    def called(self, notices, note=REMARK):
        mine = notices.with_user(self.operator)
        action = mine.action_called()
        wizards = self.env["sicantik.notice.called"].with_user(self.operator)
        wizard = wizards.with_context(**action["context"]).create({"note": note})
        return wizard.action_save()

    def test_it_shows_the_number_to_call(self):
        for values, number in (
            ({"applicant_phone": PHONE, "company_phone": "1"}, PHONE),
            ({"whatsapp_number": "+6281", "company_phone": "1"}, "+6281"),
            ({"company_phone": "021 555 0100"}, "021 555 0100"),
            ({"partner_id": self.partner(False, phone="0800 1").id}, "0800 1"),
            (
                {"partner_id": self.partner(False, whatsapp_number=PHONE).id},
                "+6281234567890",
            ),
            ({}, False),
        ):
            permit = self.permit_with(90, **values)
            self.run_action()
            self.assertEqual(self.told(permit).with_user(self.viewer).phone, number)
        for view in ("list", "form"):
            arch = self.notices.get_view(view_type=view)["arch"]
            self.assertIn('name="phone"', arch)

    def test_called_closes_activity_and_notice_with_a_note(self):
        permit = self.permit_with(90)
        self.run_action()
        notice = self.told(permit)
        self.called(notice)
        self.assertFalse(self.activities(permit))
        self.assertEqual((notice.state, notice.reason_code), ("delivered", "called"))
        self.assertIn(REMARK, notice.reason)
        done = permit.message_ids.filtered(lambda m: REMARK in m.body)
        self.assertEqual(done.author_id, self.operator.partner_id)
        self.run_action()
        self.assertFalse(self.activities(permit))

    def test_an_activity_that_is_done_closes_the_notice(self):
        permit = self.permit_with(90)
        self.run_action()
        self.activities(permit).with_user(self.operator).action_feedback(
            feedback=REMARK
        )
        notice = self.told(permit)
        self.assertEqual(notice.state, "delivered")
        self.assertIn(REMARK, notice.reason)

    def test_one_call_closes_all_that_it_told_of(self):
        permits = [self.permit_with(days, applicant_phone=PHONE) for days in (7, 30)]
        self.run_action()
        self.called(self.told(permits[1]))
        self.assertEqual(set(self.told(*permits).mapped("state")), {"delivered"})
        self.assertFalse(self.activities(permits[0]))

    def test_several_at_once(self):
        permits = [self.permit_with(7, applicant_name=f"ORANG {n}") for n in range(3)]
        self.run_action()
        self.called(self.told(*permits))
        self.assertEqual(set(self.told(*permits).mapped("state")), {"delivered"})

    def test_what_failed_or_waits_is_not_sent_any_more(self):
        failed = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        notice = self.told(failed)
        mail = notice.mail_id
        notice._note_outcome("failed", "2026-03-10 03:01:00", code="mail", detail="550")
        waits = self.permit_with(90, partner_id=self.partner().id)
        self.find()
        self.called(self.told(failed, waits))
        self.assertEqual(mail.state, "cancel")
        self.run_action()
        for told in (notice, self.told(waits)):
            self.assertEqual((told.state, told.channel), ("delivered", "activity"))
            self.assertEqual(told.user_id, self.operator)
            said = told.permit_id.message_ids.mapped("body")
            self.assertTrue([body for body in said if REMARK in body])
        self.assertFalse(self.mails(waits))

    def test_what_cannot_be_called_is_said(self):
        permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        notice = self.told(permit)
        with self.assertRaisesRegex(UserError, "as called"):
            notice.with_user(self.operator).action_called()
        with self.assertRaises(AccessError):
            notice.with_user(self.viewer).action_called()

    def test_a_link_writes_the_text_where_the_contact_agreed(self):
        contact = self.partner(False, whatsapp_number="+6281234567890")
        permits = [self.permit_with(days, partner_id=contact.id) for days in (7, 30)]
        self.run_action()
        notice = self.told(permits[0]).with_user(self.viewer)
        self.assertFalse(notice.whatsapp_link, "nobody was asked")
        contact._set_whatsapp_consent("opted_in", "counter")
        self.env.invalidate_all()
        link = urlsplit(notice.whatsapp_link)
        self.assertEqual((link.scheme, link.netloc), ("https", "wa.me"))
        self.assertEqual(link.path, "/6281234567890")
        [text] = parse_qs(link.query)["text"]
        for words in ("PEMOHON CONTOH", "503/0001", "503/0002", "7 hari"):
            self.assertIn(words, text)
        self.assertNotIn("<", text)
        contact._set_whatsapp_consent("opted_out", "counter")
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)

    def test_no_link_to_who_has_no_number_or_is_archived(self):
        contact = self.partner(False, whatsapp_number="+6281234567890")
        contact._set_whatsapp_consent("opted_in", "counter")
        permit = self.permit_with(7, partner_id=contact.id)
        self.run_action()
        notice = self.told(permit)
        self.assertTrue(notice.whatsapp_link)
        contact.whatsapp_number = False
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)
        contact.write({"whatsapp_number": "+6281234567890", "active": False})
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)
