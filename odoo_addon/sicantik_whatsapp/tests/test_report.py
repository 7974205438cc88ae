from itertools import permutations

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .whatsapp_case import MESSAGE, WhatsappCase

TOLD = {
    "waiting": "2026-03-10 03:00:10",
    "accepted": "2026-03-10 03:00:20",
    "sent": "2026-03-10 03:00:30",
    "delivered": "2026-03-10 03:00:40",
    "read": "2026-03-10 03:00:50",
}


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappReport(WhatsappCase):
    """Whatever the order of reports, a message and its notice end in the same state."""

    def setUp(self):
        super().setUp()
        self.permit = self.permit_told()
        self.message = self.message_of(self.permit)
        self.claim()

    def notice_state(self):
        return self.told(self.permit).state

    def test_from_the_worker_to_the_reader(self):
        for state, notice in (
            ("waiting", "sent"),
            ("accepted", "sent"),
            ("sent", "sent"),
            ("delivered", "delivered"),
            ("read", "read"),
        ):
            answer = self.hear(self.message, state, TOLD[state])
            self.assertEqual(answer, {"accepted": [self.message.uuid], "refused": []})
            self.assertEqual((self.message.state, self.notice_state()), (state, notice))

    def test_every_order_ends_the_same(self):
        for states in (("accepted", "sent", "read"), ("failed", "delivered", "sent")):
            ends = set()
            for order in permutations(states):
                with self.env.cr.savepoint() as savepoint:
                    for number, state in enumerate((*order, order[0])):
                        why = "other" if state == "failed" else None
                        at = f"2026-03-10 03:00:{10 + number}"
                        self.hear(self.message, state, at, why=why)
                    ends.add((self.message.state, self.notice_state()))
                    savepoint.rollback()
                    self.env.invalidate_all()
            self.assertEqual(len(ends), 1, states)

    def test_a_failure_is_told_in_words(self):
        self.hear(
            self.message,
            "failed",
            why="text_missing",
            code="meta_132001",
            detail="Template name does not exist",
        )
        notice = self.told(self.permit)
        self.assertEqual(notice.state, "failed")
        self.assertIn("no approved text", notice.reason)
        self.assertIn("meta_132001", notice.technical_detail)
        self.assertEqual(self.message.reason, notice.reason)
        self.assertTrue(self.message.date_ended)

    def test_nobody_knows(self):
        self.hear(self.message, "unknown", why="vanished")
        self.assertEqual(self.notice_state(), "unknown")
        self.hear(self.message, "waiting", "2026-03-10 03:02:00")
        self.assertEqual(self.message.state, "unknown")
        self.hear(self.message, "accepted", "2026-03-10 03:03:00")
        self.assertEqual(
            (self.message.state, self.notice_state()), ("accepted", "sent")
        )
        self.assertFalse(self.message.why or self.message.date_ended)

    def test_what_it_waits_for_changes(self):
        for why, words in (
            ("night", "night"),
            ("limit_day", "24 hours"),
            (None, "turn"),
        ):
            self.hear(self.message, "waiting", why=why)
            self.env["sicantik.config"].search([]).worker_seen = "2026-03-10 03:00:00"
            self.assertIn(words, self.message.reason)

    def test_who_waits_behind_another_one_waits_for_the_same(self):
        self.hear(self.message, "waiting")
        self.env["sicantik.config"].search([]).worker_seen = "2026-03-10 03:00:00"
        self.account.held_why = "limit_day"
        self.assertIn("24 hours", self.message.reason)
        self.account.held_why = False
        self.assertIn("turn", self.message.reason)

    def test_a_price_that_nobody_knows_is_another_one(self):
        for state, told, price in (
            ("accepted", "UTILITY", "utility"),
            ("sent", "something", "other"),
        ):
            self.hear(self.message, state, category=told)
            self.assertEqual(self.message.category, price)

    def test_send_again_makes_another_hand_over(self):
        first = self.message.key
        self.hear(self.message, "failed", why="provider_down")
        self.message.with_user(self.operator).action_send_again()
        self.assertEqual((self.message.state, self.message.attempt), ("queued", 2))
        self.assertNotEqual(self.message.key, first)
        self.assertFalse(self.message.why)
        self.assertEqual(self.notice_state(), "sent", "it is under way again")
        self.hear(self.message, "failed", attempt=1, why="other")
        self.assertEqual(self.message.state, "queued", "of an earlier hand-over")
        [given] = self.claim()["claimed"]
        self.assertEqual(given["attempt"], 2)
        self.hear(self.message, "sent", "2026-03-10 03:05:00")
        self.assertEqual(self.notice_state(), "sent")

    def test_an_earlier_hand_over_that_arrived_counts(self):
        self.hear(self.message, "unknown", why="no_answer")
        self.message.with_user(self.operator).action_send_again()
        self.hear(self.message, "delivered", attempt=1)
        self.assertEqual(self.message.state, "delivered")
        self.assertEqual(self.notice_state(), "delivered")
        self.assertEqual(self.claim()["claimed"], [])

    def test_what_is_not_the_same_any_more_is_not_sent_again(self):
        self.hear(self.message, "failed", why="other")
        again = self.message.with_user(self.operator).action_send_again
        partner = self.permit.partner_id
        for change in (
            lambda: partner._set_whatsapp_consent("opted_out", "message"),
            lambda: partner.write({"whatsapp_number": "+6283601000124"}),
            lambda: self.told(self.permit).with_user(self.operator).action_cancel(),
            lambda: self.account.write({"active": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                self.env.invalidate_all()
                with self.assertRaises(UserError):
                    again()
                savepoint.rollback()
                self.env.invalidate_all()
        again()

    def test_send_again_on_the_notice_makes_another_message(self):
        self.hear(self.message, "failed", why="other")
        self.told(self.permit).with_user(self.operator).action_send_again()
        self.run_action()
        newest = self.told(self.permit).whatsapp_message_id
        self.assertNotEqual(newest, self.message)
        self.assertNotEqual(newest.key, self.message.key)
        self.assertEqual(newest.notice_attempt, 2)
        self.hear(self.message, "read")
        self.assertEqual(self.notice_state(), "read")
        self.assertEqual(newest.state, "cancelled")

    def test_what_nobody_knows_is_refused(self):
        reports = [
            {"uuid": "x", "attempt": 1, "state": "sent", "at": TOLD["sent"]},
            {"uuid": self.message.uuid, "attempt": 1, "state": "flown"},
            {"uuid": self.message.uuid, "attempt": None, "state": "sent"},
        ]
        answer = self.rpc(MESSAGE, "report", reports=reports)
        codes = [refused["code"] for refused in answer["refused"]]
        self.assertEqual(codes, ["unknown", "data", "data"])
        with self.assertRaises(UserError):
            self.rpc(MESSAGE, "report", reports=reports * 70)
        with self.assertRaises(AccessError):
            self.messages.with_user(self.manager).report([])

    def test_a_reason_that_is_not_known_here(self):
        self.hear(self.message, "failed", why="new_one")
        self.assertIn("new_one", self.message.reason)
