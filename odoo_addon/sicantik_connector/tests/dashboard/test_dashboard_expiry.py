from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .dashboard_case import JAKARTA, JAYAPURA, NOW, DashboardCase

LIMITS = "critical_days", "warning_days"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDashboardExpiry(DashboardCase):
    def expiring(self, config, today, *days):
        return [
            self.permit_in(config, expiry_date=today + timedelta(days=left))
            for left in days
        ]

    def spans(self, **filters):
        return self.counts(self.dashboard(**filters)["expiry"])

    def test_each_span_begins_where_the_one_before_it_ends(self):
        """10 March: six months end on 10 September, after 184 days."""
        for days, key in {
            (-400, -1): "expired",
            (0,): "today",
            (1, 7): "week",
            (8, 30): "critical",
            (31, 60): "warning",
            (61, 184): "half",
            (185, 365): "year",
            (366, 9000): "later",
        }.items():
            permits = self.expiring(self.config, JAKARTA, *days)
            self.assertEqual(self.spans(), {key: len(days)})
            for permit in permits:
                permit.unlink()
        self.permit_in(self.config)
        self.assertEqual(self.spans(), {"none": 1})

    def test_a_span_has_the_state_that_its_permits_have_elsewhere(self):
        """Whatever the limits: no span may have permits of two colours."""
        self.permit_in(self.config)
        for limits in ((30, 60), (45, 90), (3, 5), (7, 8), (0, 1), (10, 400)):
            self.config.write(dict(zip(LIMITS, limits, strict=True)))
            self.env.invalidate_all()  # the states as they were with other limits
            ends = (0, 1, 7, 8, 30, 31, 61, 92, 184, 185, 365, 366, *limits)
            self.expiring(self.config, JAKARTA, -1, *ends)
            self.expiring(self.config, JAKARTA, *(days + 1 for days in limits))
            for figure in self.dashboard()["expiry"]:
                found = self.permits.search(figure["domain"])
                self.assertEqual(len(found), figure["count"], (limits, figure))
                states = set(found.mapped("expiry_state"))
                self.assertLessEqual(states, {figure["state"]}, (limits, figure))

    def test_a_span_says_its_days_and_where_offices_differ_its_state(self):
        def labels():
            return [figure["label"] for figure in self.dashboard()["expiry"]][2:-2]

        ok = ["Up to 6 Months", "Up to 12 Months"]
        self.assertEqual(labels(), ["1–7 Days", "8–30 Days", "31–60 Days", *ok])
        both = self.config._every_config()
        both.write(dict(zip(LIMITS, (3, 4), strict=True)))
        self.assertEqual(labels(), ["1–3 Days", "Day 4", *ok])
        both.write(dict(zip(LIMITS, (45, 200), strict=True)))
        self.assertEqual(labels(), ["1–7 Days", "8–45 Days", "46–200 Days", ok[1]])
        self.east.write(dict(zip(LIMITS, (2, 4), strict=True)))
        words = ["Within a Week", "8–45 Days", "Expires Soon", *ok]
        self.assertEqual(labels(), words)
        for config, days in ((self.config, 45), (self.east, 4), (self.east, 5)):
            self.permit_in(config, expiry_date=config._today() + timedelta(days=days))
        self.assertEqual(self.spans(), {"critical": 1, "warning": 1, "half": 1})

    def test_today_is_the_office_s(self):
        """Of two permits with the same last day one has expired, in the east."""
        self.permit_in(self.config, expiry_date=JAKARTA)
        self.permit_in(self.east, expiry_date=JAKARTA)
        self.permit_in(self.east, expiry_date=JAYAPURA)
        self.assertEqual(self.spans(), {"expired": 1, "today": 2})
        [expired] = [f for f in self.dashboard()["expiry"] if f["key"] == "expired"]
        permits = self.permits.search(expired["domain"])
        self.assertEqual(permits.config_id, self.east)
        with freeze_time("2026-03-10 17:30:00"):
            self.assertEqual(self.spans(), {"expired": 2, "today": 1})

    def test_an_archived_configuration_s_permits_expire_too(self):
        self.permit_in(self.east, expiry_date=JAKARTA)
        self.east.active = False
        self.assertEqual(self.spans(), {"expired": 1})

    def test_who_was_renewed_or_cancelled_does_not_expire(self):
        for status in ("renewed", "cancelled"):
            self.permit_in(self.config, status=status, expiry_date=date(2020, 1, 1))
            self.permit_in(self.config, status=status)
        self.assertEqual(self.spans(), {})
        self.permit_in(self.config, status="draft")
        self.permit_in(self.config, status="expired", expiry_date=date(2020, 1, 1))
        self.assertEqual(self.spans(), {"expired": 1, "none": 1})

    def test_what_has_no_date_says_how_many_of_it_are_drafts(self):
        def note():
            return self.dashboard()["expiry"][-1].get("note")

        self.permit_in(self.config)
        self.permit_in(self.config, status="draft", expiry_date=JAKARTA)
        self.assertFalse(note())
        for _ in range(2):
            self.permit_in(self.config, status="draft")
        self.assertEqual(note(), "including 2 in process")
        self.assertEqual(self.spans(), {"today": 1, "none": 3})

    def test_the_columns_end_with_this_month_and_say_what_was_before(self):
        for year in range(2010, 2027):
            self.permit_in(self.config, registered_month=date(year, 3, 1))
        chart = self.dashboard()["charts"]["registered"]
        months = [figure["key"] for figure in chart["months"]]
        self.assertEqual(len(months), 12)
        self.assertEqual((months[0], months[-1]), ("2025-04", "2026-03"))
        self.assertEqual(self.counts(chart["months"]), {"2026-03": 1})
        self.assertEqual(chart["months"][-1]["label"], "March 2026")
        years = chart["years"]
        self.assertEqual([figure["key"] for figure in years][:2], ["early", "2015"])
        self.assertEqual((years[0]["label"], years[0]["count"]), ("Until 2014", 5))
        months = self.dashboard(year=2012)["charts"]["registered"]["months"]
        self.assertEqual((months[0]["key"], months[-1]["key"]), ("2012-01", "2012-12"))
        self.assertEqual(self.counts(months), {"2012-03": 1})

    def test_the_most_frequent_types_have_bars_of_their_own(self):
        for number in range(10):
            type_id = self.type_of_office(self.config, f"Izin {number}").id
            for _ in range(number + 1):
                self.permit_in(self.config, permit_type_id=type_id)
        self.permit_in(self.config)
        bars = self.dashboard()["types"]
        shown = [(figure["label"], figure["count"]) for figure in bars]
        self.assertEqual(shown[0], ("Izin 9", 10))
        self.assertEqual(shown[7:], [("Izin 2", 3), ("Others", 3), ("Not Known", 1)])
        for figure in bars:
            self.assertEqual(self.found(figure), figure["count"], figure)
