import re

from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesOfDecisions(NoticeCase):
    """What people decide about a permit is told to its applicant."""

    def setUp(self):
        super().setUp()
        self.holder = self.partner()
        self.older = self.permit_with(5, partner_id=self.holder.id)
        self.newer = self.permit_with(5 * 365, issue_date=self.TODAY)
        self.config.notice_steps = ""  # nothing but what is decided
        self.mine = self.older.with_user(self.operator)

    def told(self, permit):
        """``[(kind, state)]``, the oldest first."""
        notices = self.about(permit).sorted("id")
        return [(notice.kind, notice.state) for notice in notices]

    def test_a_cancelled_permit(self):
        self.mine._cancel("Usaha sudah tutup")
        self.run_action()
        mail = self.mails(self.older)
        self.assertEqual(mail.recipient_ids, self.holder)
        self.assertIn("dibatalkan", mail.body_html)
        self.assertNotIn("tutup", mail.body_html, "the reason is the office's")

    def test_the_applicant_reads_of_which_kind_the_ending_is(self):
        for kind, words in (
            ("cancelled", "dibatalkan"),
            ("revoked", "dicabut"),
            ("closed", "ditutup (tidak berlaku lagi)"),
            ("replaced", "digantikan oleh dokumen lain"),
        ):
            permit = self.permit_with(5, partner_id=self.holder.id)
            permit.with_user(self.operator)._cancel("Keputusan 1", kind)
            self.run_action()
            self.assertRegex(
                self.mails(permit).body_html, f"menjadi <.*>{re.escape(words)}<"
            )

    def test_what_was_not_sent_yet_says_the_corrected_kind(self):
        self.mine._cancel("Keputusan 1", "cancelled")
        self.mine.ending = "revoked"
        self.run_action()
        self.assertIn("dicabut", self.mails(self.older).body_html)
        self.deliver()
        self.mine.ending = "closed"
        self.mine._reopen()
        self.run_action()
        last = self.mails(self.older).sorted("id")[-1:]
        told = "what the applicant knows of, whatever was corrected afterwards"
        self.assertRegex(last.body_html, "dicabut menjadi .*berlaku", told)

    def test_an_e_mail_in_the_queue_says_the_corrected_kind(self):
        self.mine._cancel("Keputusan 1", "cancelled")
        self.run_action()
        wrong = self.mails(self.older)
        self.mine.cancel_reason = "Keputusan 2"
        self.assertEqual(wrong.state, "outgoing", "which is told to nobody")
        self.mine.ending = "revoked"
        self.assertEqual(wrong.state, "cancel")
        self.assertEqual(self.told(self.older), [("status_update", "due")])
        self.run_action()
        right = self.mails(self.older) - wrong
        self.assertEqual((len(right), right.state), (1, "outgoing"))
        self.assertIn("dicabut", right.body_html)
        self.assertNotIn("dibatalkan", right.body_html)
        self.assertEqual(self.about(self.older).earlier_mail_ids, wrong, "erased, too")
        self.deliver()
        self.mine.ending = "closed"
        self.run_action()
        self.assertEqual(len(self.mails(self.older)), 2, "what the applicant knows of")

    def test_who_is_asked_to_tell_the_applicant_reads_the_corrected_kind(self):
        self.holder.email = False
        self.mine._cancel("Keputusan 1", "cancelled")
        self.run_action()
        call = self.activities(self.older)
        self.assertIn("Cancelled", call.note)
        self.mine.ending = "revoked"
        self.assertEqual(self.activities(self.older), call)
        self.assertIn("Revoked", call.note)
        self.assertNotIn("Cancelled", call.note)
        self.assertEqual(self.told(self.older), [("status_update", "sent")])
        call.action_feedback(feedback="Sudah ditelepon")
        self.mine.ending = "closed"
        self.run_action()
        self.assertFalse(self.activities(self.older), "what the applicant knows of")

    def test_who_is_asked_to_tell_the_applicant_reads_the_kind(self):
        self.holder.email = False
        self.mine._cancel("Keputusan 1", "revoked")
        self.run_action()
        self.assertIn("Revoked", self.activities(self.older).note)

    def test_a_permit_that_is_open_again(self):
        self.mine._cancel("Usaha sudah tutup")
        self.run_action()
        self.deliver()
        self.mine._reopen()
        self.run_action()
        self.assertEqual(self.told(self.older), [("status_update", "sent")] * 2)
        last = self.mails(self.older).sorted("id")[-1:]
        self.assertRegex(last.body_html, "dibatalkan menjadi .*berlaku")

    def test_what_was_taken_back_in_time_is_told_to_nobody(self):
        self.mine._cancel("Salah pilih")
        self.mine._reopen()
        self.run_action()
        self.assertEqual(self.told(self.older), [("status_update", "cancelled")])
        self.assertFalse(self.mails(self.older))

    def pass_day(self, *permits):
        """The 00:00 action, after the dates of these permits; its statements about
        notices."""
        for permit in permits:
            permit.expiry_date = "2026-03-01"
        self.env.flush_all()
        with self.statements() as sql:
            self.env["sicantik.config"]._cron_update_expired()
        self.assertEqual({permit.status for permit in permits}, {"expired"})
        return [one for one in sql if "sicantik_notice" in one]

    def test_what_follows_from_a_date_is_told_to_nobody_and_costs_one_query(self):
        permits = [self.permit_with(7) for _number in range(5)]
        self.assertEqual(len(self.pass_day(self.older, *permits)), 1)
        self.mine.expiry_date = "2030-01-01"
        self.assertEqual(self.older.status, "active")
        self.assertFalse(self.about(self.older))

    def test_open_again_is_not_told_of_a_permit_that_expired_meanwhile(self):
        self.mine._cancel("Usaha sudah tutup")
        self.run_action()
        self.deliver()
        self.mine._reopen()
        self.pass_day(self.older)
        self.run_action()
        self.assertEqual(
            self.told(self.older),
            [("status_update", "sent"), ("status_update", "cancelled")],
        )

    def test_a_renewal_is_told_to_the_holder_of_the_older_permit(self):
        self.mine._mark_renewed(self.newer.with_user(self.operator))
        self.run_action()
        self.assertEqual(self.told(self.newer), [("renewal_approved", "sent")])
        self.assertEqual(self.mails(self.newer).recipient_ids, self.holder)
        self.assertFalse(self.about(self.older), "told once, of the new permit")

    def test_one_permit_that_renews_two_is_told_once_to_each_holder(self):
        same = self.permit_with(9, partner_id=self.holder.id)
        other = self.permit_with(9, partner_id=self.partner("lain@contoh.test").id)
        olders = (self.older | same | other).with_user(self.operator)
        olders._mark_renewed(self.newer.with_user(self.operator))
        self.assertEqual(
            self.about(self.newer).partner_id, self.holder | other.partner_id
        )
        self.assertEqual(len(self.about(self.newer)), 2)

    def test_a_renewal_that_is_taken_back_and_made_again(self):
        newer = self.newer.with_user(self.operator)
        self.mine._mark_renewed(newer)
        self.mine._reopen()
        self.run_action()
        self.assertFalse(self.mails(self.newer))
        self.mine._mark_renewed(newer)
        self.run_action()
        self.assertEqual(len(self.mails(self.newer)), 1)
        self.deliver()
        self.mine._reopen()
        self.mine._mark_renewed(newer)
        self.run_action()
        self.assertEqual(len(self.mails(self.newer)), 1, "told already")

    def test_a_renewal_without_the_new_permit_is_not_told_yet(self):
        self.mine._mark_renewed(self.permits)
        self.assertFalse(self.notices.search([("config_id", "=", self.config.id)]))

    def test_nothing_before_the_office_is_live(self):
        self.config.go_live_date = False
        self.mine._cancel("Usaha sudah tutup")
        self.assertFalse(self.about(self.older))
