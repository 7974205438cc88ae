from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import StartedRunCase, row_of

NOW = datetime(2026, 3, 10, 3)


@tagged("post_install", "-at_install", "sicantik")
class TestMissing(StartedRunCase):
    def setUp(self):
        super().setUp()
        rows = [row_of(str(n), f"503/{n}") for n in range(3)]
        self.upsert(self.key, *rows, row_of("3"))
        self.zero, self.one, self.two, self.draft = [
            self.permit(str(n)) for n in range(4)
        ]

    def mark(self, missing=(), seen=()):
        """``(missing, seen)``: how many changed."""
        ids = {"missing": [p.id for p in missing], "seen": [p.id for p in seen]}
        answer = self.rpc("sicantik.permit", "mark_missing", **self.key, **ids)
        self.assertEqual(answer.keys(), {"missing", "seen"})
        return answer["missing"], answer["seen"]

    def test_a_mark_stays_until_the_permit_is_seen_again(self):
        self.assertEqual(self.mark([self.one, self.draft]), (2, 0))
        self.assertEqual(self.one.missing_since, NOW)
        self.clock.tick(3600)
        self.assertEqual(self.mark([self.one, self.two], [self.draft]), (1, 1))
        self.assertEqual(self.one.missing_since, NOW, "the first time is kept")
        self.assertFalse(self.draft.missing_since)
        keys = self.rpc("sicantik.permit", "keys", **self.key)["permits"]
        self.assertEqual([key["missing"] for key in keys], [False, True, True, False])
        self.assertEqual(self.permits.search_count([]), 4, "nothing is deleted")

    def test_what_people_have_closed_is_not_marked_but_cleared(self):
        self.mark([self.one])
        self.one.with_user(self.operator).status = "renewed"
        self.two.with_user(self.operator)._cancel("Dicabut")
        self.assertEqual(self.mark([self.one, self.two]), (0, 0))
        self.assertFalse(self.two.missing_since)
        self.assertEqual(self.mark(seen=[self.one, self.two]), (0, 1))
        self.assertFalse(self.one.missing_since)

    def test_an_expired_permit_can_be_missing(self):
        self.one.with_user(self.operator).expiry_date = "2020-01-01"
        self.assertEqual(self.one.status, "expired")
        self.assertEqual(self.mark([self.one]), (1, 0))

    def test_one_statement_whatever_their_number_and_no_notes(self):
        self.upsert(self.key, *[row_of(f"9{n}", f"503/9{n}") for n in range(500)])
        permits = self.permits.search([])
        with self.statements() as statements:
            self.assertEqual(self.mark(permits), (504, 0))
        written = [s for s in statements if s.startswith(("INSERT", "UPDATE"))]
        self.assertEqual(len(written), 1, written)
        self.assertFalse(permits.message_ids)
        self.clock.tick(60)
        self.assertEqual(self.mark(permits), (0, 0))
        self.assertEqual(permits.mapped("write_date"), [NOW] * 504)

    def test_permits_of_another_configuration_are_left_alone(self):
        self.key = self.start(config=self.another_office())
        self.assertEqual(self.mark([self.one], [self.two]), (0, 0))
        self.assertFalse(self.one.missing_since)

    def test_too_many_and_a_stale_token_are_refused_as_a_whole(self):
        with self.assertRaisesRegex(UserError, "2001"):
            self.mark([self.one] * 2000, [self.two])
        self.key["token"] = "0" * 32
        with self.assertRaisesRegex(UserError, "^stale_token:"):
            self.mark([self.one])

    def test_people_find_them_and_cannot_change_the_mark(self):
        self.mark([self.one])
        found = self.permits.with_user(self.viewer).search(
            [("missing_since", "!=", False)]
        )
        self.assertEqual(found, self.one)
        with self.assertRaises(AccessError):
            self.one.with_user(self.manager).missing_since = False
