from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import SicantikCase
from .retry_case import RetryCase


@tagged("post_install", "-at_install", "sicantik")
class TestRetryOfARun(RetryCase):
    """The button of the run retries what was not retried yet."""

    def test_what_waits_for_a_retry_and_what_was_retried_in_vain(self):
        run = self.failed_details("1", "2")
        self.assertEqual(run.open_issue_count, 2)
        self.retry(self.issue(run, "1"))
        again = self.issue(run, "1").retried_by_id
        self.assertEqual(self.issue(run, "1").retry_state, "queued")
        self.env.invalidate_all()
        self.assertEqual(run.open_issue_count, 1)
        again.with_user(self.operator).action_cancel()
        self.env.invalidate_all()
        self.assertEqual(run.open_issue_count, 2, "the retry came to nothing")
        params = run.with_user(self.operator).action_retry_issues()["params"]
        self.assertIn("retried: 2", params["message"])
        self.assertNotEqual(run.issue_ids.retried_by_id, again)
        with self.assertRaisesRegex(UserError, "retried already"):
            run.with_user(self.operator).action_retry_issues()

    def test_a_retry_that_broke_off_came_to_nothing(self):
        """It asked for some and gave up: nobody knows about the others."""
        run = self.failed_details("1", "2")
        self.retry(run.issue_ids)
        retry = run.issue_ids.retried_by_id
        self.assertTrue(all(run.issue_ids.mapped("is_retried")))
        [claimed] = self.claim(retry.uuid)["claimed"]
        key = {"uuid": retry.uuid, "token": claimed["token"]}
        self.finish(key, "partial", error_code="source", error_message="x")
        self.env.invalidate_all()
        self.assertEqual(run.open_issue_count, 2)
        self.assertFalse(any(run.issue_ids.mapped("is_retried")))
        waiting = [("run_id", "=", run.id), ("is_retried", "=", False)]
        self.assertEqual(run.issue_ids.search(waiting), run.issue_ids)
        waiting[1] = ("is_retried", "=", True)
        self.assertFalse(run.issue_ids.search(waiting))
        retry.error_code = False
        self.assertEqual(run.issue_ids.search(waiting), run.issue_ids)

    def test_who_may(self):
        run = self.failed_details("1")
        for user in (self.viewer, self.worker):
            with self.assertRaises(AccessError):
                self.retry(run.issue_ids, user)
            with self.assertRaises(AccessError):
                run.with_user(user).action_retry_issues()
        with self.assertRaises(AccessError):
            run.issue_ids.with_user(self.manager).retried_by_id = run
        self.retry(run.issue_ids, self.manager)

    def test_the_forms_open_for_everybody(self):
        run = self.failed_details("1")
        self.retry(run.issue_ids)
        for user in (self.viewer, self.operator):
            for record in (run, run.issue_ids, run.issue_ids.retried_by_id):
                Form(record.with_user(user))


@tagged("post_install", "-at_install", "sicantik")
class TestRetryOfAnotherCompany(SicantikCase):
    def test_an_issue_of_another_company_is_refused(self):
        key = self.start()
        self.finish(key, issues=[{"key": "1", "code": "data"}])
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        neighbour = self._user(
            "neighbour",
            "sicantik_connector.group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        run = self.run_of(key).with_user(neighbour)
        for press in (
            self.run_of(key).issue_ids.with_user(neighbour).action_retry,
            run.action_retry_issues,
            run.action_run_again,
        ):
            with self.assertRaises(AccessError):
                press()
