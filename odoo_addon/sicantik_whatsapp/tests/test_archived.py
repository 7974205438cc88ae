from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappArchived(WhatsappCase):
    """What waits for an account that was archived goes another way, if there is none
    other."""

    def at_the_worker(self):
        permit = self.permit_told()
        self.claim()
        self.hear(self.message_of(permit), "waiting")
        return permit

    def goes_by_e_mail(self, permit):
        self.run_action()
        notice = self.told(permit)
        self.assertEqual((notice.state, notice.channel), ("sent", "email"))
        self.assertEqual(len(self.mails(permit)), 1)

    def test_what_waits_goes_by_e_mail_at_once(self):
        permit = self.permit_told()
        self.account.with_user(self.manager).action_archive()
        message = self.message_of(permit)
        self.assertEqual(
            (message.state, message.why), ("cancelled", "account_archived")
        )
        self.assertEqual(self.told(permit).state, "due")
        self.goes_by_e_mail(permit)
        self.account.active = True
        self.assertFalse(self.claim()["claimed"])

    def test_what_another_account_may_carry_stays(self):
        self.register(self.text())
        second = self.another_account()
        message = self.message_of(self.permit_told())
        self.account.active = False
        self.assertEqual(message.state, "queued")
        [given] = self.claim()["claimed"]
        self.assertEqual(given["ways"][0]["account"], second.uuid)

    def test_what_the_worker_has_is_stopped_and_goes_by_e_mail(self):
        for state, why in (("cancelled", None), ("failed", "no_account")):
            permit = self.at_the_worker()
            message = self.message_of(permit)
            self.account.active = False
            stopped = [{"uuid": message.uuid, "attempt": 1}]
            self.assertEqual(self.claim()["cancel"], stopped)
            self.hear(message, state, why=why)
            self.goes_by_e_mail(permit)
            self.account.active = True

    def test_what_went_out_nevertheless_is_not_told_again(self):
        permit = self.at_the_worker()
        self.account.active = False
        self.hear(self.message_of(permit), "accepted")
        self.run_action()
        self.assertEqual(self.told(permit).channel, "whatsapp")
        self.assertFalse(self.mails(permit))

    def test_what_a_person_cancelled_stays_so(self):
        permit = self.at_the_worker()
        message = self.message_of(permit)
        message.with_user(self.operator).action_cancel()
        self.account.active = False
        self.hear(message, "failed", why="no_account")
        self.run_action()
        self.assertEqual(self.told(permit).state, "failed")
        self.assertFalse(self.mails(permit))

    def test_each_notice_of_a_summary_goes_another_way(self):
        self.config.notice_steps = "90, 60, 30, 7"
        holder = self.agreed()
        permits = [self.permit_with(30, partner_id=holder.id) for _count in range(6)]
        self.run_action()
        self.account.active = False
        self.run_action()
        notices = self.told(*permits)
        self.assertEqual(set(notices.mapped("channel")), {"email"})
        self.assertEqual(set(notices.mapped("state")), {"sent"})

    def test_what_an_earlier_version_left_waiting_goes_with_the_next_claim(self):
        permit = self.permit_told()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sicantik_whatsapp_account SET active = false WHERE id = %s",
            [self.account.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.claim()["claimed"])
        self.goes_by_e_mail(permit)

    def test_tests_of_the_account_are_cancelled(self):
        self.another_account()
        self.manager.partner_id.whatsapp_number = NUMBER
        account = self.account.with_user(self.manager)
        message = self.messages.browse(account.action_test_notification()["res_id"])
        account.active = False
        self.assertEqual((message.state, message.why), ("cancelled", "no_account"))
