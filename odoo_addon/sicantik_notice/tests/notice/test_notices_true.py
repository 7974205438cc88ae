from odoo.tests import tagged

from .notice_case import NoticeCase

CANCELLED = {"old": "active", "new": "cancelled"}


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesTrue(NoticeCase):
    """Of an event is told what is still true when the notice goes out, and to whom it
    still concerns."""

    def setUp(self):
        super().setUp()
        self.holder = self.partner()
        self.other = self.partner("lain@contoh.test")
        self.older = self.permit_with(5, partner_id=self.holder.id)
        self.newer = self.permit_with(5 * 365, issue_date=self.TODAY)
        self.config.notice_steps = ""  # nothing but events
        self.mine = self.older.with_user(self.operator)

    def renew(self, older=None, newer=None):
        older = (older or self.older).with_user(self.operator)
        older._mark_renewed((newer or self.newer).with_user(self.operator))

    def assertTold(self, permit, *states):
        self.assertEqual(self.about(permit).sorted("id").mapped("state"), [*states])

    def test_a_renewal_from_before_the_first_day_is_no_news(self):
        """A first load proposes the renewals of many years; a person accepts them."""
        self.config.go_live_date = self.TODAY
        for vals in (
            {"issue_date": "2026-03-09"},
            {"issue_date": False},
            {"issue_date": False, "registered_month": "2021-03-01"},
            {"issue_date": "2026-03-10", "status": "expired"},
        ):
            older, newer = self.permit_with(5), self.permit_with(400, **vals)
            self.renew(older, newer)
            self.assertEqual(older.renewed_by_id, newer)
            self.assertFalse(self.about(newer), vals)
        self.renew()
        self.assertTrue(self.about(self.newer), "on the first day itself")

    def test_a_renewal_whose_new_permit_is_cancelled(self):
        self.renew()
        self.newer.with_user(self.operator)._cancel("Salah terbit")
        self.run_action()
        renewal = self.about(self.newer).filtered(
            lambda n: n.kind == "renewal_approved"
        )
        self.assertEqual((renewal.state, renewal.reason_code), ("cancelled", "changed"))

    def test_one_of_two_renewed_permits_is_reopened(self):
        second = self.permit_with(9, partner_id=self.other.id)
        self.renew(self.older | second)
        self.mine._reopen()
        self.run_action()
        self.assertEqual(self.mails(self.newer).recipient_ids, self.other)
        self.assertEqual(
            set(self.about(self.newer).mapped("state")), {"sent", "cancelled"}
        )

    def test_the_holder_of_a_renewed_permit_is_corrected(self):
        self.renew()
        self.older.partner_id = self.other
        self.run_action()
        self.assertEqual(self.mails(self.newer).recipient_ids, self.other)

    def test_a_renewal_is_sent_again_to_the_holder_of_the_older_permit(self):
        self.newer.partner_id = self.other
        self.renew()
        self.about(self.newer)._end("failed", "mail", "made up")
        self.about(self.newer).with_user(self.operator).action_send_again()
        self.run_action()
        self.assertEqual(self.mails(self.newer).recipient_ids, self.holder)

    def test_a_failed_notice_is_taken_back_with_its_e_mail(self):
        self.mine._cancel("Salah pilih")
        self.run_action()
        notice, mail = self.about(self.older), self.mails(self.older)
        notice._end("failed", "mail", "made up")
        self.mine._reopen()
        self.run_action()
        self.assertTold(self.older, "cancelled")
        self.assertEqual(mail.state, "cancel", "Odoo could still deliver it")

    def test_open_again_is_told_when_another_decision_follows(self):
        self.mine._cancel("Usaha sudah tutup")
        self.run_action()
        self.deliver()
        self.mine._reopen()
        self.mine._mark_renewed(self.permits)
        self.run_action()
        self.assertTold(self.older, "sent", "cancelled", "sent")
        last = self.mails(self.older).sorted("id")[-1:]
        self.assertRegex(last.body_html, "dibatalkan menjadi .*diperpanjang")

    def test_a_status_that_changed_by_itself(self):
        self.notices._tell(self.older, "status_update", "x:1", facts=CANCELLED)
        self.run_action()
        self.assertTold(self.older, "cancelled")
        self.notices._tell(self.older, "status_update", "x:2")
        self.run_action()
        self.assertTold(self.older, "cancelled", "sent")

    def test_a_contact_that_was_wrong_is_not_told_of_the_status(self):
        self.mine._cancel("Usaha sudah tutup")
        self.older.partner_id = False
        self.run_action()
        self.assertFalse(self.mails(self.older))
        self.assertTrue(self.activities(self.older))

    def test_who_is_told_already_is_not_told_in_somebody_s_place(self):
        self.older = self.permit_with(5, partner_id=self.holder.id, status="cancelled")
        event = (self.older, "status_update", "x:1")
        first = self.notices._tell(*event, facts=CANCELLED)
        second = self.notices._tell(*event, self.other, facts=CANCELLED)
        self.older.partner_id = self.other
        self.run_action()
        self.assertEqual((first.state, second.state), ("cancelled", "sent"))
        self.assertEqual(first.reason_code, "merged")
        self.assertEqual(len(self.mails(self.older)), 1)
