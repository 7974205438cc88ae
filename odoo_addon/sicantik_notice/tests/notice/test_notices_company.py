from odoo.exceptions import AccessError
from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesCompany(NoticeCase):
    """Two offices in one Odoo: each writes in its own name and asks its own people."""

    def setUp(self):
        super().setUp()
        self.company = self.env["res.company"].create(
            {
                "name": "Kantor Lain",
                "email": "lain@contoh.test",
                "sicantik_notice_language": "en",
                "sicantik_renewal_url": "https://lain.example.test",
            }
        )
        self.neighbour = self._user(
            "neighbour",
            "sicantik_connector.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.other = self.config.create(
            {
                "name": "Lain",
                "api_url": "https://lain.example.test",
                "company_id": self.company.id,
                "go_live_date": "2025-01-01",
                "user_id": self.neighbour.id,
            }
        )

    def test_each_office_s_own_name_language_and_people(self):
        partner = self.partner()
        here = self.permit_with(30, partner_id=partner.id)
        there = self.permit_with(30, config=self.other, partner_id=partner.id)
        without = self.permit_with(30, config=self.other)
        self.run_action()
        self.assertIn("kantor@contoh.test", self.mails(here).email_from)
        self.assertIn("Pengingat", self.mails(here).subject)
        mail = self.mails(there)
        self.assertIn("Kantor Lain", mail.email_from)
        self.assertIn("lain@contoh.test", mail.email_from)
        self.assertIn("about to expire", mail.subject)
        self.assertIn("https://lain.example.test", mail.body_html)
        self.assertEqual(without.activity_ids.user_id, self.neighbour)

    def test_settings_that_cannot_be_read_keep_no_other_office_back(self):
        there = self.permit_with(90, config=self.other, partner_id=self.partner().id)
        here = self.permit_with(30, partner_id=self.partner().id)
        self.env.cr.execute(
            "UPDATE sicantik_config SET notice_steps = 'satu' WHERE id = %s",
            [self.config.id],
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.sicantik_connector", "ERROR") as logs:
            self.env["sicantik.config"]._cron_notices()
        self.assertIn(f"configuration {self.config.id} ", logs.output[0])
        self.assertNotices(there, s90="sent")
        self.assertFalse(self.about(here))

    def test_failed_notices_are_told_to_the_office_s_own_people(self):
        permit = self.permit_with(90, config=self.other)
        self.find()
        self.about(permit)._end("failed", "no_address")
        self.other.write({"user_id": False, "worker_paired_by": self.manager.id})
        failed = "sicantik_notice.mail_activity_failed_notices"
        self.run_action()
        self.assertFalse(self.other.activity_search([failed]))
        boss = self._user(
            "boss",
            "sicantik_connector.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.run_action()
        self.assertEqual(self.other.activity_search([failed]).user_id, boss)

    def test_who_answers_for_notices_hears_first_of_syncs_that_fail(self):
        own = {"user_id": self.neighbour.id, "worker_paired_by": self.env.uid}
        self.other.write(own)
        asked = self.neighbour + self.env.user
        self.assertEqual(list(self.other._responsible()), list(asked))

    def test_each_office_goes_live_by_itself(self):
        self.other.go_live_date = False
        here, there = self.permit_with(90), self.permit_with(90, config=self.other)
        self.find()
        self.assertTrue(self.about(here))
        self.assertFalse(self.about(there))

    def test_people_see_and_handle_the_notices_of_their_companies(self):
        here, there = self.permit_with(90), self.permit_with(90, config=self.other)
        self.find()
        mine = self.notices.with_user(self.neighbour).search([])
        self.assertEqual(mine.permit_id.ids, there.ids)
        mine.action_cancel()
        with self.assertRaises(AccessError):
            self.about(here).with_user(self.neighbour).action_cancel()
        self.assertNotices(here, s90="due")
        self.assertNotices(there, s90="cancelled")
