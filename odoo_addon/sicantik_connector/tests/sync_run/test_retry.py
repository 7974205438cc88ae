from odoo.exceptions import UserError
from odoo.tests import tagged

from .retry_case import RetryCase


@tagged("post_install", "-at_install", "sicantik")
class TestRetry(RetryCase):
    """What issues name is ordered anew, and nothing else."""

    def test_details_are_asked_for_the_chosen_permits_only(self):
        run = self.failed_details("1", "2", "3")
        chosen = self.issue(run, "1") | self.issue(run, "3")
        params = self.retry(chosen)
        self.assertIn("retried: 2", params["message"])
        again = chosen.retried_by_id
        self.assertEqual(params["next"]["res_id"], again.id)
        self.assertEqual((again.kind, again.restricted), ("expiry", True))
        self.assertEqual(again.user_id, self.operator)
        self.assertFalse(self.issue(run, "2").retried_by_id)
        self.assertEqual(self.due(again), ["1", "3"], "though not due for an hour")

    def test_rows_of_the_list_are_read_by_a_full_pass(self):
        issue = self.stored.issue_ids
        self.retry(issue)
        again = issue.retried_by_id
        self.assertEqual((again.kind, again.full, again.limit), ("permits", True, 0))
        self.assertFalse(again.restricted)

    def test_both_kinds_in_one_selection_order_both(self):
        run = self.failed_details("1")
        issues = run.issue_ids | self.stored.issue_ids
        params = self.retry(issues)
        self.assertIn("retried: 2", params["message"])
        kinds = sorted(issues.retried_by_id.mapped("kind"))
        self.assertEqual(kinds, ["expiry", "permits"])
        found = self.env["sicantik.sync.run"].search(params["next"]["domain"])
        self.assertEqual(found, issues.retried_by_id)

    def test_a_comparison_is_mended_by_the_list_and_the_detail(self):
        key = self.start("compare")
        differs = [
            {"key": "1", "code": "only_in_sicantik"},
            {
                "key": "2",
                "code": "differs",
                "values": {"field": "expiry_date"},
                "permit_id": self.permit("2").id,
            },
            {
                "key": "3",
                "code": "differs",
                "values": {"field": "applicants"},
                "permit_id": self.permit("3").id,
            },
        ]
        self.finish(key, "partial", issues=differs)
        run = self.run_of(key)
        self.retry(run.issue_ids)
        kinds = {issue.key: issue.retried_by_id.kind for issue in run.issue_ids}
        self.assertEqual(kinds, {"1": "permits", "2": "expiry", "3": "permits"})
        self.assertEqual(self.due(self.issue(run, "2").retried_by_id), ["2"])

    def test_everything_and_types(self):
        run = self.failed_details("4", kind="all")
        listed = {"key": "0001", "code": "data"}
        types = self.start("types")
        self.finish(types, "partial", issues=[listed])
        run.sudo()._add_issues([listed])
        issues = run.issue_ids | self.run_of(types).issue_ids
        self.retry(issues)
        kinds = sorted(issue.retried_by_id.kind for issue in issues)
        self.assertEqual(kinds, ["expiry", "permits", "types"])

    def test_a_permit_that_is_gone_is_left_out_and_said(self):
        run = self.failed_details("1", "2")
        gone = self.issue(run, "1")
        gone.permit_id.sudo().unlink()
        params = self.retry(run.issue_ids)
        self.assertIn("retried: 1", params["message"])
        self.assertIn("is gone: 1", params["message"])
        self.assertFalse(gone.retried_by_id)
        with self.assertRaisesRegex(UserError, "Press Sync Now"):
            self.retry(gone)

    def test_a_contact_that_was_refused_is_tried_again(self):
        """The detail has not changed, so that only a retry looks for the contact."""
        run = self.start("expiry")
        detail = {"expiry_date": "2030-01-01", "company_npwp": "01.234.567.8-901.000"}
        row = {
            "id": self.permit("1").id,
            "outcome": "found",
            "hash": "a" * 32,
            "detail": detail,
        }
        self.rpc("sicantik.permit", "apply_details", rows=[row], **run)
        issue = {"key": "503/1", "code": "contact", "permit_id": self.permit("1").id}
        self.finish(run, issues=[issue])
        contact = self.env["res.partner"].create(
            {"name": "PT Contoh", "is_company": True, "vat": "012345678901000"}
        )
        self.retry(self.run_of(run).issue_ids)
        again = self.run_of(run).issue_ids.retried_by_id
        [claimed] = self.claim(again.uuid)["claimed"]
        key = {"uuid": again.uuid, "token": claimed["token"]}
        answer = self.rpc("sicantik.permit", "apply_details", rows=[row], **key)
        self.assertEqual((answer["applied"], answer["changed"]), (1, 0))
        self.assertEqual(self.permit("1").partner_id, contact)
