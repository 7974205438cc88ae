from datetime import datetime, timedelta

from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesTell(NoticeCase):
    """Events: something happened to a permit."""

    def setUp(self):
        super().setUp()
        self.older = self.permit_with(5, partner_id=self.partner().id)
        self.newer = self.permit_with(5 * 365, issue_date=self.TODAY)
        self.action = self.env.ref("sicantik_notice.cron_notices")

    def tell_renewal(self, **values):
        event = f"renewed:{self.older.id}"
        values = {"partner": self.older.partner_id, **values}
        return self.notices._tell(self.newer, "renewal_approved", event, **values)

    def test_a_renewal_is_told_to_the_holder_of_the_older_permit(self):
        notice = self.tell_renewal()
        self.assertEqual((notice.state, notice.channel), ("due", "email"))
        self.assertFalse(self.mails(self.newer), "nothing is sent at once")
        self.run_action()
        mail = self.mails(self.newer)
        self.assertEqual(mail.recipient_ids, self.older.partner_id)
        self.assertIn("Perpanjangan izin disetujui", mail.subject)
        self.assertIn("503/0002/CTH/2025", mail.body_html)
        self.assertIn("10 Maret 2026", mail.body_html)

    def test_telling_twice_tells_once(self):
        first = self.tell_renewal()
        self.assertFalse(self.tell_renewal())
        self.run_action()
        self.assertFalse(self.tell_renewal())
        self.assertEqual(self.about(self.newer), first)

    def test_another_contact_later_is_not_told_what_the_first_one_was(self):
        facts = {"old": "active", "new": "cancelled"}
        event = ("status_update", "cancelled:1")
        first = self.notices._tell(self.older, *event, facts=facts)
        self.older.partner_id = self.partner("lain@contoh.test")
        self.assertFalse(self.notices._tell(self.older, *event, facts=facts))
        both = self.notices._tell(self.older, *event, self.older.partner_id, facts)
        self.assertEqual(self.about(self.older), first | both, "named, so told")

    def test_a_change_of_status_is_told_in_words_whoever_made_it(self):
        self.older.write({"status": "cancelled", "ending": "revoked"})
        self.run_action()
        body = self.mails(self.older).body_html
        for words in ("berlaku", "dicabut", "10 Maret 2026, 10.00 WIB"):
            self.assertIn(words, body)

    def test_several_permits_each_get_one(self):
        permits = self.older | self.newer
        told = self.notices._tell(permits, "status_update", "reopened:1")
        self.assertEqual(told.permit_id, permits)
        self.assertEqual(set(told.mapped("channel")), {"email", "activity"})
        self.assertEqual(
            told.filtered(lambda n: n.permit_id == self.newer).recipient_key,
            f"user:{self.operator.id}",
        )

    def test_refused_before_go_live(self):
        for begin in (False, "2026-03-11"):
            self.config.go_live_date = begin
            self.assertFalse(self.tell_renewal())
        self.config.go_live_date = "2026-03-10"
        self.config.active = False
        self.assertFalse(self.tell_renewal())
        self.config.active = True
        self.assertTrue(self.tell_renewal())

    def test_an_operator_s_click_may_tell(self):
        notices = self.notices.with_user(self.operator)
        permit = self.older.with_user(self.operator)
        self.assertTrue(notices._tell(permit, "status_update", "cancelled:1"))

    def test_the_action_is_woken_for_it(self):
        def woken():
            domain = [("cron_id", "=", self.action.id)]
            return self.env["ir.cron.trigger"].search(domain).mapped("call_at")

        self.tell_renewal()
        self.assertIn(datetime(2026, 3, 10, 3, 0), woken())
        self.clock.move_to("2026-03-10 13:00:00")  # 20:00, the evening
        told = self.notices._tell(self.newer, "status_update", "reopened:1")
        self.assertEqual(told.date_due.isoformat(), "2026-03-11T02:00:00")
        self.assertIn(told.date_due, woken())
        self.run_action()
        self.assertEqual(told.state, "due")
        self.clock.tick(timedelta(hours=13))
        self.run_action()
        self.assertEqual(told.state, "sent")

    def test_each_office_tells_by_its_own_clock(self):
        """19:30 in Jakarta is 21:30 in Jayapura."""
        east = self.another_office(
            "Timur", tz="Asia/Jayapura", go_live_date="2025-01-01"
        )
        company = east.company_id
        there = self.permit_with(30, config=east)
        self.clock.move_to("2026-03-10 12:30:00")
        told = self.notices._tell(self.newer | there, "status_update", "reopened:1")
        times = {n.company_id: n.date_due.isoformat() for n in told}
        self.assertEqual(times[self.config.company_id], "2026-03-10T12:30:00")
        self.assertEqual(times[company], "2026-03-11T00:00:00")
