from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import REMARK

from .notice_case import NoticeCase

PHONE, KEY, OTHER = "0836 0100 0001", "+6283601000001", "+6283601000002"
DESK = "021 555 0100"


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
                KEY,
            ),
            ({}, False),
        ):
            permit = self.permit_with(90, **values)
            self.run_action()
            self.assertEqual(self.told(permit).with_user(self.viewer).phone, number)
        for view in ("list", "form"):
            arch = self.notices.get_view(view_type=view)["arch"]
            self.assertIn('name="phone"', arch)

    def test_a_number_that_somebody_entered_at_the_contact_comes_first(self):
        unclear = f"{PHONE} (2)"
        both = {"phone": PHONE, "whatsapp_number": OTHER}
        for of_permit, of_contact, number in (
            ({"applicant_phone": unclear}, {"whatsapp_number": OTHER}, OTHER),
            ({"applicant_phone": PHONE}, {"whatsapp_number": OTHER}, OTHER),
            ({"applicant_phone": PHONE}, {"phone": OTHER}, OTHER),
            ({"applicant_phone": PHONE, "whatsapp_number": KEY}, both, OTHER),
            ({"applicant_phone": OTHER}, both, PHONE),
            ({"company_phone": PHONE}, {"phone": OTHER}, OTHER),
            # Both say the same: as SICANTIK writes it.
            ({"applicant_phone": PHONE}, {"whatsapp_number": KEY}, PHONE),
            # The switchboard, as SICANTIK says it of the company, is no correction.
            ({"applicant_phone": PHONE, "company_phone": DESK}, {"phone": DESK}, PHONE),
            (
                {"applicant_phone": unclear, "company_phone": DESK},
                {"phone": DESK},
                DESK,
            ),
            # A number that nobody could dial is none.
            ({"applicant_phone": PHONE}, {"phone": "tidak ada"}, PHONE),
            ({"applicant_phone": unclear}, {"phone": "tidak ada"}, unclear),
        ):
            contact = self.partner(False, **of_contact)
            permit = self.permit_with(90, partner_id=contact.id, **of_permit)
            self.run_action()
            with self.subTest(permit=of_permit, contact=of_contact):
                notice = self.told(permit).with_user(self.viewer)
                self.assertEqual(notice.phone, number)
                self.assertIn(number, self.activities(permit).note)
                contact.active = False
                known = of_permit.get("applicant_phone") or of_permit["company_phone"]
                self.assertEqual(notice.phone, known)

    def test_an_open_activity_says_the_corrected_number(self):
        contact = self.partner(False)
        values = {"partner_id": contact.id, "applicant_phone": f"{PHONE} (2)"}
        permits = [self.permit_with(days, **values) for days in (7, 30)]
        self.run_action()
        activity = self.activities(permits[0])
        self.assertEqual(len(activity), 1)
        self.assertIn("(2)", activity.note)
        contact.write({"whatsapp_number": OTHER})
        self.assertIn(OTHER, activity.note)
        self.assertNotIn("(2)", activity.note)
        self.assertIn(permits[1].permit_number, activity.note)
        self.assertEqual(set(self.told(*permits).mapped("phone")), {OTHER})
        self.called(self.told(permits[1]))
        self.assertEqual(set(self.told(*permits).mapped("state")), {"delivered"})

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
        contact = self.partner(False, whatsapp_number=KEY)
        permits = [self.permit_with(days, partner_id=contact.id) for days in (7, 30)]
        self.run_action()
        notice = self.told(permits[0]).with_user(self.viewer)
        self.assertFalse(notice.whatsapp_link, "nobody was asked")
        contact._set_whatsapp_consent("opted_in", "counter")
        self.env.invalidate_all()
        link = urlsplit(notice.whatsapp_link)
        self.assertEqual((link.scheme, link.netloc), ("https", "wa.me"))
        self.assertEqual(link.path, f"/{KEY[1:]}")
        [text] = parse_qs(link.query)["text"]
        for words in ("PEMOHON CONTOH", "503/0001", "503/0002", "7 hari"):
            self.assertIn(words, text)
        self.assertNotIn("<", text)
        contact._set_whatsapp_consent("opted_out", "counter")
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)

    def test_no_link_to_who_has_no_number_or_is_archived(self):
        contact = self.partner(False, whatsapp_number=KEY)
        contact._set_whatsapp_consent("opted_in", "counter")
        permit = self.permit_with(7, partner_id=contact.id)
        self.run_action()
        notice = self.told(permit)
        self.assertTrue(notice.whatsapp_link)
        contact.whatsapp_number = False
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)
        contact.write({"whatsapp_number": KEY, "active": False})
        self.env.invalidate_all()
        self.assertFalse(notice.whatsapp_link)
