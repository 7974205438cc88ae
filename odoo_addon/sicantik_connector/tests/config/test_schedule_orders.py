from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import SicantikCase

RUN = "sicantik.sync.run"


@tagged("post_install", "-at_install", "sicantik")
class TestScheduleOrders(SicantikCase):
    """What the scheduled actions order, for whom, and when not."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.meet()
        self.configs = self.env["sicantik.config"]

    def meet(self):
        self.runs("queued", worker="worker-1", version="1")

    def ordered(self, config=None):
        runs = self.env[RUN].search([("origin", "=", "schedule")], order="id")
        if config:
            runs = runs.filtered(lambda run: run.config_id == config)
        return [(run.kind, run.full, run.limit, run.state) for run in runs]

    def end_runs(self):
        for run in self.env[RUN].search([("state", "=", "queued")]):
            [claimed] = self.claim(run.uuid)["claimed"]
            self.finish({"uuid": run.uuid, "token": claimed["token"]})

    def every_action(self):
        self.configs._cron_sync_types()
        self.configs._cron_full_pass()
        self.configs._cron_sync_expiry()
        self.configs._cron_sync_permits()

    def test_each_action_orders_its_kind(self):
        self.every_action()
        expected = [
            ("types", False, 0, "queued"),
            ("permits", True, 0, "queued"),
            ("expiry", False, 0, "queued"),
        ]
        self.assertEqual(self.ordered(), expected)

    def test_nothing_piles_up(self):
        for _day in range(3):
            self.every_action()
            self.clock.tick(timedelta(days=1))
        self.assertEqual(len(self.ordered()), 3)

    def test_an_archived_configuration_or_one_without_a_worker_orders_nothing(self):
        self.config.active = False
        self.every_action()
        self.assertFalse(self.ordered())
        self.config.write({"active": True, "worker_seen": False})
        self.every_action()
        self.assertFalse(self.ordered())

    def test_a_silent_worker_s_orders_wait(self):
        self.clock.tick(timedelta(days=3))
        self.assertEqual(self.config.worker_state, "silent")
        self.configs._cron_sync_types()
        self.assertEqual(self.ordered(), [("types", False, 0, "queued")])

    def test_each_configuration_waits_for_its_own_interval(self):
        slow = self.another_office(sync_interval=60)
        self.clock.tick(timedelta(minutes=1))
        self.meet()
        began, counts = datetime.now(), []
        for look in range(9):
            late = timedelta(seconds=50 - 10 * (look % 5))  # Odoo is never exact
            self.clock.move_to(began + look * timedelta(minutes=15) + late)
            self.configs._cron_sync_permits()
            self.end_runs()
            counts.append((len(self.ordered(self.config)), len(self.ordered(slow))))
        self.assertEqual([quick for quick, _slow in counts], list(range(1, 10)))
        self.assertEqual([slow for _quick, slow in counts], [1] * 4 + [2] * 4 + [3])

    def test_after_three_days_without_odoo_one_look_is_due(self):
        self.configs._cron_sync_permits()
        self.end_runs()
        self.clock.tick(timedelta(days=3))
        self.configs._cron_sync_permits()
        self.configs._cron_sync_permits()
        self.assertEqual(len(self.ordered()), 2)

    def test_the_full_pass_widens_a_run_that_waits(self):
        uuid = self.order("permits", limit=5)
        self.configs._cron_full_pass()
        run = self.run_of({"uuid": uuid})
        self.assertEqual((run.full, run.limit), (True, 0))
        self.assertFalse(self.ordered())

    def test_the_full_pass_comes_again_when_another_pass_was_under_way(self):
        triggers = self.env["ir.cron.trigger"]
        action = self.env.ref("sicantik_connector.cron_full_pass")
        domain = [("cron_id", "=", action.id)]
        run = self.start("permits")
        self.configs._cron_full_pass()
        self.assertEqual(
            triggers.search(domain).mapped("call_at"), [datetime(2026, 3, 10, 3, 15)]
        )
        self.assertFalse(self.run_of(run).full, "it is under way as it was ordered")
        self.finish(run)
        self.configs._cron_full_pass()
        self.assertEqual(self.ordered(), [("permits", True, 0, "queued")])
        self.assertEqual(triggers.search_count(domain), 1)

    def test_nobody_gets_a_pop_up_for_the_schedule(self):
        self.configs._cron_sync_types()
        with self.bus() as sent:
            self.end_runs()
        self.assertNotIn("simple_notification", [kind for _to, kind, _what in sent])

    def test_the_worker_is_woken(self):
        self.config.write({"worker_url": "http://127.0.0.1:9", "worker_hook_key": "k"})
        self.addCleanup(self.cr.postcommit.clear)
        self.cr.postcommit.clear()
        self.configs._cron_sync_types()
        self.assertEqual(len(self.cr.postcommit._funcs), 1)
