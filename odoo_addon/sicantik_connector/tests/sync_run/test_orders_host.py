from odoo.tests import tagged

from ..common import SicantikCase, StartedRunCase

# The same server as the office's, as another company may write it.
SAME_HOST = "http://SICANTIK.example.test.:8080/lain"
COMMAND = {"worker": "command-1", "lease_seconds": 60}


@tagged("post_install", "-at_install", "sicantik")
class TestOrdersOfOneHost(SicantikCase):
    """Configurations of one SICANTIK host are one lease for calls."""

    def setUp(self):
        super().setUp()
        self.other = self.another_office()
        self.other.api_url = SAME_HOST

    def codes(self, answer):
        return [refused["code"] for refused in answer["refused"]]

    def test_while_a_worker_has_one_of_them_no_other_gets_another(self):
        mine = self.start("permits")
        theirs = self.order("permits", config=self.other)
        refused = self.claim(theirs, worker="worker-2")
        self.assertEqual(self.codes(refused), ["leased"])
        self.finish(mine)
        taken = self.claim(theirs, worker="worker-2")["claimed"]
        self.assertEqual([run["uuid"] for run in taken], [theirs])
        self.assertEqual(self.codes(self.claim(self.order("types"))), ["leased"])

    def test_one_worker_may_have_all_of_them(self):
        self.start("permits")
        self.assertFalse(self.claim(self.order("types", config=self.other))["refused"])

    def test_another_host_is_another_lease(self):
        self.other.api_url = "https://lain.example.test"
        self.start("permits")
        theirs = self.order("permits", config=self.other)
        self.assertFalse(self.claim(theirs, worker="worker-2")["refused"])

    def test_a_lease_that_has_ended_or_is_archived_counts_as_what_it_is(self):
        mine = self.start("permits")
        theirs = self.order("permits", config=self.other)
        self.config.active = False
        self.assertEqual(self.codes(self.claim(theirs, worker="worker-2")), ["leased"])
        self.run_of(mine).lease_until = "2020-01-01 00:00:00"
        self.assertFalse(self.claim(theirs, worker="worker-2")["refused"])

    def test_of_two_rates_the_lower_counts(self):
        self.other.rate_limit = 2.0
        [claimed] = self.claim(self.order("permits"))["claimed"]
        self.assertEqual(claimed["settings"]["rate_per_second"], 2.0)
        self.other.active = False
        [claimed] = self.claim(self.order("types"))["claimed"]
        self.assertEqual(claimed["settings"]["rate_per_second"], 10.0)

    def settings(self):
        answer = self.rpc("sicantik.config", "worker_settings", worker="w", version="1")
        return {config["config_id"]: config for config in answer["configs"]}

    def test_whoever_asks_a_question_by_the_way_sees_that_a_worker_is_at_work(self):
        busy = [config["busy"] for config in self.settings().values()]
        self.assertEqual(busy, [False, False])
        self.start("permits")
        busy = [config["busy"] for config in self.settings().values()]
        self.assertEqual(busy, [True, True])


@tagged("post_install", "-at_install", "sicantik")
class TestHowLongAHostIsHeld(StartedRunCase):
    """A host is held as long as the longest lease of a run of it."""

    def test_what_a_report_renews_holds_the_host_as_long(self):
        other = self.another_office()
        other.api_url = self.config.api_url
        theirs = self.order("permits", config=other)
        self.clock.tick(29)
        self.report(done=1)
        self.clock.tick(59)
        [refused] = self.claim(theirs, worker="worker-2")["refused"]
        self.assertEqual(refused["code"], "leased")
        self.assertTrue(self.report(done=2)["accepted"])
        self.clock.tick(61)
        self.assertTrue(self.claim(theirs, worker="worker-2")["claimed"])
        [stale] = self.report(done=3)["refused"]
        self.assertEqual(stale["code"], "stale_token")


@tagged("post_install", "-at_install", "sicantik")
class TestCommandsAreNoService(SicantikCase):
    """A look, an order by command and a dry run leave what people see as it is."""

    def test_only_the_service_is_heard_of(self):
        self.rpc("sicantik.config", "worker_settings", worker="w", version="1")
        self.runs("order", config_id=0, kind="types", **COMMAND)
        self.assertEqual(self.config.worker_state, "never")
        self.assertFalse(self.config.worker_name)
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.worker_state, "connected")

    def preview(self, **values):
        return self.runs("order", config_id=0, kind="preview", **{**COMMAND, **values})

    def test_a_dry_run_tells_no_issues_and_moves_no_date(self):
        [claimed] = self.preview()["claimed"]
        mine = {"uuid": claimed["uuid"], "token": claimed["token"]}
        issue = {"key": "1", "code": "bad_row", "message": "x"}
        self.runs("report", reports=[{**mine, "issues": [issue], "done": 5}])
        self.finish(mine, read=[], issues=[issue])
        run = self.run_of(mine)
        self.assertEqual((run.state, run.done, run.issue_count), ("done", 5, 0))
        self.assertFalse(self.config.last_sync_date)

    def test_a_dry_run_that_must_wait_leaves_nothing_behind(self):
        held = self.start("types")
        answer = self.preview()
        self.assertEqual([item["code"] for item in answer["refused"]], ["leased"])
        self.assertFalse(self.run_of(answer["run"]))
        # One that was killed is not the service's either.
        self.run_of(held).lease_until = "2020-01-01 00:00:00"
        [claimed] = self.preview()["claimed"]
        self.run_of(claimed).lease_until = "2020-01-01 00:00:00"
        queued = self.runs("queued", worker="w", version="1")["runs"]
        self.assertNotIn("preview", [run["kind"] for run in queued])

    def test_anybody_s_run_can_be_followed(self):
        run = self.start("permits")
        self.runs("report", reports=[{**run, "done": 5, "total": 9}])
        self.finish(run, "failed", error_code="internal", error_message="It broke.")
        [status] = self.runs("status", uuids=[run["uuid"], "unknown"])["runs"]
        self.assertEqual((status["state"], status["done"]), ("failed", 5))
        self.assertTrue(status["error"])
        self.assertEqual(status["worker"], "worker-1")


@tagged("post_install", "-at_install", "sicantik")
class TestLastSync(SicantikCase):
    """*Last Sync* moves only when something of that kind was read."""

    def dates(self):
        config = self.config
        return bool(config.last_sync_date), bool(config.last_expiry_sync_date)

    def test_a_run_of_all_that_read_types_only_dates_nothing(self):
        self.finish(self.start("all"), "partial", read=["types"], error_code="x")
        self.assertEqual(self.dates(), (False, False))
        self.finish(self.start("all"), "partial", read=["types", "permits"])
        self.assertEqual(self.dates(), (True, False))
        self.finish(self.start("expiry"), read=["expiry"])
        self.assertEqual(self.dates(), (True, True))
