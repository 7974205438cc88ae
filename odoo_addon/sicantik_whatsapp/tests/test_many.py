from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase

WEEK = timedelta(days=7)


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappMany(WhatsappCase):
    """Several permits of one number on one day: three messages and a summary."""

    def setUp(self):
        super().setUp()
        self.config.notice_steps = "90, 60, 30, 7"
        self.holder = self.agreed()
        self.config.company_id.sicantik_contact = "0800 000 0000"

    def held(self, *days, **values):
        values = {"partner_id": self.holder.id, **values}
        permits = [self.permit_with(number, **values) for number in days]
        return self.permits.union(*permits)

    def all_messages(self):
        return self.messages.search([("notice_id", "!=", False)], order="id")

    def summary(self):
        return self.all_messages().filtered("many_notice_ids")

    def summed(self, *days):
        permits = self.held(*days or (7, 30, 60, 61, 89, 90))
        self.run_action()
        return permits, self.summary()

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

    def test_an_odoo_that_was_restored_makes_the_same_again(self):
        """Other ids, another order, a day later: neither is a fact."""

        def keys(order, hours):
            with self.env.cr.savepoint() as savepoint:
                self.clock.tick(timedelta(hours=hours))
                for place in order:
                    self.permit_with(
                        60 + place // 3,
                        partner_id=self.holder.id,
                        identity=f"N\x1f{place}",
                        permit_number=f"503/{place}",
                    )
                self.run_action()
                found = sorted(self.all_messages().mapped("content"))
                savepoint.rollback()
            self.env.invalidate_all()
            self.clock.tick(timedelta(hours=-hours))
            return found

        self.config.notice_steps = "90"
        first = keys(range(7), 0)
        self.assertEqual(len(first), 4)
        self.assertEqual(keys(reversed(range(7)), 1), first)
        self.assertEqual(keys((3, 1, 6, 0, 2, 5, 4), 24), first)

    def test_a_restored_odoo_writes_it_once_though_a_permit_changed(self):
        """The key of a summary is the day: what it tells of may be different."""
        self.held(*[30] * 3)
        more, keys = self.held(60, 60, 60), set()
        for change in (
            lambda: None,
            lambda: more[1].write({"status": "cancelled"}),
            lambda: more[1].write({"expiry_date": more[1].expiry_date + WEEK}),
            lambda: self.held(60),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                self.run_action()
                keys.add(self.summary().key)
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(keys), 1)

    def test_one_that_is_written_anew_has_the_same_key(self):
        """The worker takes it anew, since the earlier one was stopped."""
        _permits, summary = self.summed()
        summary.many_notice_ids[1].permit_id.status = "cancelled"
        self.run_action()
        anew = self.summary() - summary
        self.assertEqual((summary.state, anew.state), ("cancelled", "queued"))
        self.assertEqual(anew.key, summary.key)

    def test_what_comes_to_be_known_late_is_in_another_summary(self):
        """Steps that were passed on the same day: found today, and tomorrow."""
        self.held(*[80] * 5)
        self.run_action()
        first = self.summary()
        self.clock.move_to("2026-03-11 02:00:00")
        late = self.held(*[80] * 5)
        self.run_action()
        second = self.summary() - first
        self.assertTrue(second.many_notice_ids.permit_id <= late)
        self.assertEqual(len(second.many_notice_ids), 2)
        self.assertNotEqual(second.key, first.key)

    def test_in_a_trial_it_is_shown_for_each_recipient(self):
        office = "+6283601000998"
        self.config.write(
            {"all_notices_email": "uji@contoh.test", "all_notices_phone": office}
        )
        self.held(30, 30)
        self.held(30, 30, partner_id=self.agreed("+6283601000997").id)
        self.run_action()
        self.assertEqual(set(self.all_messages().mapped("number")), {office})
        self.assertEqual(len(self.all_messages()), 4)
        self.assertFalse(self.summary())

    def test_the_key_of_a_number_tells_it_nobody(self):
        permit = self.held(30)
        self.find()
        self.assertNotIn(NUMBER[1:], self.told(permit).together_key)

    def test_another_office_counts_for_itself(self):
        self.summed()
        other = self.another_office(go_live_date="2025-01-01")
        self.assertNotEqual(other.company_id, self.config.company_id)
        self.account_of(other)
        permit = self.permit_with(30, config=other, partner_id=self.holder.id)
        self.run_action()
        self.assertEqual(self.told(permit).state, "sent")
        self.assertFalse(self.told(permit).many_message_id)

    def test_who_is_of_another_office_sees_none_of_it(self):
        permits, summary = self.summed()
        other = self.another_office().company_id
        stranger = self._user(
            "stranger",
            "sicantik_connector.group_operator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for record in (summary, *self.told(*permits)):
            self.assertFalse(record.with_user(stranger).has_access("read"))
        with self.assertRaises(AccessError):
            summary.with_user(stranger).action_send_again()

    def test_a_copy_for_tests_tells_none_of_a_summary(self):
        _permits, summary = self.summed()
        told = summary.many_notice_ids
        self.env.flush_all()
        for query in get_neutralization_queries(["sicantik_whatsapp"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(summary.state, "cancelled")
        self.assertEqual(set(told.mapped("state")), {"cancelled"})
        self.assertEqual(set(told.mapped("reason_code")), {"copy"})

    def test_in_the_statistics_it_is_of_its_own_kind(self):
        """Also when its first notice was deleted."""
        statistics = self.env["sicantik.whatsapp.statistic"]
        _permits, summary = self.summed()
        kinds = dict(statistics._fields["kind"]._description_selection(self.env))
        self.assertEqual(kinds["permit_expiring_many"], "Several Permits Expire")
        for gone in (False, True):
            if gone:
                summary.notice_id.permit_id.unlink()
                self.env.flush_all()
                self.env.invalidate_all()
            counted = dict(statistics._read_group([], ["kind"], ["__count"]))
            self.assertEqual(counted["permit_expiring_many"], 1)
        self.assertIn(statistics.browse(summary.id).kind, kinds)

    def test_of_new_statuses_the_office_gets_three_and_an_e_mail(self):
        self.config.write({"notice_steps": "", "tell_staff": True})
        self.agreeing(self.operator.partner_id, "+6283601000201")
        self.operator.email = "petugas@contoh.test"
        permits = self.held(*[300] * 5)
        for permit in permits:
            permit.with_user(self.manager)._cancel("Keputusan 1", "revoked")
        self.run_action()
        told = self.about(permits[0]).union(*map(self.about, permits[1:]))
        told = told.filtered(lambda notice: notice.recipient_type == "staff")
        self.assertEqual(set(told.mapped("state")), {"sent"})
        channels = told.mapped("channel")
        self.assertEqual(channels.count("whatsapp"), 3)
        self.assertEqual(channels.count("email"), 2)
        self.assertEqual(len(told.mail_id), 1)
        message = told.whatsapp_message_ids[:1].message
        self.assertIn("berlaku menjadi dicabut", message)
        self.assertIn(f"No: {permits[0].registration_number[:7]}", message)
        self.assertIn("/mail/view?model=sicantik.permit", message)
