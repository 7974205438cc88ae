from itertools import permutations

from odoo.exceptions import UserError
from odoo.tests import tagged

from .pigeon_case import PigeonCase

# What is said of one hand-over, and how the notice ends, in whatever order it comes.
CASES = (
    ([("unknown", 1)], "unknown"),
    ([("failed", 1)], "failed"),
    ([("unknown", 1), ("sent", 2)], "sent"),
    ([("sent", 1), ("unknown", 2)], "unknown"),
    ([("sent", 1), ("failed", 2)], "failed"),
    ([("failed", 1), ("sent", 2)], "sent"),
    ([("failed", 1), ("unknown", 2)], "unknown"),
    ([("unknown", 1), ("sent", 1)], "sent"),
    ([("sent", 1), ("failed", 1)], "failed"),
    ([("unknown", 1), ("sent", 1), ("failed", 1)], "failed"),
    ([("sent", 1), ("delivered", 2)], "delivered"),
    ([("delivered", 1), ("failed", 2)], "delivered"),
    ([("delivered", 2), ("read", 1)], "read"),
    ([("sent", 1), ("delivered", 2), ("read", 3)], "read"),
    ([("failed", 4), ("read", 1), ("unknown", 3), ("delivered", 2)], "read"),
    ([("unknown", 1), ("sent", 2), ("failed", 3), ("sent", 4)], "sent"),
)


@tagged("post_install", "-at_install", "sicantik")
class TestOutcomes(PigeonCase):
    """What a channel hears late, twice and in the wrong order."""

    def report(self, pigeon, *said):
        for outcome, minute in said:
            pigeon._report(outcome, self.minute(minute))

    def test_the_order_in_which_it_is_heard_changes_nothing(self):
        for number, (said, ends) in enumerate(CASES):
            for order, heard in enumerate(permutations(said)):
                self.official = self.partner(f"{number}.{order}@contoh.test")
                notice, pigeon = self.by_pigeon()
                self.report(pigeon, *heard)
                with self.subTest(heard=heard):
                    self.assertEqual(notice.state, ends)
                self.report(pigeon, *heard)
                with self.subTest(heard_twice=heard):
                    self.assertEqual(notice.state, ends)

    def test_the_moments_and_the_reason(self):
        notice, pigeon = self.by_pigeon()
        pigeon._report("failed", self.minute(2), code="loft_storm", detail="wind")
        self.assertIn("No pigeon flies today", notice.reason)
        self.assertEqual(notice.technical_detail, "wind")
        self.assertFalse(notice.date_sent)
        self.report(pigeon, ("read", 9), ("delivered", 7))
        self.assertEqual(notice.date_delivered, self.minute(7))
        self.assertFalse(notice.reason or notice.technical_detail)
        self.assertTrue(notice.date_sent)

    def test_what_people_said_stands_in_the_sentence(self):
        notice, pigeon = self.by_pigeon()
        pigeon._report("read", self.minute(2), code="read_out", detail="Baik.")
        self.assertIn("read it out. (Baik.)", notice.reason)
        self.assertFalse(notice.technical_detail)

    def test_of_an_earlier_hand_over_it_counts_only_that_it_arrived(self):
        for outcome, ends in (
            ("unknown", "sent"),
            ("sent", "sent"),
            ("failed", "sent"),
            ("delivered", "delivered"),
            ("read", "read"),
        ):
            self.official = self.partner(f"{outcome}@contoh.test")
            notice, first = self.by_pigeon()
            self.report(first, ("failed", 1))
            self.again(notice)
            self.send()
            self.assertEqual((notice.state, notice.attempts), ("sent", 2))
            self.report(first, (outcome, 9))
            self.assertEqual(notice.state, ends, outcome)
            self.assertEqual(self.pigeons(notice).mapped("attempt"), [1, 2])

    def test_what_arrived_is_not_sent_again(self):
        for outcome, flown in (("delivered", 1), ("failed", 2), ("sent", 2)):
            self.official = self.partner(f"{outcome}@contoh.test")
            notice, first = self.by_pigeon()
            self.report(first, ("unknown", 1))
            self.again(notice)
            self.assertEqual(notice.state, "due")
            self.report(first, (outcome, 2))
            self.send()
            self.assertEqual(len(self.pigeons(notice)), flown, outcome)

    def test_what_is_not_handed_over_yet_has_no_outcome(self):
        notice = self.tell(self.official)
        for outcome in ("unknown", "sent", "failed"):
            notice._note_outcome(outcome, self.minute(1))
            self.assertEqual(notice.state, "due")

    def test_a_cancelled_notice_stays_so_and_keeps_when_it_arrived(self):
        notice, pigeon = self.by_pigeon()
        self.report(pigeon, ("failed", 1))
        notice.with_user(self.operator).action_cancel()
        self.report(pigeon, ("sent", 2), ("delivered", 3), ("failed", 4))
        self.assertEqual((notice.state, notice.reason_code), ("cancelled", "by_hand"))
        self.assertEqual(notice.date_delivered, self.minute(3))

    def test_what_people_may_do_with_an_outcome(self):
        for outcome, again in (
            ("unknown", True),
            ("failed", True),
            ("delivered", False),
            ("read", False),
        ):
            self.official = self.partner(f"{outcome}@contoh.test")
            notice, pigeon = self.by_pigeon()
            self.report(pigeon, (outcome, 1))
            if again:
                self.again(notice)
                self.assertEqual(notice.state, "due")
                continue
            for name in ("action_send_again", "action_cancel"):
                with self.assertRaises(UserError):
                    getattr(notice.with_user(self.operator), name)()

    def test_of_two_that_become_the_same_the_one_that_arrived_keeps_the_place(self):
        twin = self.partner("twin@contoh.test", pigeon_loft="tower")
        second = self.tell(twin, about=self.document)
        first, pigeon = self.by_pigeon()
        states = [("unknown", 1), ("delivered", 2)]
        self.report(pigeon, states[0])
        self.report(self.pigeons(second), states[1])
        first._take_key(recipient_key=second.recipient_key)
        self.assertIn("#", first.recipient_key)
        self.assertEqual((first | second).mapped("state"), ["unknown", "delivered"])
