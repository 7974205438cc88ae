from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import MANY

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesCost(NoticeCase):
    """Fifty thousand permits: found by date, not one by one."""

    def test_a_usual_morning_takes_few_queries(self):
        self.load_many(self.TODAY)
        self.config.go_live_date = self.TODAY
        with freeze_time("2026-03-10 03:00:00", tick=True), self.statements() as sql:
            self.find()
        made = self.notices.search_count([("config_id", "=", self.config.id)])
        self.assertEqual(made, 4 * MANY // 500)
        # INSERT and UPDATE go in hundreds; the rest does not grow with the permits.
        self.assertLess(len(sql), 60)

    def test_the_next_morning_finds_nothing_again(self):
        self.load_many(self.TODAY)
        self.config.go_live_date = self.TODAY
        self.find()
        with self.statements() as sql:
            self.find()
        self.assertEqual([s for s in sql if s.startswith("INSERT")], [])
        self.assertLess(len(sql), 20)

    def test_a_go_live_in_the_past_tells_each_permit_once(self):
        self.load_many(self.TODAY)
        self.config.go_live_date = self.TODAY - timedelta(days=400)
        self.find()
        due = [("config_id", "=", self.config.id), ("state", "=", "due")]
        self.assertEqual(self.notices.search_count(due), 91 * MANY // 500)
