from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SicantikCase

# Who orders like `sicantik run`, and for how long it takes the run.
COMMAND = {"worker": "worker-1", "lease_seconds": 60}


@tagged("post_install", "-at_install", "sicantik")
class TestOrders(SicantikCase):
    """Orders are made once, looked up, and claimed by one worker."""

    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)

    def queued(self, worker="worker-1"):
        answer = self.runs("queued", worker=worker, version="1.2.3")
        return [run["uuid"] for run in answer["runs"]]

    def assertClaim(self, answer, code=None):
        """The answer to one claim: taken, or refused with ``code``."""
        if code is None:
            self.assertFalse(answer["refused"])
            [claimed] = answer["claimed"]
            return claimed["token"]
        [refused] = answer["refused"]
        self.assertFalse(answer["claimed"])
        self.assertEqual(refused["code"], code)
        return None

    def test_an_order_is_made_once_per_kind(self):
        first = self.runs("order", config_id=self.config.id, kind="permits", limit=5)
        again = self.runs("order", config_id=self.config.id, kind="permits")
        other = self.runs("order", config_id=self.config.id, kind="types", full=True)
        self.assertEqual((first["joined"], again["joined"]), (False, True))
        self.assertEqual(again["run"], {**first["run"], "limit": 0}, "as wide as asked")
        self.assertEqual(first["run"]["limit"], 5)
        self.assertEqual(first["run"]["state"], "queued")
        self.assertTrue(other["run"]["full"])
        run = self.run_of(first["run"])
        self.assertEqual((run.origin, run.user_id), ("command", self.worker))
        self.assertEqual(run.company_id, self.config.company_id)

    def test_a_command_takes_what_it_orders_before_another_worker_sees_it(self):
        taken = self.runs("order", config_id=0, kind="types", **COMMAND)
        [claimed] = taken["claimed"]
        self.assertEqual(claimed["uuid"], taken["run"]["uuid"])
        self.assertEqual(taken["run"]["state"], "claimed")
        self.assertEqual(self.queued(), [], "nothing is left for another worker")
        [refused] = self.claim(claimed["uuid"], worker="worker-2")["refused"]
        self.assertEqual(refused["code"], "leased")
        mine = {"uuid": claimed["uuid"], "token": claimed["token"]}
        self.assertEqual(self.finish(mine)["accepted"], [claimed["uuid"]])

    def test_a_command_that_finds_another_worker_leaves_its_order_waiting(self):
        self.claim(self.order("permits"), worker="worker-2")
        waiting = self.runs("order", config_id=0, kind="types", **COMMAND)
        self.assertEqual(
            [refused["code"] for refused in waiting["refused"]], ["leased"]
        )
        self.assertEqual((waiting["claimed"], waiting["run"]["state"]), ([], "queued"))

    def test_config_0_is_the_one_active_configuration(self):
        answer = self.runs("order", config_id=0, kind="probe")
        self.assertEqual(answer["run"]["config_id"], self.config.id)
        self.config.active = False
        with self.assertRaisesRegex(UserError, "no such active"):
            self.runs("order", config_id=0, kind="types")
        with self.assertRaises(UserError):
            self.runs("order", config_id=self.config.id, kind="types")

    def test_unknown_orders_are_refused(self):
        for values in ({"kind": "x"}, {"kind": "types", "origin": "button"}):
            with self.assertRaises(UserError):
                self.runs("order", config_id=0, **values)

    def test_queued_lists_what_waits_and_notes_the_worker(self):
        uuids = [self.order("types"), self.order("permits")]
        self.assertEqual(self.config.worker_state, "never")
        self.assertEqual(self.queued(), uuids)
        self.assertEqual(self.config.worker_state, "connected")
        self.assertEqual(self.config.worker_version, "1.2.3")
        seen = self.config.worker_seen
        self.clock.tick(19)
        self.queued("worker-2")
        self.assertEqual(
            (self.config.worker_seen, self.config.worker_name), (seen, "worker-1")
        )
        self.clock.tick(2)
        self.queued("worker-2")
        self.assertEqual(self.config.worker_name, "worker-2")
        self.clock.tick(121)
        self.env.invalidate_all()
        self.assertEqual(self.config.worker_state, "silent")
        self.config.active = False
        self.assertEqual(self.queued(), [])

    def test_a_claim_gives_token_lease_and_settings(self):
        uuid = self.order("permits")
        answer = self.claim(uuid)
        self.assertEqual(len(self.assertClaim(answer)), 32)
        self.assertEqual(
            answer["claimed"][0]["settings"],
            {
                "config_id": self.config.id,
                "name": "Kantor Contoh",
                "api_url": "https://sicantik.example.test/api",
                "timeout_seconds": 30,
                "page_size": 100,
                "rate_per_second": 10.0,
                "tz": "Asia/Jakarta",
                "warning_days": 60,
                "critical_days": 30,
                "allow_plain_http": False,
                "api_key": None,
                "unlisted": {"count": 0, "digest": "", "confirmed": False},
                "type_aliases": {},
            },
        )
        run = self.run_of({"uuid": uuid})
        self.assertEqual((run.state, run.attempts), ("claimed", 1))
        self.assertEqual(self.config._lease_holders(), {"worker-1"})
        self.assertEqual(self.queued(), [])
        with self.assertRaises(AccessError):
            run.with_user(self.manager).read(["lease_token"])

    def test_two_workers_never_speak_to_one_sicantik(self):
        permits, types = self.order("permits"), self.order("types")
        self.assertClaim(self.claim(permits))
        self.assertClaim(self.claim(permits, worker="worker-2"), "leased")
        self.assertClaim(self.claim(types, worker="worker-2"), "leased")
        self.assertClaim(self.claim(types, worker="worker-1"))

    def test_refused_claims(self):
        run = self.start("permits")
        self.finish(run)
        self.assertClaim(self.claim(run["uuid"]), "not_open")
        self.assertClaim(self.claim("no-such-run"), "unknown")
        uuid = self.order("types")
        self.config.active = False
        self.assertClaim(self.claim(uuid), "inactive")
