from freezegun import freeze_time

from odoo.tests import tagged

from .type_case import OLD, OTHER, REMAINING, TypeCase

COUNTS = ("permit", "draft", "active", "expired", "renewed", "cancelled")


@tagged("post_install", "-at_install", "sicantik")
# 23:30 on the ninth in Jakarta.
@freeze_time("2026-03-09 16:30:00")
class TestTypeCounts(TypeCase):
    def setUp(self):
        super().setUp()
        self.bring("1", name=OLD)
        days = "03-08", "03-09", "04-08", "04-09", "05-08", "05-09"
        for number, day in enumerate(days, 2):
            dated = {"has_expiry": True, "expiry_date": f"2026-{day}"}
            self.bring(str(number), f"503/{number}", OLD, **dated)
        self.bring("8", "503/8", OTHER, further=[OLD])
        closed = {"has_expiry": True, "expiry_date": "2026-03-20"}
        for registration, status in (("9", "renewed"), ("10", "cancelled")):
            self.bring(registration, f"503/{registration}", OLD, **closed)
            self.permit(registration).status = status
        self.type = self.named(OLD).with_user(self.viewer)

    def counts(self, permit_type, names=COUNTS):
        return tuple(permit_type[f"{name}_count"] for name in names)

    def test_permits_by_status_and_by_expiry(self):
        self.assertEqual(self.counts(self.type), (9, 1, 5, 1, 1, 1))
        self.assertEqual(self.counts(self.type, ("critical", "warning")), (2, 2))
        self.assertEqual(self.counts(self.named(REMAINING)), (0,) * 6)
        self.assertEqual(self.named(OTHER).permit_count, 1, "its main type only")

    def test_two_queries_whatever_the_number_of_types(self):
        types = self.env["sicantik.permit.type"].search([])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.statements() as found:
            types.mapped("permit_count")
            types.mapped("warning_count")
        asked = [one for one in found if 'FROM "sicantik_permit"' in one]
        self.assertEqual(len(asked), 2)

    def test_what_is_counted_is_what_opens(self):
        permits = self.permits.with_user(self.viewer)
        for key, names in (
            ("permit_status", COUNTS[1:]),
            ("permit_expiry_state", ("critical", "warning")),
        ):
            for name in names:
                action = self.type.with_context(**{key: name}).action_view_permits()
                found = permits.search_count(action["domain"])
                self.assertEqual(found, self.type[f"{name}_count"], name)
        action = self.type.action_view_permits()
        self.assertEqual(permits.search_count(action["domain"]), 9)
        self.assertEqual(action["name"], OLD)

    def test_the_charts_open(self):
        permits = self.permits.with_user(self.viewer)
        for action in (
            self.type.action_permits_by_status(),
            self.type.action_permits_by_month(),
        ):
            views = permits.get_views([*action["views"], (False, "search")])
            self.assertIn("graph", views["views"])
            self.assertIn("pivot", views["views"])
            self.assertEqual(permits.search_count(action["domain"]), 9)
            groups = permits._read_group(
                action["domain"], action["context"]["graph_groupbys"], ["__count"]
            )
            self.assertEqual(sum(group[-1] for group in groups), 9)
