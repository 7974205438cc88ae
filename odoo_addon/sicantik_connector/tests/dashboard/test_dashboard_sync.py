from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .dashboard_case import NOW, DashboardCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDashboardSync(DashboardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.action = cls.env.ref("sicantik_connector.cron_sync_permits")
        cls.action.write({"nextcall": "2026-03-10 15:40:00", "interval_number": 15})

    def health(self):
        """WORKER of the first office."""
        self.env.invalidate_all()
        workers = {worker["id"]: worker for worker in self.dashboard()["workers"]}
        return workers[self.config.id]

    def hear(self):
        self.runs("queued", worker="w", version="1")

    def last_runs(self):
        return self.dashboard()["runs"]

    def test_the_worker_s_state_follows_what_was_heard_of_it(self):
        health = self.health()
        self.assertEqual((health["state"], health["seen"]), ("never", False))
        self.assertEqual(health["state_label"], "Not Connected")
        self.assertFalse(health["next_look"])
        self.hear()
        health = self.health()
        self.assertEqual((health["state"], health["seen"]), ("connected", NOW))
        with freeze_time("2026-03-10 15:33:00"):
            self.assertEqual(self.health()["state"], "silent")
        self.config.active = False
        self.assertEqual([w["name"] for w in self.dashboard()["workers"]], ["Timur"])

    def test_the_address_and_why_its_test_failed_are_told(self):
        self.assertEqual(self.health()["address"], self.config.api_url)
        self.assertEqual(self.health()["test_failed"], "")
        probe = {"ok": False, "error_code": "sicantik_wrong_address"}
        self.finish(self.start("probe"), "failed", probe=probe)
        self.assertIn("Check the API address", self.health()["test_failed"])
        self.hear()
        self.config.api_url = False
        health = self.health()
        self.assertEqual((health["address"], health["test_failed"]), ("", ""))
        self.assertFalse(health["next_look"])

    def test_the_next_look_waits_for_the_office_s_own_interval(self):
        self.hear()
        self.assertEqual(self.health()["next_look"], "2026-03-10 15:40:00")
        self.config.sync_interval = 60
        self.action.write({"nextcall": "2026-03-10 15:40:00", "interval_number": 15})
        self.config.permits_ordered = "2026-03-10 15:25:00"
        self.assertEqual(self.health()["next_look"], "2026-03-10 16:25:00")
        self.env.cr.execute(
            "UPDATE ir_cron SET active = FALSE WHERE id = %s", [self.action.id]
        )
        self.action.invalidate_recordset()
        self.assertFalse(self.health()["next_look"])

    def test_a_look_is_ordered_at_the_time_that_was_told(self):
        """What is told is what the schedule does."""
        self.hear()
        self.config.sync_interval = 45
        self.config.permits_ordered = datetime.fromisoformat(NOW)
        self.action.write({"nextcall": "2026-03-10 15:40:00", "interval_number": 15})
        told = datetime.fromisoformat(self.health()["next_look"])
        for time, due in ((told - timedelta(minutes=15), False), (told, True)):
            with freeze_time(time):
                self.assertEqual(self.config._is_due(), due)

    def test_the_key_s_end_is_told(self):
        self.assertEqual(self.health()["key_state"], "none")
        self.config.with_user(self.env.ref("base.user_admin")).action_pair_worker()
        health = self.health()
        self.assertEqual(health["key_state"], "valid")
        self.assertEqual(health["key_ends"], "2027-03-10 15:30:00")

    def test_the_last_five_runs_are_told_newest_first(self):
        for _ in range(6):
            run = self.start("permits")
            self.finish(run, created=3, unchanged=4)
        waiting = self.run_of({"uuid": self.order("probe")})
        runs = self.last_runs()
        self.assertEqual(len(runs), 5)
        self.assertEqual(runs[0]["id"], waiting.id)
        self.assertEqual(runs[0]["state_label"], "Queued")
        self.assertEqual(runs[0]["text"], "")
        self.assertEqual(runs[1]["kind_label"], "Permits")
        self.assertEqual(runs[1]["text"], "3 new, 0 changed, 4 unchanged.")
        self.assertEqual(runs[1]["time"], NOW)

    def test_a_run_says_what_came_of_it(self):
        def text(kind, state, **values):
            self.finish(self.start(kind), state, **values)
            return self.last_runs()[0]["text"]

        self.assertEqual(text("probe", "done", probe={"ok": True}), "")
        self.assertIn("as SICANTIK says: 7", text("compare", "done", unchanged=7))
        self.assertIn("differ", text("compare", "partial"))
        self.assertIn("Partly done", text("permits", "partial", failed=2))
        self.assertIn("was stopped", text("permits", "cancelled"))
        failed = text("expiry", "failed", error_code="sicantik_refused")
        self.assertIn("The sync failed: SICANTIK refuses access.", failed)

    def test_a_run_under_way_tells_how_far_it_is(self):
        run = self.start("permits")
        report = {**run, "stage": "permits", "total": 50, "done": 20, "eta_seconds": 9}
        self.runs("report", reports=[report])
        [told] = self.last_runs()
        expected = {"state": "claimed", "total": 50, "done": 20, "eta_seconds": 9}
        self.assertEqual({name: told[name] for name in expected}, expected)
        self.assertEqual(told["text"], "")
