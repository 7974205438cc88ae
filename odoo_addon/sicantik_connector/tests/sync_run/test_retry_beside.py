from odoo.exceptions import UserError
from odoo.tests import tagged

from .retry_case import RetryCase


@tagged("post_install", "-at_install", "sicantik")
class TestRetryBesideOpenRuns(RetryCase):
    """An open run is joined when it does what was asked, and only then."""

    def test_a_waiting_retry_takes_more_permits(self):
        run = self.failed_details("1", "2")
        self.retry(self.issue(run, "1"))
        self.retry(self.issue(run, "2"))
        again = run.issue_ids.retried_by_id
        self.assertEqual(len(again), 1)
        self.assertEqual(self.due(again), ["1", "2"])

    def test_a_waiting_run_of_what_is_due_takes_them_too(self):
        run = self.failed_details("1", "2", "3", "4")
        waiting = self.run_of({"uuid": self.order("expiry")})
        self.retry(self.issue(run, "2"))
        self.assertEqual(self.issue(run, "2").retried_by_id, waiting)
        self.assertEqual(self.due(waiting), ["0", "2"])

    def test_a_running_one_that_will_not_ask_is_named_with_the_remedy(self):
        run = self.failed_details("1")
        key = self.start("expiry")
        with self.assertRaisesRegex(UserError, "Expiry Dates #.*Wait until"):
            self.retry(run.issue_ids | self.stored.issue_ids)
        self.finish(key)
        self.start("expiry", full=True)
        self.retry(run.issue_ids)
        self.assertTrue(run.issue_ids.retried_by_id.full)

    def test_a_running_one_that_has_asked_already_does_not_count(self):
        key = self.start("expiry", full=True)
        rows = [{"id": self.permit("1").id, "outcome": "error", "code": "timeout"}]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **key)
        with self.assertRaisesRegex(UserError, "does not do this again"):
            self.retry(self.run_of(key).issue_ids)

    def test_a_test_of_ten_is_no_retry(self):
        run = self.failed_details("1")
        self.order("expiry", limit=10)
        with self.assertRaisesRegex(UserError, "does not do this again"):
            self.retry(run.issue_ids)

    def test_a_list_under_way_is_joined_when_it_is_read_whole(self):
        key = self.start("permits", full=True)
        told = {**key, "issues": [{"key": "7", "code": "data"}]}
        self.runs("report", reports=[told])
        with self.assertRaises(UserError):
            self.retry(self.run_of(key).issue_ids)
        self.retry(self.stored.issue_ids)
        self.assertEqual(self.stored.issue_ids.retried_by_id, self.run_of(key))

    def test_a_short_look_at_the_list_is_no_retry(self):
        self.start("permits")
        with self.assertRaisesRegex(UserError, "does not do this again"):
            self.retry(self.stored.issue_ids)
