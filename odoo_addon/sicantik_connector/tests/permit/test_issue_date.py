from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestIssueDate(ContactCase):
    """An issue date by hand wins, as an expiry date does."""

    def setUp(self):
        super().setUp()
        self.mine = self.one.with_user(self.operator)

    def test_it_comes_from_the_detail(self):
        self.detail(issue_date="2023-01-31")
        self.assertEqual(self.one.issue_date, date(2023, 1, 31))
        self.assertEqual(self.one.issue_source, "detail")
        self.detail()
        self.assertFalse(self.one.issue_date or self.one.issue_source)

    def test_a_date_by_hand_wins_and_shows_the_difference(self):
        self.detail(issue_date="2023-01-31")
        self.mine.issue_date = "2023-02-01"
        self.assertEqual(self.one.issue_source, "manual")
        self.detail(issue_date="2023-03-31")
        self.assertEqual(self.one.issue_date, date(2023, 2, 1))
        self.assertEqual(self.one.source_issue_date, date(2023, 3, 31))

    def test_an_empty_date_goes_back_to_sicantik_s(self):
        self.mine.issue_date = "2023-02-01"
        self.mine.issue_date = False
        self.assertFalse(self.one.issue_date or self.one.issue_source)
        self.detail(issue_date="2023-03-31")
        self.mine.issue_date = "2023-02-01"
        self.mine.issue_date = False
        self.assertEqual(self.one.issue_date, date(2023, 3, 31))
        self.assertEqual(self.one.issue_source, "detail")

    def test_viewers_only_look(self):
        with self.assertRaises(AccessError):
            self.one.with_user(self.viewer).issue_date = "2023-02-01"
