from odoo.tests import tagged

from ..common import SicantikCase, row_of, type_of
from .type_case import type_row


@tagged("post_install", "-at_install", "sicantik")
class TestTypes(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start("types")

    def send(self, *rows):
        return self.rpc(
            "sicantik.permit.type", "upsert_batch", rows=list(rows), **self.run_key
        )

    def named(self, name):
        domain = [("config_id", "=", self.config.id), ("name", "=", name)]
        return self.env["sicantik.permit.type"].search(domain)

    def test_create_change_and_leave(self):
        self.assertCounts(
            self.send(type_row("A", "1", 3), type_row("B", "2")), created=2
        )
        self.assertCounts(
            self.send(type_row("A", "1", 5), type_row("B", "2")), updated=1, unchanged=1
        )
        self.assertEqual(self.named("A").processing_days, 5)
        self.assertEqual(self.named("A").group_name, "Kesehatan")

    def test_the_code_comes_to_a_type_that_the_permits_named_first(self):
        run = self.start("permits")
        self.upsert(run, row_of("1", "503/1", permit_type=type_of("A")))
        known = self.named("A")
        self.assertCounts(self.send(type_row("A", "1")), updated=1)
        self.assertEqual(known.code, "1")

    def test_an_unknown_name_with_a_known_code_is_a_renamed_type(self):
        self.send(type_row("A", "1"))
        known = self.named("A")
        self.assertCounts(self.send(type_row("A Baru", "1")), updated=1)
        self.assertEqual(known.name, "A Baru")

    def test_the_name_wins_and_takes_the_code_away(self):
        self.send(type_row("A", "1"), type_row("B", "2"))
        self.assertCounts(self.send(type_row("A", "2")), updated=1)
        self.assertEqual(self.named("A").code, "2")
        self.assertFalse(self.named("B").code)

    def test_codes_may_be_swapped(self):
        self.send(type_row("A", "1"), type_row("B", "2"))
        self.assertCounts(self.send(type_row("A", "2"), type_row("B", "1")), updated=2)
        self.assertEqual((self.named("A").code, self.named("B").code), ("2", "1"))

    def test_bad_rows_are_refused_alone(self):
        answer = self.send(
            type_row("A", "1"),
            type_row("A", "3"),
            type_row("long" * 200),
            type_row("B", "2", days="three"),
            type_row("C", "4", days=2**40),
            {**type_row("D"), "name": None},
        )
        self.assertEqual(answer["created"], 1)
        codes = [item["code"] for item in answer["refused"]]
        self.assertEqual(codes, ["duplicate", "data", "data", "data", "data"])
