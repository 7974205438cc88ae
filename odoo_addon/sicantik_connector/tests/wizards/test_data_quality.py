from odoo.tests import tagged

from ..common import row_of
from .data_quality_case import DataQualityCase


@tagged("post_install", "-at_install", "sicantik")
class TestDataQuality(DataQualityCase):
    """Figures about the permits, each with just the permits that it counts."""

    def test_coverage_is_that_of_active_and_expired_permits(self):
        [section] = [
            part for part in self.report()["sections"] if part["code"] == "coverage"
        ]
        self.assertEqual(section["total"], 5, "neither the draft nor the cancelled one")
        self.assertEqual(
            {line["code"]: line["count"] for line in section["lines"]},
            {
                "expiry_date": 2,
                "permit_type_id": 4,
                "applicant_name": 4,
                "applicant_phone": 1,
                "whatsapp_number": 1,
                "partner_id": 0,
            },
        )

    def test_why_there_is_no_expiry_date(self):
        expected = {"never": 1, "no_expiry": 1, "no_data": 1}
        self.assertEqual(self.lines("without_date"), expected)

    def test_bad_values_are_counted_by_kind(self):
        expected = {
            "type_missing": 2,
            "date_unreadable": 1,
            "new_flag": 1,
            "number_missing": 1,
        }
        self.assertEqual(self.lines("bad_values"), expected)
        [section] = [
            part for part in self.report()["sections"] if part["code"] == "bad_values"
        ]
        self.assertEqual(section["total"], 7)
        labels = {line["code"]: line["label"] for line in section["lines"]}
        self.assertEqual(labels["type_missing"], "The permit type is missing")
        self.assertEqual(labels["new_flag"], "New_flag")

    def test_missing_ones_and_numbers_given_twice(self):
        self.assertEqual(self.lines("oddities"), {"missing": 1, "twins": 2})
        self.assertEqual(
            self.lines("oddities", self.other),
            {"missing": 0, "twins": 0},
            "the same number of another SICANTIK is no twin",
        )

    def test_each_figure_opens_just_what_it_counts(self):
        permits = self.env["sicantik.permit"].with_user(self.operator)
        counted = 0
        for config in (self.config, self.other):
            for section in self.report(config)["sections"]:
                for line in section["lines"]:
                    found = permits.with_context(
                        allowed_company_ids=(self.config.company_id | self.company).ids
                    ).search(line["domain"])
                    self.assertEqual(len(found), line["count"], line)
                    self.assertLessEqual(found.config_id, config)
                    counted += 1
                    if "rest" in line:
                        rest = found.search(line["rest_domain"])
                        self.assertEqual(len(rest), line["rest"], line)
                        self.assertEqual(len(found | rest), section["total"])
        self.assertGreater(counted, 20)

    def test_a_kind_is_not_taken_for_another_with_a_similar_name(self):
        run = self.start()
        similar = ["xtype_missing", "type_missingx", "typexmissing"]
        rows = [
            row_of(f"9{n}", f"503/9{n}", flags=[code, "z"])
            for n, code in enumerate(similar)
        ]
        self.upsert(run, *rows)
        self.assertEqual(self.lines("bad_values")["type_missing"], 2)
        self.test_each_figure_opens_just_what_it_counts()

    def test_twins_are_found_both_ways(self):
        twins = self.permits.search(
            [("config_id", "=", self.config.id), ("has_twin", "=", True)]
        )
        self.assertEqual(twins, self.permit("1") | self.permit("5"))
        others = self.permits.search(
            [("config_id", "=", self.config.id), ("has_twin", "!=", True)]
        )
        self.assertEqual(len(others), 5)
        self.assertTrue(self.permit("5").has_twin)
        self.assertFalse(self.permit("7").has_twin)
