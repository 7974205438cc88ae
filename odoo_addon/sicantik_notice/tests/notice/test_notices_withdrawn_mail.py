from datetime import datetime, timedelta

from odoo.tests import tagged

from .notice_case import EMAIL, NoticeCase

# 20:00 in Jakarta.
EVENING = datetime(2026, 3, 10, 13, 0)


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesWithdrawnMail(NoticeCase):
    """What still stands in Odoo's queue, and is not true any more, does not go out."""

    def setUp(self):
        super().setUp()
        self.holder = self.partner()
        self.first, self.second, self.third = (
            self.permit_with(days, partner_id=self.holder.id) for days in (7, 30, 60)
        )
        self.mine = self.first.with_user(self.operator)
        self.run_action()
        self.letter = self.told(self.first).mail_id
        self.assertEqual(self.told(self.second, self.third).mail_id, self.letter)

    def going_out(self):
        return self.all_mails().filtered(lambda mail: mail.state == "outgoing")

    def test_the_others_of_an_e_mail_go_out_once(self):
        for leaves in (self.first, self.second):
            leaves.with_user(self.operator)._mark_renewed(self.permits)
            self.assertFalse(self.going_out())
            notice = self.told(leaves)
            self.assertEqual(
                (notice.state, notice.reason_code), ("cancelled", "changed")
            )
            self.run_action()
            self.run_action()
            [mail] = self.going_out()
            self.assertNotIn(leaves.permit_number, mail.body_html)
            self.assertEqual(mail.body_html.count(self.third.permit_number), 1)
        self.assertEqual(self.told(self.third).mail_id, mail)
        self.assertNotIn("(+", mail.subject)
        self.third.with_user(self.operator)._mark_renewed(self.permits)
        self.run_action()
        self.assertFalse(self.going_out())

    def test_what_waits_in_the_queue_for_the_morning_is_stopped(self):
        self.clock.move_to(EVENING)
        self.env["mail.mail"].process_email_queue([0])
        self.assertTrue(self.letter.scheduled_date)
        self.first.expiry_date = self.TODAY + timedelta(days=700)
        self.assertEqual(self.letter.state, "cancel")
        self.assertEqual(
            self.told(self.second, self.third).mapped("state"), ["due", "due"]
        )
        self.run_action()
        self.assertFalse(self.going_out(), "nothing at night")
        self.clock.move_to(EVENING + timedelta(hours=13))
        self.run_action()
        self.assertEqual(len(self.going_out()), 1)

    def test_a_refused_proposal_is_told_after_all(self):
        newer = self.permit_with(700, issue_date=self.TODAY)
        self.permits._propose({self.first.id: newer.id})
        notice = self.told(self.first)
        self.assertFalse(notice)
        self.run_action()
        self.mine.action_refuse_renewal()
        self.run_action()
        self.assertEqual(self.told(self.first).state, "sent")
        text = "".join(self.going_out().mapped("body_html"))
        for permit in (self.first, self.second, self.third):
            self.assertEqual(text.count(permit.permit_number), 1)

    def test_what_was_delivered_stays_sent(self):
        self.deliver()
        self.mine._mark_renewed(self.permits)
        self.run_action()
        self.assertEqual(self.told(self.first).state, "sent")
        self.assertEqual(self.told(self.second).mail_id, self.letter)
        self.assertFalse(self.going_out())

    def test_the_address_of_a_stopped_e_mail_is_erased_too(self):
        self.mine._mark_renewed(self.permits)
        self.run_action()
        self.clock.tick(timedelta(days=91))
        self.keep_house()
        self.assertFalse(self.letter.exists())

    def test_an_ending_that_is_taken_back_while_its_e_mail_waits(self):
        self.mine._cancel("Salah pilih")
        self.run_action()
        self.mine._reopen()
        self.run_action()
        text = "".join(self.going_out().mapped("body_html"))
        self.assertNotIn("dibatalkan", text)
        self.assertIn(self.first.permit_number, text, "it expires all the same")
        self.assertEqual(set(self.going_out().recipient_ids.mapped("email")), {EMAIL})
