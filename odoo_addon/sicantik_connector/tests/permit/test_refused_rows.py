from types import SimpleNamespace
from unittest.mock import patch

import psycopg2
from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools import landing
from ..common import SicantikCase, row_of, type_of


@tagged("post_install", "-at_install", "sicantik")
class TestRefusedRows(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def upsert_beside_good_rows(self, *bad):
        """The answer; the good rows must have landed."""
        good = [row_of(f"good{n}", f"good{n}") for n in range(5)]
        answer = self.upsert(self.run_key, *good[:2], *bad, *good[2:])
        self.assertEqual(answer["created"], 5)
        for n in range(5):
            self.assertTrue(self.permit(f"good{n}"))
        return answer

    def test_values_that_no_database_takes(self):
        """Such as ``0000-00-00`` as a date."""
        answer = self.upsert_beside_good_rows(
            row_of("1", "date", registered_month="2025-13-01"),
            row_of("2", "zero", has_expiry=True, expiry_date="0000-00-00"),
            row_of("3", "week", registered_month="2025-W10-1"),
            row_of("4" * 501, "long"),
            row_of("5", "nul", applicant={"name": "a\x00", "key": "a"}),
            row_of("6", "half", applicant={"name": "\ud800", "key": "a"}),
            row_of("7", "typed", permit_type=type_of("X" * 501)),
            row_of("8", "none", permit_type={"name": "x"}),
            row_of("9", "number", permit_number=9, identity="N\x1f9\x1fnumber"),
            row_of("10", identity="X\x1f10\x1fform"),
        )
        names = "date zero week long nul half typed none number form".split()
        self.assertRefused(answer, **dict.fromkeys(names, "data"))

    def test_garbage_is_refused_not_raised(self):
        known = row_of("known", "known")
        self.upsert(self.run_key, known)
        bad = [{}, {"identity": 7}, {"identity": None}, {"identity": [1]}, "row", 5]
        bad += [{**known, "permit_type": "x"}, {**known, "applicant": 4}]
        answer = self.upsert_beside_good_rows(*bad, row_of("\x00", "nul"))
        codes = [item["code"] for item in answer["refused"]]
        self.assertEqual(codes, ["data"] * len(codes))
        self.assertEqual(len(codes), len(bad) + 1)

    def test_an_identity_may_stand_once_in_a_call(self):
        answer = self.upsert_beside_good_rows(row_of("good1", "good1"))
        self.assertRefused(answer, good1="duplicate")

    @mute_logger("odoo.sql_db")
    def test_a_rule_of_the_database_refuses_its_rows_only(self):
        self.env.cr.execute(
            "ALTER TABLE sicantik_permit ADD CONSTRAINT sicantik_test_rule"
            " CHECK (applicant_name <> 'Bad')"
        )
        bad = [
            row_of(str(n), f"bad{n}", applicant={"name": "Bad", "key": f"bad{n}"})
            for n in range(3)
        ]
        answer = self.upsert_beside_good_rows(*bad)
        codes = dict.fromkeys(("bad0", "bad1", "bad2"), "constraint")
        self.assertRefused(answer, **codes)
        self.assertNotIn("Bad", answer["refused"][0]["message"])
        self.assertIn("sicantik_test_rule", answer["refused"][0]["message"])

    def refuse_with(self, error):
        """Answer to three new rows of which writing the second raises ``error``."""
        apply = type(self.permits)._apply_steps

        def fail(model, steps):
            if any(step.key.endswith("two") for step in steps):
                raise error
            return apply(model, steps)

        with patch.object(type(self.permits), "_apply_steps", fail):
            return self.upsert(
                self.run_key, row_of("1", "one"), row_of("2", "two"), row_of("3", "3")
            )

    def test_codes(self):
        for error, code in (
            (errors.UniqueViolation("x"), "duplicate"),
            (errors.NotNullViolation("x"), "constraint"),
            (ValidationError("x"), "constraint"),
            (errors.NumericValueOutOfRange("x"), "data"),
            (ValueError("x"), "data"),
        ):
            with self.subTest(error=error):
                answer = self.refuse_with(error)
                self.assertRefused(answer, two=code)
        self.assertTrue(self.permit("1") and self.permit("3"))

    def test_an_unexpected_error_is_logged_and_isolated(self):
        error = KeyError("PEMOHON CONTOH")
        error.__cause__ = ValueError("PEMOHON CONTOH")
        with self.assertLogs(landing.__name__, "ERROR") as log:
            answer = self.refuse_with(error)
        self.assertRefused(answer, two="internal")
        said = "\n".join([*log.output, str(answer)])
        self.assertIn("KeyError at", said)
        self.assertNotIn("PEMOHON", said, "an error's words may hold a row's values")

    def test_what_odoo_retries_is_not_caught(self):
        for error in (errors.SerializationFailure, errors.DeadlockDetected):
            with self.assertRaises(psycopg2.OperationalError):
                self.refuse_with(error("x"))

    def test_losing_a_race_repeats_the_call(self):
        lost = ValueError("x")
        lost.diag = SimpleNamespace(
            constraint_name="sicantik_permit_config_identity_uniq"
        )
        with self.assertRaises(errors.SerializationFailure):
            self.refuse_with(lost)

    def test_a_refused_row_does_not_count_and_comes_again(self):
        self.refuse_with(ValueError("x"))
        answer = self.upsert(self.run_key, row_of("1", "one"), row_of("2", "two"))
        self.assertCounts(answer, unchanged=1, created=1)

    @mute_logger("odoo.sql_db")
    def test_a_refused_type_refuses_its_rows_only(self):
        self.env.cr.execute(
            "ALTER TABLE sicantik_permit_type ADD CONSTRAINT sicantik_test_rule"
            " CHECK (name <> 'Bad')"
        )
        row = row_of("1", "x", further_types=[type_of("Bad"), type_of("Good")])
        answer = self.upsert_beside_good_rows(row)
        self.assertRefused(answer, x="constraint")
        types = self.env["sicantik.permit.type"].search([]).mapped("name")
        self.assertIn("Good", types)
