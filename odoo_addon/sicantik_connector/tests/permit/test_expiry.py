from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import SicantikCase, row_of

STATES = ("ok", "warning", "critical", "expired", "unknown")


@tagged("post_install", "-at_install", "sicantik")
class TestExpiry(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def bring(self, today, *days):
        """One permit for each number of days left, named after it."""
        rows = [
            row_of(
                str(left),
                f"503/{left}",
                has_expiry=True,
                expiry_date=str(today + timedelta(days=left)),
            )
            for left in days
        ]
        self.upsert(self.run_key, *rows)

    def found(self, operator, value):
        domain = [("config_id", "=", self.config.id), ("expiry_state", operator, value)]
        return set(self.permits.search(domain).mapped("registration_number"))

    @freeze_time("2026-03-10 03:00:00")
    def test_states_and_searches_agree(self):
        """Every permit is in exactly one state, searched or read."""
        self.bring(date(2026, 3, 10), -400, -1, 0, 30, 31, 60, 61, 400)
        self.upsert(self.run_key, row_of("none", "503/none"))
        expected = {
            "ok": {"61", "400"},
            "warning": {"31", "60"},
            "critical": {"0", "30"},
            "expired": {"-1", "-400"},
            "unknown": {"none"},
        }
        for state in STATES:
            self.assertEqual(self.found("=", state), expected[state], state)
            permits = self.permits.search([("expiry_state", "=", state)])
            self.assertEqual(set(permits.mapped("expiry_state")), {state})
            others = set().union(*(expected[s] for s in STATES if s != state))
            self.assertEqual(self.found("!=", state), others)
        self.assertEqual(self.found("in", ["ok", "unknown"]), {"61", "400", "none"})
        self.assertEqual(len(self.found("not in", ["ok", "unknown"])), 6)
        self.assertEqual(self.permit("31").days_left, 31)
        self.assertEqual(self.permit("none").days_left, 0)

    def test_it_is_never_stale_and_follows_the_office_s_zone(self):
        """Days and state that were stored would be wrong from the next day on."""
        self.bring(date(2026, 3, 10), 0)
        permit = self.permit("0")
        user_far_away = self.operator
        user_far_away.tz = "America/Los_Angeles"
        for now, state in (
            ("2026-03-10 16:59:00", "critical"),  # 23:59 in Jakarta
            ("2026-03-10 17:01:00", "expired"),
        ):
            with freeze_time(now):
                self.env.invalidate_all()
                self.assertEqual(permit.with_user(user_far_away).expiry_state, state)
                self.assertEqual(self.found("=", state), {"0"})
        self.config.tz = "Asia/Jayapura"
        with freeze_time("2026-03-10 15:01:00"):
            self.env.invalidate_all()
            self.assertEqual(permit.expiry_state, "expired")

    @freeze_time("2026-03-10 03:00:00")
    def test_the_limits_are_the_configuration_s(self):
        self.bring(date(2026, 3, 10), 5, 15)
        self.config.write({"critical_days": 3, "warning_days": 10})
        self.env.invalidate_all()
        self.assertEqual(self.found("=", "warning"), {"5"})
        self.assertEqual(self.permit("5").expiry_state, "warning")
        self.assertEqual(self.permit("15").expiry_state, "ok")

    @freeze_time("2026-03-10 17:01:00")
    def test_the_filters_follow_the_office_s_limits_and_zone(self):
        """It is the 11th already in Jakarta."""
        self.config.write({"critical_days": 3, "warning_days": 10})
        self.bring(date(2026, 3, 11), -1, 0, 3, 4, 10, 11)
        view = self.permits.get_view(
            self.env.ref("sicantik_connector.sicantik_permit_view_search").id, "search"
        )
        arch = etree.fromstring(view["arch"])
        for name, expected in (
            ("expired", {"-1"}),
            ("critical", {"0", "3"}),
            ("warning", {"4", "10"}),
        ):
            domain = safe_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
            found = self.permits.search([("config_id", "=", self.config.id), *domain])
            self.assertEqual(set(found.mapped("registration_number")), expected, name)
