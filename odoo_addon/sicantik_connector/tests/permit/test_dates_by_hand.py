from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .contact_case import ContactCase

OUTSIDE = ("1900-01-01", "1989-12-31", "2101-01-01", "2207-01-01", "0207-01-01")
NO_DATES = ("2030-02-31", "2030-13-01", "31/12/2030", "31-12-2030", "besok", "2030")
INSIDE = ("1990-01-01", "2100-12-31")


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestDatesByHand(ContactCase):
    """Dates that people enter keep the rules by which SICANTIK's are flagged."""

    def setUp(self):
        super().setUp()
        self.mine = self.one.with_user(self.operator)

    def test_a_year_out_of_range_is_refused_in_the_words_of_the_flag(self):
        for name in ("issue_date", "expiry_date"):
            for day in OUTSIDE:
                refusal = "a date lies before 1990 or after 2100. Check the year"
                with self.assertRaisesRegex(ValidationError, refusal, msg=day):
                    self.mine.write({name: day})
                self.assertFalse(self.one[name])
            for day in INSIDE:
                self.mine[name] = day
                self.assertEqual(self.one[name], date.fromisoformat(day))

    def test_what_is_no_date_is_refused_in_a_sentence(self):
        for name in ("issue_date", "expiry_date"):
            label = self.one._fields[name].string
            for value in (*NO_DATES, 5, 5.5, True, [2030], {"year": 2030}):
                refusal = f"{label}: “{value}” is no date. Write year, month and day"
                with self.assertRaises(ValidationError, msg=value) as refused:
                    self.mine.write({name: value, "notes": "x"})
                self.assertIn(refusal, str(refused.exception))
                self.assertFalse(self.one[name] or self.one.notes)

    def test_nothing_of_a_refused_call_is_written(self):
        values = {"issue_date": "2026-01-01", "expiry_date": "0207-01-01"}
        with self.assertRaises(ValidationError):
            self.mine.write({**values, "notes": "x"})
        self.assertFalse(self.one.issue_date or self.one.notes)

    def test_an_import_is_refused_too(self):
        name = {"module": "__test__", "name": "one", "model": self.one._name}
        self.env["ir.model.data"].create({**name, "res_id": self.one.id})
        answers = [
            self.mine.load(["id", "expiry_date"], [["__test__.one", day]])
            for day in ("2207-01-01", "2027-01-01")
        ]
        self.assertEqual([answer["ids"] for answer in answers], [False, self.one.ids])
        self.assertIn("after 2100", answers[0]["messages"][0]["message"])
        self.assertEqual(self.one.expiry_date, date(2027, 1, 1))

    def test_a_bad_date_that_is_there_can_be_corrected(self):
        """mail's note of the change would fail on the year 207."""
        partner = self.partner(name="Contoh Pemohon")
        for values in (
            {"expiry_date": "2027-01-01"},
            {"expiry_date": False},
            {"notes": "x", "partner_id": partner.id, "expiry_date": "2027-01-01"},
            {"status": "cancelled", "cancel_reason": "x", "expiry_date": "2027-01-01"},
        ):
            bad = {"expiry_date": "0207-01-01", "expiry_source": "manual"}
            self.one.with_context(tracking_disable=True).write(bad)
            self.env.flush_all()
            self.mine.write(values)
            self.env.flush_all()
            self.cr.precommit.run()
            day = values["expiry_date"]
            expected = day and date.fromisoformat(day)
            self.assertEqual(self.one.expiry_date, expected, values)

    def test_a_change_of_what_else_leaves_the_bad_date(self):
        bad = {"expiry_date": "0207-01-01", "expiry_source": "manual"}
        self.one.with_context(tracking_disable=True).write(bad)
        self.mine.write({"notes": "x"})
        self.env.flush_all()
        self.cr.precommit.run()
        self.assertEqual(self.one.expiry_date.year, 207)

    def test_sicantik_s_own_dates_are_not_refused_here(self):
        self.detail(expiry_date="2107-01-01", issue_date="1980-01-01")
        self.assertEqual(self.one.expiry_date, date(2107, 1, 1))
        self.assertEqual(self.one.issue_date, date(1980, 1, 1))
        self.mine.expiry_date = "2027-01-01"
        self.mine.expiry_date = False
        self.assertEqual(self.one.expiry_date, date(2107, 1, 1))

    def questions(self, **values):
        """What the form asks when it is filled in so."""
        permit = self.mine.new(values, origin=self.mine)
        warning = permit._onchange_dates()
        return warning and warning["warning"]["message"]

    def test_what_is_seldom_meant_is_asked_and_can_be_saved(self):
        for values, words in (
            (
                {"issue_date": "2026-01-02", "expiry_date": "2026-01-01"},
                "lies before the issue date",
            ),
            ({"expiry_date": "2036-03-11"}, "more than 10 years ahead"),
            ({"issue_date": "2026-03-11"}, "lies ahead"),
            ({"expiry_date": "2207-01-01"}, "after 2100"),
        ):
            self.assertIn(words, self.questions(**values), values)
        for values in (
            {"issue_date": "2026-01-02", "expiry_date": "2026-01-02"},
            {"expiry_date": "2036-03-10"},
            {"issue_date": "2026-03-10"},
            {"expiry_date": False},
        ):
            self.assertIsNone(self.questions(**values), values)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            with Form(self.mine) as form:
                form.expiry_date = "2037-01-01"
        self.assertEqual(self.one.expiry_date, date(2037, 1, 1))

    def test_only_what_a_person_changes_is_asked_about(self):
        self.detail(expiry_date="2056-01-01")
        self.assertIsNone(self.questions(issue_date="2026-01-02"))
