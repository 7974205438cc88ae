from odoo.tests import tagged

from .notice_case import NoticeCase

LATER = "2026-03-10 04:00:00"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesArrived(NoticeCase):
    """Nobody is asked to telephone somebody who has it already, or who is told in
    another way."""

    def unreached(self, *days):
        """Notices to one applicant whose e-mail was said not to have arrived, so that
        the office was asked; the one about what ends first leads."""
        holder = self.partner()
        permits = [self.permit_with(n, partner_id=holder.id) for n in days]
        self.run_action()
        notices = self.told(*permits)
        self.deliver()
        for notice in notices:
            notice._note_outcome(
                "failed", "2026-03-10 03:01:00", code="mail", unreachable=True
            )
        self.run_action()
        self.assertEqual(set(notices.mapped("channel")), {"activity"})
        self.assertEqual(len(notices.activity_id), 1)
        return notices

    def test_what_arrived_late_asks_nobody_to_call(self):
        for outcome in ("delivered", "read"):
            notice = self.unreached(7)
            call = notice.activity_id
            notice._note_outcome(outcome, LATER, attempt=1)
            self.assertEqual((notice.state, notice.channel), (outcome, "email"))
            self.assertFalse(call.exists())
            self.run_action()
            self.assertFalse(self.activities(notice.permit_id))

    def test_of_one_call_the_others_stay(self):
        first, second = self.unreached(7, 30)
        call = first.activity_id
        first._note_outcome("delivered", LATER, attempt=1)
        self.assertEqual(self.activities(second.permit_id), call)
        self.assertNotIn(first.permit_number, call.note)
        self.assertIn(second.permit_number, call.note)
        self.assertEqual((first.state, second.state), ("delivered", "sent"))
        call.action_feedback(feedback="Sudah ditelepon")
        self.assertEqual((first.channel, first.reason_code), ("email", False))
        self.assertEqual((second.state, second.reason_code), ("delivered", "called"))

    def test_who_gives_a_notice_up_gives_up_the_call(self):
        notice = self.unreached(7)
        call = notice.activity_id
        notice._note_outcome("failed", LATER, code="odoo")
        notice.with_user(self.operator).action_cancel()
        self.assertFalse(call.exists())
