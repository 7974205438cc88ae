from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .many_case import ManyCase
from .whatsapp_case import NUMBER

WEEK = timedelta(days=7)


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappManyOnce(ManyCase):
    """A summary is written once, whatever is restored, and is its own office's."""

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
