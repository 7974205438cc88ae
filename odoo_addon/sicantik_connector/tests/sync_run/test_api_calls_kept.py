from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.sync_run import api_call
from .api_call_case import LIST, ApiCallCase, calls_of


@tagged("post_install", "-at_install", "sicantik")
class TestApiCallRetention(ApiCallCase):
    """Statistics go after their days, whatever becomes of the runs."""

    def test_they_go_after_the_days_that_were_set_and_outlive_their_run(self):
        self.config.write({"keep_runs_days": 7, "keep_api_days": 10})
        self.finish(self.key, api=[calls_of(LIST, 1, 10)])
        self.finish(self.start())
        self.clock.tick(timedelta(days=10))
        self.keep_house()
        self.assertFalse(self.stored.exists())
        self.assertEqual(len(self.counted()), 1, "not a day before")
        self.assertFalse(self.counted().run_id)
        self.clock.tick(timedelta(days=1))
        self.keep_house()
        self.assertFalse(self.counted())

    def test_an_archived_configuration_s_go_too(self):
        self.report(api=[calls_of(LIST, 1, 10)])
        self.config.active = False
        self.clock.tick(timedelta(days=31))
        self.keep_house()
        self.assertFalse(self.counted())

    def test_many_go_in_several_transactions(self):
        endpoints = [calls_of(f"endpoint{number}", 1, 10) for number in range(5)]
        self.finish(self.key, api=endpoints)
        self.clock.tick(timedelta(days=31))
        with patch.object(api_call, "REMOVED_AT_ONCE", 3):
            left = self.left_after_each(
                "_remove_old_calls", lambda: len(self.counted())
            )
        self.assertEqual(left, [2, 0])

    def test_who_may_do_what(self):
        self.report(api=[calls_of(LIST, 1, 10)])
        for user in (self.viewer, self.operator, self.manager):
            call = self.counted().with_user(user)
            self.assertEqual(call.calls, 1)
            with self.assertRaises(AccessError):
                call.calls = 0
            with self.assertRaises(AccessError):
                call.unlink()
        with self.assertRaises(AccessError):
            self.config.with_user(self.operator).keep_api_days = 20
        self.config.with_user(self.manager).keep_api_days = 7
        with self.assertRaisesRegex(ValidationError, "7 or more"):
            self.config.with_user(self.manager).keep_api_days = 6
