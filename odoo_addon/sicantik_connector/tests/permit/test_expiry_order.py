import ast

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged

from ...tools import compat
from .expiry_case import HALF_PAST_ELEVEN, ExpiryCase

DATE = "expiry_date"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(HALF_PAST_ELEVEN)
class TestExpiryOrder(ExpiryCase):
    """Lists that ask for expiry begin with what is to be done first."""

    def setUp(self):
        super().setUp()
        days = (40, -3, 2, -400, 11, None, -1, 0)
        self.here = self.bring(self.config, *days)
        self.here.filtered(lambda p: p.days_left < 0).status = "expired"

    def listed(self, *terms, order=None):
        """The days left of what a list with this domain shows, from the top."""
        domain = [("config_id", "=", self.config.id), *terms]
        answer = self.permits.with_user(self.viewer).web_search_read(
            domain, {"days_left": {}, DATE: {}}, order=order
        )
        return [one[DATE] and one["days_left"] for one in answer["records"]]

    def opened(self, groupby, *terms, order=None):
        """``[(group, [days left])]`` of the groups, as the web client opens them."""
        domain = [("config_id", "=", self.config.id), *terms]
        fields = {"days_left": {}, DATE: {}}
        permits = self.permits.with_user(self.viewer)
        if compat.IS_19:
            groups = permits.web_read_group(
                domain,
                [groupby],
                ["__count"],
                order=order,
                auto_unfold=True,
                unfold_read_specification=fields,
            )["groups"]
            lists = [group.get("__records", []) for group in groups]
        else:
            groups = permits.web_read_group(domain, [], [groupby])["groups"]
            answers = [
                permits.web_search_read(group["__domain"], fields, order=order)
                for group in groups
            ]
            lists = [answer["records"] for answer in answers]
        return [
            (group[groupby], [one[DATE] and one["days_left"] for one in records])
            for group, records in zip(groups, lists, strict=True)
        ]

    def test_open_groups_come_in_the_order_of_their_list(self):
        [(_type, days)] = self.opened("config_id", (DATE, ">=", "2026-03-01"))
        self.assertEqual(days, [-3, -1, 0, 2, 11, 40])
        [(_type, days)] = self.opened("config_id", ("status", "=", "expired"))
        self.assertEqual(days, [-1, -3, -400])
        usual = self.permits.search([("config_id", "=", self.config.id)])
        usual = [permit.expiry_date and permit.days_left for permit in usual]
        [(_type, days)] = self.opened("config_id")
        self.assertEqual(days, usual)

    def test_groups_by_expiry_open_with_what_is_to_be_done_first(self):
        groups = [days for _state, days in self.opened("expiry_state")]
        self.assertIn([-1, -3, -400], groups)
        self.assertIn([0, 2], groups)

    def test_groups_keep_their_own_order(self):
        over = ("expiry_state", "=", "expired")
        months = self.opened("expiry_date:month", over)
        self.assertEqual([days for _month, days in months], [[-400], [-1, -3]])

    def test_open_groups_come_in_the_order_that_was_chosen(self):
        over = ("expiry_state", "=", "expired")
        [(_type, days)] = self.opened("config_id", over, order=DATE)
        self.assertEqual(days, [-400, -3, -1])

    def test_what_is_due_comes_with_the_nearest_date_first(self):
        for terms, expected in (
            ([(DATE, ">=", "2026-03-10"), (DATE, "<=", "2026-03-31")], [0, 2, 11]),
            (["&", [DATE, ">=", "2026-03-01"], [DATE, "<", "2027-01-01"]],
             [-3, -1, 0, 2, 11, 40]),
            ([("expiry_state", "=", "critical")], [0, 2]),
            ([("expiry_state", "in", ["critical", "ok"])], [0, 2, 11, 40]),
            ([("days_left", "<", 5), ("days_left", ">", -5)], [-3, -1, 0, 2]),
        ):  # fmt: skip
            self.assertEqual(self.listed(*terms), expected, terms)

    def test_what_is_about_to_expire_comes_with_the_nearest_first(self):
        arch = etree.fromstring(self.permits.get_view(view_type="search")["arch"])
        [found] = arch.xpath("//filter[@name='about_to_expire']/@domain")
        self.here[0].expiry_date = "2026-03-18"  # soon, not critical
        near = self.here.filtered(
            lambda permit: permit.expiry_state in ("critical", "warning")
        )
        self.assertEqual(set(near.mapped("expiry_state")), {"critical", "warning"})
        self.assertEqual(
            self.listed(*ast.literal_eval(found)), sorted(near.mapped("days_left"))
        )
        near[0].status = "renewed"
        self.assertEqual(len(self.listed(*ast.literal_eval(found))), len(near) - 1)

    def test_what_has_expired_comes_with_the_newest_first(self):
        for terms in (
            [("expiry_state", "=", "expired")],
            [("status", "=", "expired")],
            [(DATE, "<=", "2026-03-09"), ("status", "not in", ["renewed"])],
        ):
            self.assertEqual(self.listed(*terms), [-1, -3, -400], terms)

    def test_other_lists_and_chosen_orders_stay_as_they_are(self):
        usual = self.permits.search([("config_id", "=", self.config.id)])
        usual = [permit.expiry_date and permit.days_left for permit in usual]
        self.assertEqual(self.listed(), usual)
        self.assertEqual(self.listed((DATE, "=", False)), [False])
        chosen = self.listed(("expiry_state", "=", "expired"), order="expiry_date")
        self.assertEqual(chosen, [-400, -3, -1])

    def test_cards_come_with_what_is_nearest_to_its_date_first(self):
        view = self.permits.get_view(view_type="kanban")
        self.assertIn('default_order="urgency_color"', view["arch"])
        domain = [("config_id", "=", self.config.id)]
        cards = self.permits.with_user(self.viewer).search(
            domain, order="urgency_color"
        )
        days = [permit.expiry_date and permit.days_left for permit in cards]
        self.assertEqual(days, [0, -1, 2, -3, 11, 40, -400, False])

    def test_the_months_that_can_be_chosen_lie_ahead(self):
        view = self.permits.get_view(view_type="search")
        self.assertIn('start_month="-1" end_month="6"', " ".join(view["arch"].split()))
