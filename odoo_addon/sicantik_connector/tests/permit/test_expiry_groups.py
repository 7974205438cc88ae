from statistics import mean

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .expiry_case import HALF_PAST_ELEVEN, STATES, ExpiryCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(HALF_PAST_ELEVEN)
class TestExpiryGroups(ExpiryCase):
    """What a permit shows, the columns that it stands in, the bars, the filters and
    the figures are one truth, and it is today's."""

    def setUp(self):
        super().setUp()
        days = (-400, -1, 0, 1, 3, 4, 10, 11, 30, 31, 60, 61, None)
        self.here = self.bring(self.config, *days)
        self.there = self.bring(self.east, *days)
        self.both = self.here | self.there

    def by_state(self):
        """``{state: permits}`` as the badges say."""
        return {
            state: self.both.filtered(lambda p, state=state: p.expiry_state == state)
            for state in STATES
        }

    def test_two_zones_and_two_limits_at_half_past_eleven(self):
        """In Jayapura the 11th has begun, so the permit of the 10th is over there."""
        found = [permit.expiry_state for permit in self.here]
        self.assertEqual(
            found, ["expired"] * 2 + ["critical"] * 3 + ["warning"] * 2 + ["ok"] * 5
            + ["unknown"],
        )  # fmt: skip
        found = [permit.expiry_state for permit in self.there]
        self.assertEqual(
            found, ["expired"] * 3 + ["critical"] * 7 + ["warning"] * 2 + ["unknown"]
        )
        self.assertEqual((self.here[2].days_left, self.there[2].days_left), (0, -1))

    def test_columns_bars_and_filters_agree_with_the_badges(self):
        expected = {state: len(permits) for state, permits in self.by_state().items()}
        columns = self.columns("expiry_state")
        self.assertEqual([column[:2] for column in columns], list(expected.items()))
        for state, count, domain in columns:
            found = self.permits.search(domain)
            self.assertEqual(found, self.by_state()[state] & found, state)
            self.assertEqual(len(found), count, state)
        self.assertEqual(self.bars("status")["active"], expected)
        for state, bar in self.bars("expiry_state").items():
            self.assertEqual(bar, {**dict.fromkeys(STATES, 0), state: expected[state]})
        for name in ("expired", "critical", "warning", "no_date"):
            state = {"no_date": "unknown"}.get(name, name)
            found = self.permits.search(self.domain + self.filter(name))
            self.assertEqual(len(found), expected[state], name)

    def filter(self, name):
        view = self.env.ref("sicantik_connector.sicantik_permit_view_search")
        arch = etree.fromstring(self.permits.get_view(view.id, "search")["arch"])
        return safe_eval(arch.find(f".//filter[@name='{name}']").get("domain"))

    def test_the_next_minute_counts(self):
        """What was stored would be wrong from the next day on."""
        before = dict(column[:2] for column in self.columns("expiry_state"))
        with freeze_time("2026-03-10 17:00:00"):  # midnight in Jakarta
            after = dict(column[:2] for column in self.columns("expiry_state"))
            self.env.invalidate_all()
            self.assertEqual(self.here[2].expiry_state, "expired")
        self.assertEqual(after["expired"] - before["expired"], 1)
        self.config.write({"critical_days": 10, "warning_days": 30})
        changed = dict(column[:2] for column in self.columns("expiry_state"))
        self.assertEqual(changed["critical"] - before["critical"], 2)

    def test_all_columns_are_there_in_a_sensible_order(self):
        nothing = [("id", "=", False)]
        columns = [column[:2] for column in self.columns("expiry_state", nothing)]
        self.assertEqual(columns, [(state, 0) for state in STATES])
        statuses = ["draft", "active", "expired", "renewed", "cancelled"]
        columns = [column[0] for column in self.columns("status")]
        self.assertEqual(columns, statuses)

    def test_groups_and_records_are_ordered_by_urgency_and_by_life(self):
        groups = self.permits._read_group(self.domain, ["expiry_state"], ["__count"])
        self.assertEqual([state for state, _count in groups], list(STATES))
        order = "expiry_state desc, id"
        states = self.permits.search(self.domain, order=order).mapped("expiry_state")
        self.assertEqual(list(dict.fromkeys(states)), list(reversed(STATES)))
        self.here[:3].status, self.here[3:5].status = "expired", "draft"
        found = self.permits.search(self.domain, order="status, id").mapped("status")
        self.assertEqual(list(dict.fromkeys(found)), ["draft", "active", "expired"])
        groups = self.permits._read_group(self.domain, ["status"], order="status desc")
        self.assertEqual(groups, [("expired",), ("active",), ("draft",)])

    def test_days_left_are_ordered_averaged_and_searched(self):
        dated = self.both.filtered("expiry_date")
        [[average]] = self.permits._read_group(self.domain, [], ["days_left:avg"])
        self.assertAlmostEqual(float(average), mean(dated.mapped("days_left")))
        found = self.permits.search(self.domain, order="days_left, id")
        self.assertEqual(found[:-2], dated.sorted(lambda p: (p.days_left, p.id)))
        for operator, value, expected in (
            ("<", 0, lambda p: p.expiry_date and p.days_left < 0),
            (">=", 30, lambda p: p.expiry_date and p.days_left >= 30),
            ("=", 0, lambda p: p.expiry_date and p.days_left == 0),
            ("in", [3, 29], lambda p: p.expiry_date and p.days_left in (3, 29)),
            ("=", False, lambda p: not p.expiry_date),
            ("!=", False, lambda p: p.expiry_date),
            (">", 10**9, lambda p: False),
        ):
            term = ("days_left", operator, value)
            found = self.permits.search([*self.domain, term], order="id")
            self.assertEqual(found, self.both.sorted("id").filtered(expected), term)

    def test_the_web_client_may_group_and_sort(self):
        names = ["expiry_state", "days_left", "status", "urgency_color"]
        permits = self.permits.with_user(self.viewer)
        fields = permits.fields_get(names)
        for name in ("expiry_state", "status"):
            self.assertTrue(fields[name]["groupable"], name)
            self.assertTrue(fields[name]["sortable"], name)
        self.assertTrue(fields["days_left"]["sortable"])
        self.assertEqual(fields["days_left"]["aggregator"], "avg")
        self.assertFalse(fields["urgency_color"]["groupable"])
        here = [("config_id", "=", self.config.id)]
        groups = permits._read_group(here, ["status", "expiry_state"], ["__count"])
        self.assertEqual(sum(group[2] for group in groups), len(self.here))

    def test_the_list_sorted_by_days_left_can_be_grouped(self):
        """Odoo 18 sorts such groups by the bare name of the column."""
        self.there.status = "expired"
        for order, expected in (
            ("days_left desc", ["active", "expired"]),
            ("days_left asc", ["expired", "active"]),
        ):
            groups = self.permits._read_group(self.domain, ["status"], order=order)
            self.assertEqual([status for (status,) in groups], expected)

    def test_only_open_permits_are_coloured(self):
        colors = [permit.urgency_color for permit in self.here]
        self.assertEqual(colors, [1] * 2 + [2] * 3 + [3] * 2 + [10] * 5 + [0])
        self.here.status = "cancelled"
        self.assertEqual(set(self.here.mapped("urgency_color")), {0})
