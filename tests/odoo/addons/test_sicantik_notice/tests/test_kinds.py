from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .pigeon_case import PigeonCase

TEXT = "test_sicantik_notice.mail_template_pending_id"


@tagged("post_install", "-at_install", "sicantik")
class TestKinds(PigeonCase):
    """A kind of another addon has its own rules, words, reasons and retention."""

    def test_it_says_itself_when_it_is_overtaken(self):
        notice = self.tell(self.operator, about=self.document)
        other = self.tell(self.operator)
        self.document.signed = True
        self.send()
        self.assertEqual((notice.state, notice.reason_code), ("cancelled", "signed"))
        self.assertEqual(notice.reason, "All was signed before the notice was sent.")
        self.assertEqual(other.state, "sent")

    def test_it_says_itself_what_a_person_reads(self):
        notice = self.tell(self.operator, about=self.document)
        self.send()
        self.assertEqual(notice.activity_id.summary, "Sign what waits")
        for words in ("About: Surat 7", "Hurry: !"):
            self.assertIn(words, notice.activity_id.note)

    def test_a_kind_without_rules_of_its_own_is_told_as_it_is(self):
        """Of the addon's methods none is needed."""
        permit = self.permit_with(30)
        own = type(self.notices)
        for name in ("_overtaken", "_summary", "_facts", "_text"):
            self.patch(own, f"{name}_parcel_waiting", getattr(own, f"{name}_default"))
        self.official.email = False
        people = (self.operator, self.official)
        told = self.tell(*people, about=self.document, permits=permit)
        self.send()
        self.assertEqual(told.mapped("state"), ["sent", "sent"])
        self.assertEqual(
            told.activity_id.mapped("summary"),
            ["Documents Wait", "Tell the official: Documents Wait"],
        )
        self.assertIn(permit.permit_number, told[0].activity_id.note)
        told = self.notices._tell(permit, "parcel_waiting", "x")
        self.send()
        self.assertEqual(told.activity_id.summary, "Tell the applicant: Documents Wait")

    def test_its_text_is_found_and_edited_by_managers(self):
        text = self.env.ref(TEXT).with_user(self.manager)
        text.subject = "Dokumen {{ object.config_id.name }}"
        with self.assertRaises(AccessError):
            text.subject = "{{ object.company_id.name }}"
        notice = self.tell(self.official)
        self.send()
        self.assertEqual(notice.mail_id.subject, f"Dokumen {self.config.name}")

    def test_a_text_that_is_missing_is_said(self):
        self.config.company_id.sicantik_notice_language = "en"
        notice = self.tell(self.official)
        self.send()
        self.assertEqual((notice.state, notice.reason_code), ("failed", "no_text"))

    def test_a_reason_that_nobody_explains_is_said_so(self):
        notice = self.tell(self.operator)
        notice._end("failed", "worn_out", "by rain")
        self.assertEqual(notice.reason, "No explanation of “worn_out” is known here.")
        self.assertEqual(notice.technical_detail, "by rain")

    def test_what_its_channel_keeps_is_erased_with_the_address(self):
        notice, _pigeon = self.by_pigeon()
        mailed = self.tell(self.partner())
        self.send()
        self.clock.tick(timedelta(days=90))
        self.env["sicantik.config"]._cron_housekeeping()
        self.assertEqual(notice.pigeon_ring, "ring of tower", "not a moment before")
        self.clock.tick(timedelta(seconds=1))
        self.assertTrue(mailed.address)
        self.env["sicantik.config"]._cron_housekeeping()
        self.assertFalse(notice.pigeon_ring or mailed.address or mailed.mail_id)
        self.assertEqual((notice | mailed).mapped("state"), ["sent", "sent"])
