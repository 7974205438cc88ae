from datetime import timedelta

from odoo.tests import tagged

from .many_case import ManyCase
from .whatsapp_case import NUMBER


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappMany(ManyCase):
    """Several permits of one number on one day: three messages and a summary."""

    def test_three_go_by_themselves(self):
        permits = self.held(7, 30, 60)
        self.run_action()
        messages = self.all_messages()
        self.assertEqual(len(messages), 3)
        self.assertFalse(messages.many_notice_ids)
        self.assertEqual(messages.notice_id.permit_id, permits)

    def test_the_others_are_told_by_one_summary(self):
        permits, summary = self.summed()
        messages = self.all_messages()
        self.assertEqual(len(messages), 4)
        self.assertEqual(len(summary), 1)
        self.assertEqual(summary.text_id.kind, "permit_expiring_many")
        told = summary.many_notice_ids
        self.assertEqual(len(told), 3)
        self.assertEqual(set(self.told(*permits).mapped("state")), {"sent"})
        self.assertEqual(set(told.mapped("whatsapp_message_id")), {summary})
        alone = (messages - summary).notice_id.permit_id
        self.assertEqual(alone | told.permit_id, permits)
        self.assertFalse(alone & told.permit_id)
        self.assertEqual(summary.parameters[0], "3")
        for permit in told.permit_id:
            self.assertIn(permit.permit_number, summary.message)
        self.assertIn("0800 000 0000", summary.message)
        self.assertIn("3 izin Anda akan segera berakhir", summary.message)

    def test_each_permit_of_it_shows_it(self):
        _permits, summary = self.summed()
        for permit in summary.many_notice_ids.permit_id.with_user(self.viewer):
            self.assertEqual(permit.whatsapp_message_id, summary)
            self.assertEqual(permit.whatsapp_message_count, 1)
            action = permit.action_view_whatsapp_messages()
            self.assertEqual(self.messages.search(action["domain"]), summary)

    def test_in_english(self):
        self.config.company_id.sicantik_notice_language = "en"
        _permits, summary = self.summed()
        self.assertIn("3 of your permits expire soon", summary.message)

    def test_five_are_named_and_all_are_counted(self):
        permits = self.held(*[30] * 10)
        permits.permit_number = False
        for place, permit in enumerate(permits):
            permit.permit_number = f"P{place}"
        self.run_action()
        summary = self.summary()
        self.assertEqual(summary.parameters[0], "7")
        self.assertEqual(summary.parameters[1].count(";"), 4)

    def test_it_is_the_number_that_counts(self):
        """Two contacts with one telephone are one reader."""
        twin = self.agreed(name="Saudara Contoh")
        first, second = self.held(30, 30, 30), self.held(30, 30, partner_id=twin.id)
        other = self.held(30, partner_id=self.agreed("+6283601000999").id)
        self.run_action()
        mine = self.all_messages().filtered(lambda m: m.number == NUMBER)
        self.assertEqual(len(mine), 4)
        self.assertEqual(len(self.summary().many_notice_ids), 2)
        self.assertEqual(set(self.told(*first, *second).mapped("state")), {"sent"})
        self.assertFalse(self.told(other).many_message_id)

    def test_later_on_the_day_the_earlier_ones_count(self):
        self.held(30, 30)
        self.run_action()
        self.clock.tick(timedelta(hours=1))
        later = self.held(30, 30, 30)
        self.run_action()
        self.assertEqual(len(self.all_messages()), 4)
        self.assertEqual(len(self.summary().many_notice_ids), 2)
        self.assertEqual(set(self.told(*later).mapped("state")), {"sent"})

    def test_after_the_summary_the_rest_waits_for_the_morning(self):
        self.summed()
        self.clock.tick(timedelta(hours=1))
        late = self.held(30)
        self.run_action()
        notice = self.told(late)
        self.assertEqual(notice.state, "due")
        self.assertEqual(notice.date_due.isoformat(), "2026-03-11T02:00:00")
        self.assertEqual(len(self.all_messages()), 4)
        self.clock.move_to("2026-03-11 02:00:00")
        self.run_action()
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.many_message_id)

    def test_on_its_last_day_it_goes_another_way_instead_of_waiting(self):
        self.summed()
        self.clock.tick(timedelta(hours=1))
        last, tomorrow = self.held(0), self.held(1)
        self.run_action()
        notice, waits = self.told(last), self.told(tomorrow)
        self.assertEqual((notice.state, notice.channel), ("sent", "email"))
        self.assertEqual(len(self.mails(last)), 1)
        self.assertEqual((waits.state, waits.channel), ("due", "whatsapp"))
        self.clock.move_to("2026-03-11 02:00:00")
        self.run_action()
        self.assertEqual((waits.state, waits.channel), ("sent", "whatsapp"))

    def test_what_told_nobody_does_not_count(self):
        self.held(30, 30, 30)
        self.run_action()
        for message in self.all_messages():
            self.hear(message, "failed", why="provider")
        self.held(30)
        self.run_action()
        self.assertFalse(self.summary())

    def test_without_the_text_the_others_go_another_way(self):
        many = self.texts.filtered(lambda t: t.kind == "permit_expiring_many")
        many.registration_ids.state = "draft"
        permits = self.held(30, 30, 30, 30, 30)
        self.run_action()
        channels = self.told(*permits).mapped("channel")
        self.assertEqual(channels.count("whatsapp"), 3)
        self.assertEqual(channels.count("email"), 2)
        self.assertEqual(set(self.told(*permits).mapped("state")), {"sent"})
        self.assertEqual(len(self.all_mails()), 1, "together, as e-mails are")

    def test_what_becomes_of_it_is_heard_by_all(self):
        _permits, summary = self.summed()
        self.claim()
        self.hear(summary, "delivered")
        self.assertEqual(set(summary.many_notice_ids.mapped("state")), {"delivered"})

    def test_a_number_without_whatsapp(self):
        permits, summary = self.summed()
        told = summary.many_notice_ids
        self.claim()
        self.hear(summary, "failed", why="not_on_whatsapp")
        self.assertEqual(set(told.mapped("state")), {"due"})
        self.assertEqual(set(told.mapped("channel")), {"email"})
        self.run_action()
        self.assertEqual(len(told.mail_id), 1)
        self.assertEqual(set(self.told(*permits).mapped("state")), {"sent"})

    def test_one_that_is_not_true_any_more_leaves_the_summary(self):
        _permits, summary = self.summed()
        told = summary.many_notice_ids
        for gone in (told[1], told[0]):
            with self.env.cr.savepoint() as savepoint:
                gone.permit_id.status = "cancelled"
                self.assertEqual(summary.state, "cancelled")
                self.assertEqual(gone.state, "cancelled")
                self.assertEqual(set((told - gone).mapped("state")), {"due"})
                self.run_action()
                anew = self.summary() - summary
                self.assertEqual(anew.many_notice_ids, told - gone)
                self.assertNotIn(gone.permit_number, anew.message)
                self.assertEqual(anew.parameters[0], "2")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_one_that_the_worker_has_is_asked_back_first(self):
        _permits, summary = self.summed()
        told = summary.many_notice_ids
        self.claim()
        self.hear(summary, "waiting", why="limit_day")
        told[1].permit_id.status = "cancelled"
        rest = told - told[1]
        self.assertTrue(summary.cancel_requested)
        self.assertEqual(set(rest.mapped("state")), {"sent"})
        self.hear(summary, "cancelled")
        self.assertEqual(set(rest.mapped("state")), {"due"})
        self.run_action()
        self.assertEqual((self.summary() - summary).many_notice_ids, rest)

    def test_one_that_a_person_cancelled_stays_cancelled(self):
        _permits, summary = self.summed()
        told = summary.many_notice_ids
        for after in (
            lambda: told[1].permit_id.write({"status": "cancelled"}),
            lambda: summary.notice_id.permit_id.unlink(),
            lambda: self.holder._set_whatsapp_consent("opted_out", "counter"),
        ):
            with self.env.cr.savepoint() as savepoint:
                self.claim()
                self.hear(summary, "waiting", why="limit_day")
                summary.with_user(self.operator).action_cancel()
                after()
                self.env.invalidate_all()
                self.hear(summary, "cancelled")
                rest = told.exists().filtered(lambda one: one.state != "cancelled")
                self.assertGreater(len(rest), 1)
                self.assertEqual(set(rest.mapped("state")), {"failed"})
                savepoint.rollback()
            self.env.invalidate_all()

    def test_when_one_of_two_contacts_refuses(self):
        twin = self.agreed(name="Saudara Contoh")
        self.held(30, 30, 30, 30)
        self.held(30, 30, partner_id=twin.id)
        self.run_action()
        summary = self.summary()
        twin._set_whatsapp_consent("opted_out", "counter")
        self.assertEqual(summary.state, "cancelled")
        self.run_action()
        anew = self.summary() - summary
        self.assertNotIn(twin, anew.many_notice_ids.partner_id)

    def test_when_its_first_permit_is_deleted_the_others_are_told(self):
        _permits, summary = self.summed()
        rest = summary.many_notice_ids - summary.notice_id
        summary.notice_id.permit_id.unlink()
        self.env.invalidate_all()
        self.claim()
        self.assertEqual(summary.state, "cancelled")
        self.run_action()
        self.assertEqual(set(rest.mapped("state")), {"sent"})

    def test_sent_again_it_is_the_same_summary(self):
        _permits, summary = self.summed()
        self.claim()
        self.hear(summary, "failed", why="provider")
        told = summary.many_notice_ids
        self.assertEqual(set(told.mapped("state")), {"failed"})
        before = summary.key
        summary.with_user(self.operator).action_send_again()
        self.assertNotEqual(summary.key, before)
        self.assertEqual(set(told.mapped("resends")), {1})
        self.assertEqual(set(told.mapped("state")), {"sent"})
        told[1].permit_id.status = "cancelled"
        self.assertFalse(summary.may_be_sent_again)
