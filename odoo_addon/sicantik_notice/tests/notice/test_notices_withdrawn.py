from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import GROUP, fingerprint

from ...models.notice import activity
from .notice_case import NoticeCase

PHONE = "0812 3456 7890"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesWithdrawn(NoticeCase):
    """Nobody is asked to tell what is not true any more."""

    def setUp(self):
        super().setUp()
        self.contact = self.partner(False)
        self.permit = self.permit_with(7, partner_id=self.contact.id)
        self.mine = self.permit.with_user(self.operator)
        self.newer = self.permit_with(700, issue_date=self.TODAY)
        self.run_action()
        self.notice = self.told(self.permit)
        self.assertTrue(self.activities(self.permit))

    def ways(self):
        """``{how: (call, its end, its reason)}``: each makes the call needless."""
        newer = self.newer.with_user(self.operator)
        far = self.TODAY + timedelta(days=700)

        def by_date():
            self.mine.expiry_date = far

        def by_sync():
            self.details_say(far, self.permit)

        def by_proposal():
            self.permits._propose({self.permit.id: self.newer.id})

        def by_day():
            self.clock.tick(timedelta(days=8))
            self.env["sicantik.permit"]._update_expired(self.config)

        untrue = ("cancelled", "changed")
        return {
            "renewed": (lambda: self.mine._mark_renewed(newer), *untrue),
            "ended": (lambda: self.mine._cancel("Usaha tutup"), *untrue),
            "a date by hand": (by_date, *untrue),
            "a date of SICANTIK": (by_sync, *untrue),
            "a renewal is proposed": (by_proposal, "skipped", "renewal_proposed"),
            "expired": (by_day, *untrue),
        }

    def details_say(self, expires, *permits):
        """The worker brings this date for them, in one batch."""
        row = {"outcome": "found", "flags": [], "raw": {}}
        detail = {"expiry_date": f"{expires}"}
        rows = [
            {**row, "id": permit.id, "hash": fingerprint(detail, row), "detail": detail}
            for permit in permits
        ]
        answer = self.rpc(
            "sicantik.permit", "apply_details", rows=rows, **self.start("expiry")
        )
        self.assertEqual(answer["refused"], [])

    def each_way(self):
        """Each in turn, as if it were the only one."""
        for how, (change, *end) in self.ways().items():
            with self.subTest(how), self.cr.savepoint() as savepoint:
                now = self.clock()
                change()
                self.env.flush_all()
                self.env.invalidate_all()
                yield how, end
                savepoint.rollback()
                self.clock.move_to(now)
                self.env.invalidate_all()

    def assertEnd(self, notice, state, reason):
        self.assertEqual((notice.state, notice.reason_code), (state, reason))

    def test_the_activity_goes_at_once(self):
        for _how, end in self.each_way():
            self.assertFalse(self.activities(self.permit))
            self.assertEnd(self.notice, *end)
            self.assertFalse(self.notice.activity_id)
            self.run_action()
            kinds = self.about(self.permit).filtered("activity_id").mapped("kind")
            self.assertNotIn("permit_expiring", kinds)

    def test_of_one_call_the_others_stay(self):
        """The permit that ends first led, so the activity stood on its page."""
        others = [self.permit_with(n, partner_id=self.contact.id) for n in (30, 60)]
        self.permits._propose({self.permit.id: self.newer.id})
        self.permit.proposed_renewal_id = False
        self.run_action()
        call = self.notice.activity_id
        self.assertEqual(self.told(*others).activity_id, call)
        self.assertIn("(+2)", call.summary)
        for _how, end in self.each_way():
            self.assertEnd(self.notice, *end)
            self.assertTrue(call.exists())
            self.assertEqual(set(self.told(*others).mapped("state")), {"sent"})
            self.assertEqual(self.activities(others[0]), call)
            self.assertNotIn(self.permit.permit_number, call.note)
            for other in others:
                self.assertEqual(call.note.count(other.permit_number), 1)
            self.assertTrue(call.summary.endswith("(+1)"), call.summary)
            self.assertEqual(call.user_id, self.operator)

    def test_one_that_stands_further_down_in_a_call_goes_from_it(self):
        other = self.permit_with(30, partner_id=self.contact.id)
        self.permits._propose({self.permit.id: self.newer.id})
        self.permit.proposed_renewal_id = False
        self.run_action()
        call = self.notice.activity_id
        self.assertIn(other.permit_number, call.note)
        other.with_user(self.operator)._cancel("Usaha tutup")
        self.assertNotIn(other.permit_number, call.note)
        self.assertNotIn("(+", call.summary)
        self.assertEqual(self.activities(self.permit), call)
        self.assertEnd(self.notice, "sent", False)
        self.mine._cancel("Usaha tutup")
        self.assertFalse(call.exists())

    def test_after_a_renewal_there_is_one_call(self):
        self.mine._mark_renewed(self.newer.with_user(self.operator))
        self.run_action()
        self.assertFalse(self.activities(self.permit))
        self.assertEqual(len(self.activities(self.newer)), 1)

    def test_what_is_undone_is_asked_for_again(self):
        def reopened():
            self.mine._mark_renewed(self.permits)
            self.mine._reopen()

        def refused():
            self.permits._propose({self.permit.id: self.newer.id})
            self.mine.action_refuse_renewal()

        def dated_back():
            expiry_date = self.permit.expiry_date
            self.mine.expiry_date = self.TODAY + timedelta(days=700)
            self.mine.expiry_date = expiry_date

        for undone in (reopened, refused, dated_back):
            with self.subTest(undone.__name__):
                undone()
                self.run_action()
                self.assertEqual(len(self.activities(self.permit)), 1)
                self.assertEnd(self.notice, "sent", False)
                self.assertNotices(
                    self.permit, s7="sent", s30="skipped", s60="skipped", s90="skipped"
                )

    def test_what_was_done_stays(self):
        self.activities(self.permit).action_feedback(feedback="Sudah ditelepon")
        self.mine._mark_renewed(self.newer.with_user(self.operator))
        self.assertEnd(self.notice, "delivered", "called")

    def test_a_failed_one_is_looked_at_by_nobody_any_more(self):
        self.notice._note_outcome("failed", "2026-03-10 03:01:00", code="mail")
        for _how, end in self.each_way():
            self.assertEnd(self.notice, *end)

    def test_what_changed_unheard_is_found_by_the_next_action(self):
        self.env.cr.execute(
            "UPDATE sicantik_permit SET status = 'renewed' WHERE id = %s",
            [self.permit.id],
        )
        self.env.invalidate_all()
        self.run_action()
        self.assertFalse(self.activities(self.permit))
        self.assertEnd(self.notice, "cancelled", "changed")

    def test_an_ending_that_is_taken_back_before_the_call(self):
        self.mine._cancel("Salah pilih")
        self.run_action()
        ended = self.about(self.permit).filtered(lambda n: n.kind == "status_update")
        self.assertIn("new status", ended.activity_id.summary)
        self.mine._reopen()
        self.run_action()
        self.assertEnd(ended, "cancelled", "changed")
        self.assertEqual(self.activities(self.permit), self.notice.activity_id)

    def test_a_renewal_that_ends_before_the_call_and_is_open_again(self):
        newer = self.newer.with_user(self.operator)
        self.mine._mark_renewed(newer)
        self.run_action()
        renewal = self.about(self.newer)
        self.assertTrue(renewal.activity_id)
        newer._cancel("Salah terbit")
        self.assertEnd(renewal, "cancelled", "changed")
        newer._reopen()
        self.run_action()
        self.assertEnd(renewal, "sent", False)
        self.assertEqual(self.activities(self.newer), renewal.activity_id)

    def test_where_nothing_waits_a_change_costs_one_query(self):
        permit = self.permit_with(400)
        self.env.flush_all()
        with self.statements() as sql:
            permit.expiry_date = self.TODAY + timedelta(days=500)
            self.env.flush_all()
        self.assertEqual(len([one for one in sql if "sicantik_notice" in one]), 1)
        with self.statements() as sql:
            self.permit_with().expiry_date = self.TODAY
            self.env.flush_all()
        self.assertFalse([one for one in sql if "sicantik_notice" in one], "its first")

    def test_a_batch_of_dates_costs_few_queries_whatever_its_size(self):
        permits = [self.permit_with(400) for _number in range(20)]
        self.env.flush_all()
        with self.statements() as sql:
            self.details_say(self.TODAY + timedelta(days=500), *permits)
            self.env.flush_all()
        self.assertLess(len([one for one in sql if "sicantik_notice" in one]), 3)

    def test_of_many_that_somebody_leaves_behind_the_action_asks_for_most(self):
        holders = [f"ORANG {number}" for number in range(4)]
        permits = [
            self.permit_with(
                days, applicant_name=name, applicant_phone=PHONE, partner_id=False
            )
            for days in (30, 60)
            for name in holders
        ]
        self.run_action()
        following = self._user("next", f"{GROUP}operator")
        self.config.user_id = following
        action = self.env.ref("sicantik_notice.cron_notices")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        with patch.object(activity, "SENT_AT_ONCE", 2):
            self.operator.action_archive()
        told = self.told(self.permit, *permits)
        # One call tells of two permits, so none of them stays behind.
        self.assertIn(told.mapped("state").count("sent"), (2, 3))
        self.assertEqual(set(told.mapped("state")), {"sent", "due"})
        self.assertTrue(triggers.search([("cron_id", "=", action.id)]))
        self.run_action()
        self.assertEqual(set(told.mapped("state")), {"sent"})
        self.assertEqual(told.activity_id.user_id, following)
        self.assertEqual(len(told.activity_id), 1 + len(holders))
