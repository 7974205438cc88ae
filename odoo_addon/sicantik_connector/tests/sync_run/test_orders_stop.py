from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import StartedRunCase


@tagged("post_install", "-at_install", "sicantik")
class TestOrdersStop(StartedRunCase):
    """A person stops a run."""

    def test_stopping_a_waiting_run(self):
        run = self.run_of({"uuid": self.order("types")})
        with self.assertRaises(AccessError):
            run.with_user(self.viewer).action_cancel()
        run.with_user(self.operator).action_cancel()
        self.assertEqual(run.state, "cancelled")
        with self.assertRaises(UserError):
            run.with_user(self.operator).action_cancel()

    def test_stopping_a_running_one_asks_the_worker(self):
        self.stored.with_user(self.operator).action_cancel()
        self.assertEqual(self.stored.state, "claimed")
        self.assertEqual(self.report(done=1)["cancel"], [self.key["uuid"]])
        self.finish(self.key, "cancelled")
        self.assertEqual(self.stored.state, "cancelled")

    def test_the_worker_that_holds_it_hears_of_it_when_it_asks(self):
        def cancel(worker):
            return self.runs("queued", worker=worker, version="1")["cancel"]

        self.assertEqual(cancel("worker-1"), [])
        self.stored.with_user(self.operator).action_cancel()
        self.assertEqual(cancel("worker-1"), [self.key["uuid"]])
        self.assertEqual(cancel("worker-2"), [])
        self.finish(self.key, "cancelled")
        self.assertEqual(cancel("worker-1"), [])

    def test_a_stopped_run_is_not_handed_back(self):
        self.stored.with_user(self.operator).action_cancel()
        self.finish(self.key, "queued")
        self.assertEqual(self.stored.state, "cancelled")

    def test_a_dead_worker_s_run_is_stopped_at_once(self):
        self.clock.tick(61)
        self.stored.with_user(self.operator).action_cancel()
        self.assertEqual(self.stored.state, "cancelled")
        self.assertEqual(self.report()["refused"][0]["code"], "stale_token")
