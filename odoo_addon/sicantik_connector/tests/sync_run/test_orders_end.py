from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import StartedRunCase, row_of

PROGRESS = "sicantik.sync.run/progress"


@tagged("post_install", "-at_install", "sicantik")
class TestOrdersEnd(StartedRunCase):
    """Progress, the end, and stopping."""

    def test_a_report_stores_counters_and_renews_the_lease(self):
        until = self.stored.lease_until
        self.clock.tick(20)
        answer = self.report(total=200, done=50, rate=12.5, eta_seconds=12)
        self.assertEqual(
            answer, {"accepted": [self.key["uuid"]], "cancel": [], "refused": []}
        )
        self.assertEqual((self.stored.done, self.stored.progress), (50, 25.0))
        self.assertEqual(self.stored.lease_until, until + timedelta(seconds=20))
        self.clock.tick(15)
        self.report(done=60, total=None)
        self.assertEqual((self.stored.done, self.stored.total), (60, 200))
        self.assertEqual(self.stored.lease_until, until + timedelta(seconds=35))

    def test_a_report_writes_issues(self):
        self.upsert(self.key, row_of("1", "503/1"))
        permit = self.permit("1")
        issues = [
            {"key": "503/1", "code": "data", "message": "x", "permit_id": permit.id},
            {"key": "503/2", "code": "data", "message": "y", "permit_id": 10**8},
        ]
        self.report(issues=issues)
        self.assertEqual(self.stored.issue_count, 2)
        self.assertEqual(self.stored.issue_ids.mapped("permit_id"), permit)

    def test_viewers_see_the_progress(self):
        with self.bus() as sent:
            self.report(stage="permits", total=200, done=50)
        [(target, kind, payload)] = sent
        self.assertEqual(target, self.env.ref("sicantik_connector.group_viewer"))
        self.assertEqual(kind, PROGRESS)
        names = "id uuid state stage done total progress rate eta_seconds"
        self.assertEqual(set(payload), set(names.split()))
        self.assertEqual((payload["id"], payload["done"]), (self.stored.id, 50))

    def test_the_end(self):
        with self.bus() as sent:
            answer = self.finish(self.key, created=3, updated=2, unchanged=1)
        self.assertEqual(answer["accepted"], [self.key["uuid"]])
        self.assertEqual((self.stored.state, self.stored.progress), ("done", 100.0))
        self.assertFalse(self.config._lease_holders())
        self.assertEqual(self.config.last_sync_date, self.stored.date_end)
        self.assertFalse(self.config.last_expiry_sync_date)
        self.assertEqual(
            [kind for _t, kind, _p in sent], [PROGRESS, "simple_notification"]
        )
        self.assertEqual(sent[1][0], self.worker.partner_id)
        self.assertIn("3 new, 2 changed, 1 unchanged", sent[1][2]["message"])
        self.assertEqual(sent[1][2]["type"], "success")

    def test_the_same_end_twice_changes_nothing(self):
        self.finish(self.key, created=3)
        with self.bus() as sent, self.statements() as statements:
            answer = self.finish(self.key, created=4)
        self.assertEqual(answer["accepted"], [self.key["uuid"]])
        self.assertFalse(sent)
        self.assertFalse([s for s in statements if s.startswith(("UPDATE", "INS"))])
        answer = self.finish(self.key, "failed")
        self.assertEqual(answer["refused"][0]["code"], "stale_token")
        self.assertEqual((self.stored.state, self.stored.created), ("done", 3))

    def test_a_failure_says_why(self):
        with self.bus() as sent:
            self.finish(
                self.key,
                "failed",
                error_code="sicantik_unavailable",
                error_message="HTTP 500",
            )
        self.assertEqual(self.stored.error_code, "sicantik_unavailable")
        self.assertIn("SICANTIK does not answer", sent[1][2]["message"])
        self.assertIn("HTTP 500", self.stored.error_detail)
        self.assertTrue(sent[1][2]["sticky"])
        self.assertFalse(self.config.last_sync_date)

    def test_a_comparison_says_whether_both_agree(self):
        for state, words in (
            ("done", "Odoo is as SICANTIK says: 7"),
            ("partial", "differ"),
        ):
            with self.bus() as sent:
                self.finish(self.start("compare"), state, unchanged=7)
            self.assertIn(words, sent[-1][2]["message"])

    def test_unknown_runs_and_states(self):
        answer = self.finish({"uuid": "no-such-run", "token": "x"})
        self.assertEqual(answer["refused"][0]["code"], "unknown")
        with self.assertRaises(UserError):
            self.finish(self.key, "lost")

    def test_an_order_may_be_handed_back(self):
        self.assertTrue(self.finish(self.key, "queued")["accepted"])
        self.assertTrue(self.finish(self.key, "queued")["accepted"])
        self.assertEqual(self.stored.state, "queued")
        self.assertFalse(self.config._lease_holders())
        self.assertEqual(len(self.claim(self.key["uuid"], worker="w2")["claimed"]), 1)
        self.assertEqual(self.stored.attempts, 1, "a run handed back is no attempt")

    def test_the_source_stays_leased_while_another_run_goes_on(self):
        other = self.start("types")
        self.finish(self.key)
        self.assertEqual(self.config._lease_holders(), {"worker-1"})
        self.finish(other)
        self.assertFalse(self.config._lease_holders())

    def test_a_probe_tells_the_state_of_the_connection(self):
        probe = {
            "ok": True,
            "latency_ms": 120,
            "format": "xml",
            "permit_types": 70,
            "columns": ["pendaftaran_id", "no_surat"],
            "has_expiry_column": False,
            "findings": [
                {"code": "list_answers", "values": {"format": "XML", "ms": "12"}},
                {"code": "type_count", "values": {"count": "70"}},
                {"code": "unencrypted"},
                {"code": "new_code", "message": "Pages overlap."},
            ],
        }
        self.finish(self.start("probe"), probe=probe)
        self.assertEqual(self.config.connection_status, "connected")
        self.assertEqual(self.config.latency_ms, 120)
        report = "\n".join(line["text"] for line in self.config.probe_lines)
        for text in ("XML", "70", "no_surat", "Pages overlap."):
            self.assertIn(text, report)
        warnings = [line["warns"] for line in self.config.probe_lines]
        self.assertEqual(warnings, [False, False, True, False, False])
        failed = {"ok": False, "error_code": "sicantik_bad_address"}
        self.finish(self.start("probe"), probe=failed)
        self.assertEqual(self.config.connection_status, "error")
        self.assertIn("The API address cannot be used.", self.config.last_error)
