from freezegun import freeze_time

from odoo.tests import tagged

from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestOrdersLease(SicantikCase):
    """Leases end, runs are taken over, old tokens are worth nothing."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def test_a_dead_worker_s_run_is_taken_over(self):
        uuid = self.order("permits")
        [claimed] = self.claim(uuid, lease_seconds=60)["claimed"]
        token = claimed["token"]
        run = self.run_of({"uuid": uuid})
        start = run.date_start
        report = {"uuid": uuid, "token": token, "done": 40, "stage": "permits"}
        self.runs("report", reports=[report])
        self.clock.tick(61)
        queued = self.runs("queued", worker="worker-2", version="1")["runs"]
        self.assertEqual([item["uuid"] for item in queued], [uuid])
        [claimed] = self.claim(uuid, worker="worker-2")["claimed"]
        self.assertNotEqual(claimed["token"], token)
        self.assertEqual((run.done, run.attempts, run.date_start), (0, 2, start))
        for method, key in (("report", "reports"), ("finish", "results")):
            answer = self.runs(method, **{key: [{**report, "state": "done"}]})
            self.assertEqual(answer["refused"][0]["code"], "stale_token")
            self.assertFalse(answer["accepted"])
        self.assertEqual(run.state, "claimed")

    def test_a_lost_answer_to_a_claim_is_asked_for_again(self):
        uuid = self.order("permits")
        [lost] = self.claim(uuid, worker="worker-1")["claimed"]
        [again] = self.claim(uuid, worker="worker-1")["claimed"]
        self.assertNotEqual(again["token"], lost["token"])
        refused = self.claim(uuid, worker="worker-2")["refused"]
        self.assertEqual(refused[0]["code"], "leased")

    def test_a_token_ends_when_another_worker_has_the_configuration(self):
        first = self.start("permits")
        self.clock.tick(61)
        self.assertTrue(self.claim(self.order("types"), worker="worker-2")["claimed"])
        answer = self.runs("report", reports=[first])
        self.assertEqual(answer["refused"][0]["code"], "stale_token")

    def test_lease_seconds_are_clamped(self):
        for seconds, kept in ((1, 5), (9999, 600)):
            uuid = self.order("types")
            [claimed] = self.claim(uuid, lease_seconds=seconds)["claimed"]
            self.assertEqual(self.run_of(claimed).lease_seconds, kept)
            self.finish({"uuid": uuid, "token": claimed["token"]})
