from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import StartedRunCase, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestRunAgain(StartedRunCase):
    """The same once more, or the open run of its kind when it does as much."""

    def setUp(self):
        super().setUp()
        rows = [row_of(str(n), f"503/{n}") for n in range(4)]
        self.upsert(self.key, *rows)
        self.finish(self.key)

    def again(self, run, user=None):
        """The notification of the button, and the run that it opens."""
        params = run.with_user(user or self.operator).action_run_again()["params"]
        return params, self.env["sicantik.sync.run"].browse(params["next"]["res_id"])

    def named(self, *numbers):
        """An open expiry run that asks for these permits only."""
        permits = self.permits.browse([self.permit(number).id for number in numbers])
        runs = self.env["sicantik.sync.run"].sudo()
        return runs._order_run(self.config, "expiry", permits=permits)[0]

    def begin(self, run):
        [claimed] = self.claim(run.uuid)["claimed"]
        return {"uuid": run.uuid, "token": claimed["token"]}

    def due(self, key):
        answer = self.rpc("sicantik.permit", "due_details", limit=100, **key)
        return sorted(permit["registration_number"] for permit in answer["permits"])

    def ask(self, key, *numbers):
        rows = [{"id": self.permit(n).id, "outcome": "no_data"} for n in numbers]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **key)

    def test_kind_limit_and_full_are_those_of_the_run(self):
        for kind, values in (
            ("permits", {"full": True}),
            ("expiry", {"limit": 2}),
            ("types", {}),
            ("compare", {}),
        ):
            key = self.start(kind, **values)
            self.finish(key, "failed")
            params, run = self.again(self.run_of(key))
            self.assertEqual(params["next"]["views"], [(False, "form")])
            self.assertNotEqual(run.uuid, key["uuid"])
            wanted = (kind, values.get("limit", 0), values.get("full", False))
            self.assertEqual((run.kind, run.limit, run.full), wanted)
            self.assertEqual((run.state, run.origin), ("queued", "button"))
            self.assertEqual(run.user_id, self.operator)

    def test_the_open_run_of_the_kind_is_opened(self):
        waiting = self.run_of({"uuid": self.order("permits", full=True)})
        params, run = self.again(self.stored)
        self.assertEqual(run, waiting)
        self.assertIn("already under way", params["message"])

    def test_an_open_run_that_does_less_is_opened_with_a_warning(self):
        done = self.start("expiry", full=True)
        self.finish(done)
        self.start("expiry", limit=1)
        params, run = self.again(self.run_of(done))
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))
        self.assertIn("order again when it has ended", params["message"])
        self.assertEqual((run.limit, run.full), (1, False))

    def test_named_permits_are_asked_again_due_or_not(self):
        key = self.begin(self.named("1", "3"))
        self.assertEqual(self.due(key), ["1", "3"])
        self.ask(key, "1")
        self.assertEqual(self.due(key), ["3"])
        self.ask(key, "3")
        self.assertEqual(self.due(key), [])
        self.finish(key)
        self.clock.tick(60)
        _params, run = self.again(self.run_of(key))
        self.assertEqual(self.due(self.begin(run)), ["1", "3"], "not due, but named")

    def test_named_permits_that_are_gone_are_not_all_permits(self):
        run = self.named("1")
        self.permit("1").sudo().unlink()
        key = self.begin(run)
        self.assertEqual(self.due(key), [])
        self.finish(key)
        with self.assertRaisesRegex(UserError, "not in Odoo any more"):
            self.again(run)

    def test_a_wider_order_widens_a_waiting_run_and_keeps_the_named_ones(self):
        key = self.start("expiry")
        self.ask(key, "0", "1", "2")
        self.finish(key)
        run = self.named("1")
        self.order("expiry")
        self.assertFalse(run.restricted)
        # 0 and 2 were asked and are not due; 1 was, but is named
        self.assertEqual(self.due(self.begin(run)), ["1", "3"])

    def test_a_small_order_does_not_widen_a_waiting_run(self):
        run = self.named("1")
        office = self.config.with_user(self.operator)
        action = office.action_test_expiry_sync()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertTrue(run.restricted)

    def test_the_nightly_order_comes_back_after_a_run_that_does_less(self):
        self.config.sudo().worker_seen = self.stored.date_start
        action = self.env.ref("sicantik_connector.cron_sync_expiry")
        triggers = [("cron_id", "=", action.id)]
        key = self.begin(self.named("1"))
        self.env["sicantik.config"]._cron_sync_expiry()
        trigger = self.env["ir.cron.trigger"].search(triggers)
        self.assertEqual(len(trigger), 1)
        later = self.stored.date_start + timedelta(minutes=15)
        self.assertEqual(trigger.call_at, later)
        self.finish(key)
        self.env["sicantik.config"]._cron_sync_expiry()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), 1)

    def test_an_open_run_is_not_run_again(self):
        run = self.run_of(self.start("types"))
        with self.assertRaisesRegex(UserError, "has not ended yet"):
            self.again(run)

    def test_an_archived_configuration_orders_nothing(self):
        run = self.named("1")
        self.finish(self.begin(run))
        self.config.active = False
        for ended in (self.stored, run):
            with self.assertRaisesRegex(UserError, "archived"):
                self.again(ended)

    def test_operators_only(self):
        for user in (self.viewer, self.worker):
            with self.assertRaises(AccessError):
                self.again(self.stored, user)
        self.again(self.stored, self.manager)
