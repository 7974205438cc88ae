from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesRenewed(NoticeCase):
    """Who has a newer permit that may be the renewal is not told to apply for one."""

    def setUp(self):
        super().setUp()
        self.newer = self.permit_with(5 * 365, issue_date=self.TODAY)
        self.permit = self.permit_with(30, partner_id=self.partner().id)
        self.mine = self.permit.with_user(self.operator)

    def propose(self):
        self.permit.proposed_renewal_id = self.newer
        self.env.flush_all()

    def test_a_proposed_renewal_makes_no_notice(self):
        self.propose()
        self.run_action()
        self.assertNotices(self.permit)

    def test_an_accepted_one_neither(self):
        self.propose()
        self.mine.action_accept_renewal()
        self.run_action()
        self.assertNotices(self.permit)

    def test_once_it_is_refused_the_applicant_is_told(self):
        self.propose()
        self.run_action()
        self.mine.action_refuse_renewal()
        self.run_action()
        self.assertNotices(self.permit, s30="sent", s60="skipped", s90="skipped")

    def overtaken(self):
        """The notice that was due when the renewal was proposed."""
        self.find()
        self.propose()
        self.send()
        notice = self.about(self.permit).filtered(lambda n: n.step == 30)
        self.assertEqual(notice.state, "skipped")
        self.assertIn("A renewal of the permit is proposed", notice.reason)
        self.assertFalse(self.mails(self.permit))
        self.run_action()
        self.assertEqual(notice.state, "skipped", "as long as it is proposed")
        return notice

    def test_a_proposal_overtakes_what_waits(self):
        self.assertEqual(self.overtaken().reason_code, "renewal_proposed")

    def test_what_was_overtaken_is_told_after_a_refusal(self):
        notice = self.overtaken()
        self.mine.action_refuse_renewal()
        self.run_action()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.reason_code)
        self.assertEqual(len(self.mails(self.permit)), 1)
        self.run_action()
        self.assertEqual(len(self.mails(self.permit)), 1)

    def test_when_a_nearer_step_has_come_meanwhile_that_is_told(self):
        notice = self.overtaken()
        self.clock.tick(timedelta(days=24))
        self.newer.with_user(self.operator)._cancel("Salah terbit")
        self.run_action()
        self.assertNotices(
            self.permit, s7="sent", s30="skipped", s60="skipped", s90="skipped"
        )
        self.assertEqual(notice.reason_code, "nearer")

    def test_what_ended_meanwhile_is_not_taken_up_again(self):
        notice = self.overtaken()
        self.mine._cancel("Dicabut")
        self.run_action()
        self.assertEqual(notice.reason_code, "renewal_proposed")

    def test_in_the_evening_it_waits_for_the_morning(self):
        notice = self.overtaken()
        self.mine.action_refuse_renewal()
        with freeze_time("2026-03-10 14:00:00"):  # 21:00 in Jakarta
            self.run_action()
            self.assertEqual(notice.state, "due")
            self.assertFalse(self.mails(self.permit))
