from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.sync_run import lease
from ...tools.constants import MAX_ATTEMPTS
from ..common import SCHEDULE_LOG, SicantikCase


class RetentionCase(SicantikCase):
    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)


@tagged("post_install", "-at_install", "sicantik")
class TestRetention(RetentionCase):
    """Old runs go."""

    def ended(self, kind="permits", state="done"):
        run = self.start(kind)
        self.finish(run, state, issues=[{"key": "1", "code": "data", "message": "x"}])
        return self.run_of(run)

    def left(self):
        return self.env["sicantik.sync.run"].search(
            [("config_id", "=", self.config.id)]
        )

    def test_ended_runs_and_their_issues_go_after_the_days_that_were_set(self):
        self.config.keep_runs_days = 10
        old = self.ended() | self.ended("types", "failed")
        self.clock.tick(timedelta(days=5))
        young = self.ended() | self.ended("types")
        self.clock.tick(timedelta(days=5))
        self.keep_house()
        self.assertEqual(self.left(), old | young, "not a moment before")
        self.clock.tick(timedelta(seconds=1))
        self.keep_house()
        self.assertEqual(self.left(), young)
        issues = self.env["sicantik.sync.issue"].search(
            [("config_id", "=", self.config.id)]
        )
        self.assertEqual(issues.run_id, young)

    def test_the_newest_of_each_kind_and_open_runs_stay(self):
        self.ended()
        newest = self.ended() | self.ended("types") | self.ended("probe", "failed")
        waiting = self.run_of({"uuid": self.order("expiry")})
        self.clock.tick(timedelta(days=400))
        self.keep_house()
        self.assertEqual(self.left(), newest | waiting)

    def test_an_archived_configuration_s_runs_go_too(self):
        self.ended()
        newest = self.ended()
        self.config.active = False
        self.clock.tick(timedelta(days=181))
        self.keep_house()
        self.assertEqual(self.left(), newest)

    def test_many_go_in_several_transactions(self):
        runs = [self.ended() for _number in range(6)]
        self.clock.tick(timedelta(days=181))
        with patch.object(lease, "REMOVED_AT_ONCE", 3):
            left = self.left_after_each("_remove_old_runs", lambda: len(self.left()))
        self.assertEqual(left, [3, 1])
        self.assertEqual(self.left(), runs[-1])

    def test_a_fault_in_removing_them_gives_up_silent_ones_all_the_same(self):
        silent = self.run_of(self.start())
        self.clock.tick(timedelta(days=2))
        model = type(self.env["sicantik.sync.run"])
        fault = patch.object(model, "_remove_old", side_effect=ValueError)
        with fault, self.assertLogs(SCHEDULE_LOG, "ERROR") as logs:
            self.keep_house()
        self.assertEqual(silent.state, "lost")
        self.assertIn("_remove_old_runs", logs.output[0])


@tagged("post_install", "-at_install", "sicantik")
class TestLost(RetentionCase):
    """Runs that nobody ends are given up, and who asked hears of it."""

    def begin(self, uuid):
        return self.claim(uuid, worker="w", lease_seconds=5)

    def test_a_run_begun_five_times_without_an_end_is_lost(self):
        uuid = self.order("permits")
        run = self.run_of({"uuid": uuid})
        for number in range(1, MAX_ATTEMPTS + 1):
            self.assertTrue(self.begin(uuid)["claimed"], number)
            self.clock.tick(6)
        with self.bus() as sent:
            answer = self.begin(uuid)
        self.assertFalse(answer["claimed"])
        [refused] = answer["refused"]
        self.assertEqual((refused["key"], refused["code"]), (uuid, "lost"))
        self.assertEqual((run.state, run.error_code), ("lost", "lost"))
        self.assertEqual(run.date_end.isoformat(), "2026-03-10T03:00:30")
        [told] = [what for _to, kind, what in sent if kind == "simple_notification"]
        self.assertIn("5 times", told["message"])
        self.assertFalse(self.config._lease_holders())
        self.assertEqual(self.begin(uuid)["refused"][0]["code"], "not_open")
        self.assertTrue(
            self.begin(self.order("permits"))["claimed"], "a new one can be"
        )

    def test_handing_back_is_no_attempt(self):
        uuid = self.order("permits")
        for _number in range(3 * MAX_ATTEMPTS):
            [claimed] = self.begin(uuid)["claimed"]
            self.finish({"uuid": uuid, "token": claimed["token"]}, "queued")
        self.assertTrue(self.begin(uuid)["claimed"])

    def test_a_run_without_a_sign_for_a_day_is_lost(self):
        uuid = self.order("permits")
        self.begin(uuid)
        waiting = {"uuid": self.order("types")}
        self.clock.tick(timedelta(days=1, seconds=5))
        self.keep_house()
        self.assertEqual(self.run_of({"uuid": uuid}).state, "claimed")
        self.clock.tick(1)
        with self.bus() as sent:
            self.keep_house()
        self.assertEqual(self.run_of({"uuid": uuid}).state, "lost")
        self.assertEqual(self.run_of(waiting).state, "queued")
        [(target, _kind, told)] = [
            push for push in sent if push[1] == "simple_notification"
        ]
        self.assertEqual(target, self.worker.partner_id)
        self.assertIn("service", told["message"])
        self.assertEqual(told["type"], "danger")
