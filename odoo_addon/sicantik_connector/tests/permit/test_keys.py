from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import SicantikCase, applicant_of, row_of, type_of


@tagged("post_install", "-at_install", "sicantik")
class TestKeys(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def keys(self, **values):
        return self.rpc("sicantik.permit", "keys", **self.run_key, **values)

    def test_every_status_in_order_page_by_page(self):
        self.upsert(self.run_key, *[row_of(str(n), f"503/{n}") for n in range(4)])
        self.upsert(self.run_key, row_of("4"))
        self.permit("1").with_user(self.operator)._cancel("Dicabut")
        found, last, pages = [], 0, 0
        while pages == 0 or last:
            answer = self.keys(after=last, limit=2)
            self.assertLessEqual(len(answer["permits"]), 2)
            found += answer["permits"]
            last, pages = answer["last"], pages + 1
        self.assertEqual(pages, 3)
        self.assertEqual(
            [(key["identity"].split("\x1f")[1], key["status"]) for key in found],
            [
                ("0", "active"),
                ("1", "cancelled"),
                ("2", "active"),
                ("3", "active"),
                ("4", "draft"),
            ],
        )
        self.assertEqual(found[0].keys(), {"id", "identity", "status", "missing"})
        self.assertEqual(found[0]["id"], self.permit("0").id)

    def test_a_page_that_is_just_full_is_not_the_end(self):
        self.upsert(self.run_key, row_of("1", "503/1"), row_of("2", "503/2"))
        answer = self.keys(limit=2)
        self.assertEqual(answer["last"], self.permit("2").id)
        answer = self.keys(limit=2, after=answer["last"])
        self.assertEqual(answer, {"permits": [], "last": 0})

    def test_values_are_what_the_list_said(self):
        row = row_of(
            "1",
            "503/1",
            permit_type=type_of("B"),
            further_types=[type_of("D"), type_of("C")],
            applicant=applicant_of("Budi"),
            further_applicants=[applicant_of("Dewi"), applicant_of("Citra")],
            has_expiry=True,
            expiry_date="2030-01-31",
            flags=["date", "number"],
        )
        bare = row_of("2", applicant=None, permit_type=None, identity="T\x1f2\x1f")
        self.upsert(self.run_key, row, {**bare, "registered_month": None})
        self.permit("1").with_user(self.operator).expiry_date = "2031-01-01"
        self.permit("1").detail_flags = "other"
        one, two = [key["values"] for key in self.keys(values=True)["permits"]]
        self.assertEqual(
            one,
            {
                "registration_number": "1",
                "permit_number": "503/1",
                "permit_type": "b",
                "further_types": ["c", "d"],
                "applicant": "budi",
                "further_applicants": ["citra", "dewi"],
                "registered_month": "2025-07-01",
                "source_expiry_date": "2030-01-31",
                "source_expiry_origin": "list",
                "flags": ["date", "number"],
            },
        )
        empty = {"registration_number": "2", "flags": []}
        empty.update(further_types=[], further_applicants=[])
        self.assertEqual(two, {**dict.fromkeys(one), **empty})

    def test_a_thousand_permits_cost_the_same_few_statements(self):
        def count(values):
            with self.statements() as statements:
                answer = self.keys(values=values)
            return len(answer["permits"]), len(statements)

        self.upsert(self.run_key, self.rich("few"))
        count(True)  # fills Odoo's own caches (groups, access rules)
        few = {values: count(values) for values in (False, True)}
        self.upsert(self.run_key, *[self.rich(str(n)) for n in range(999)])
        for values in (False, True):
            permits, statements = count(values)
            self.assertEqual(permits, 1000)
            self.assertEqual(statements, few[values][1])
        self.assertLessEqual(few[True][1] - few[False][1], 5)

    def rich(self, name):
        """A row with two types and two applicants, so that nothing is left out."""
        return row_of(
            name,
            f"503/{name}",
            further_types=[type_of("Izin Lain")],
            further_applicants=[applicant_of("Orang Kedua")],
        )

    def test_only_the_run_s_own_configuration(self):
        self.upsert(self.run_key, row_of("1", "503/1"))
        run = self.start(config=self.another_office())
        answer = self.rpc("sicantik.permit", "keys", **run)
        self.assertEqual(answer, {"permits": [], "last": 0})

    def test_a_stale_token_is_refused(self):
        self.run_key["token"] = "0" * 32
        with self.assertRaisesRegex(UserError, "^stale_token:"):
            self.keys()
