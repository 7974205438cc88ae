from freezegun import freeze_time

from odoo.tests import tagged

from ..common import row_of
from .renewal_case import LineCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalLines(LineCase):
    """The line of a permit's renewals, and which of two permits is the newer."""

    def test_the_line_of_renewals_oldest_first(self):
        self.first._mark_renewed(self.second)
        self.second._mark_renewed(self.third)
        for permit in (self.first, self.second, self.third):
            self.assertEqual(permit.renewal_count, 3)
            action = permit.action_view_renewals()
            view = self.env.ref("sicantik_connector.sicantik_permit_view_list_renewals")
            self.assertEqual(action["views"][0], (view.id, "list"))
            order = view.sudo().arch.split('default_order="')[1].split('"')[0]
            found = self.permits.search(action["domain"], order=order)
            self.assertEqual(found.ids, (self.first | self.second | self.third).ids)
        self.assertEqual(self.draft.renewal_count, 0)

    def test_the_lines_of_many_permits_cost_one_query(self):
        self.first._mark_renewed(self.second)
        permits = self.permits.search([("config_id", "=", self.config.id)])
        with self.statements() as statements:
            counts = [permit.renewal_count for permit in permits]
        self.assertEqual(sorted(counts), [0, 0, 2, 2])
        lines = [s for s in statements if s.startswith("WITH RECURSIVE")]
        self.assertEqual(len(lines), 1)

    def test_two_permits_may_become_one(self):
        (self.first | self.second)._mark_renewed(self.third)
        self.assertEqual(self.third.renews_ids, self.first | self.second)
        self.assertIn("Renews 503/0001, 503/0002", self.notes(self.third))

    def test_which_of_two_is_the_newer(self):
        self.assertTrue(self.third._is_later_than(self.second))
        self.assertIs(self.first._is_later_than(self.second), False)
        self.third.sudo().issue_date = "2020-01-01"
        self.assertTrue(self.third._is_later_than(self.second))
        self.second.sudo().issue_date = "2022-03-03"
        self.assertIs(self.third._is_later_than(self.second), False)
        self.upsert(self.run_key, row_of("8", "503/8", registered_month=None))
        self.assertIsNone(self.permit("8")._is_later_than(self.draft))

    def test_the_choice_shows_the_applicant(self):
        permit = self.third.with_context(sicantik_with_applicant=True)
        self.assertEqual(permit.display_name, "503/0003 · Contoh Pemohon")
        self.assertEqual(self.third.display_name, "503/0003")
