from odoo.tests import tagged

from ..common import StartedRunCase

DOWN = {"error_code": "sicantik_unavailable", "error_message": "status 500"}
ANSWERED = [{"endpoint": "cekperizinan", "calls": 3, "failed": 1, "total_ms": 9}]
IN_VAIN = [{"endpoint": "cekperizinan", "calls": 3, "failed": 3, "total_ms": 9}]
RETRY = {
    "attempt": 4,
    "code": "sicantik_unavailable",
    "message": "SICANTIK did not answer listpermohonanterbit: status 500",
    "seconds": 20,
}


@tagged("post_install", "-at_install", "sicantik")
class TestConnection(StartedRunCase):
    """Every run that ends says whether SICANTIK answers; one under way, what it waits
    for."""

    def state(self):
        self.env.invalidate_all()
        return self.config.connection_status

    def end(self, kind, state, read=(), **values):
        self.finish(self.start(kind), state, read=list(read), **values)
        return self.state()

    def test_a_run_that_was_answered_says_so(self):
        self.assertEqual(self.state(), "unknown")
        self.finish(self.key)
        self.assertEqual(self.state(), "connected")
        self.assertEqual(self.config.connection_reached, self.stored.date_end)
        self.assertFalse(self.config.last_error)

    def test_a_run_that_failed_because_of_sicantik_says_so_and_keeps_when_it_answered(
        self,
    ):
        self.finish(self.key)
        reached = self.config.connection_reached
        self.clock.tick(180)
        self.assertEqual(self.end("permits", "failed", **DOWN), "error")
        self.assertEqual(self.config.connection_reached, reached)
        self.assertIn("3 minutes ago", self.config.reached_text)
        self.assertNotIn("500", self.config.last_error)
        self.assertEqual(self.config.last_error_detail, "status 500")
        self.assertEqual(self.end("types", "partial", ["types"], **DOWN), "error")
        self.assertEqual(self.end("permits", "done", ["permits"]), "connected")
        self.assertFalse(self.config.last_error or self.config.last_error_detail)

    def test_each_trouble_with_the_address_counts(self):
        for code in ("certificate", "private_address", "redirect", "sicantik_new_word"):
            self.config._note_reached()
            self.assertEqual(self.end("permits", "failed", error_code=code), "error")

    def test_a_run_that_odoo_stopped_says_what_sicantik_answered(self):
        self.end("permits", "failed", **DOWN)
        trouble = {"error_code": "odoo_refused", "error_message": "x"}
        self.assertEqual(self.end("expiry", "failed", api=IN_VAIN, **trouble), "error")
        wanted = self.end("expiry", "failed", api=ANSWERED, **trouble)
        self.assertEqual(wanted, "connected")

    def test_a_run_that_asked_nothing_says_nothing(self):
        self.assertEqual(self.end("expiry", "done", ["expiry"]), "unknown")
        self.end("permits", "failed", **DOWN)
        self.assertEqual(self.end("expiry", "done", ["expiry"]), "error")

    def test_a_run_that_is_stopped_while_it_waits_says_that_sicantik_is_silent(self):
        self.report(retry=RETRY, api=ANSWERED)
        self.finish(self.key, "cancelled", read=[], api=ANSWERED)
        self.assertEqual(self.state(), "error")

    def test_a_good_run_overtakes_a_test_that_failed(self):
        probe = {"ok": False, "error_code": "sicantik_unavailable"}
        self.finish(self.start("probe"), "failed", probe=probe)
        self.assertEqual(self.state(), "error")
        self.assertTrue(self.config._failed_test())
        self.finish(self.key)
        self.assertEqual(self.state(), "connected")
        self.assertFalse(self.config._failed_test())
        self.assertEqual(self.end("permits", "failed", **DOWN), "error")
        self.assertFalse(self.config._failed_test(), "no test has failed")

    def test_another_address_is_another_sicantik(self):
        self.finish(self.key)
        self.config.api_url = "https://lain.example.test/api"
        self.assertEqual(self.state(), "unknown")
        self.assertFalse(self.config.connection_reached or self.config.reached_text)

    def test_a_run_tells_which_try_failed_why_and_when_the_next_follows(self):
        self.report(retry=RETRY, api_calls=4)
        self.assertEqual(self.stored.api_calls, 4)
        text = self.stored.retry_text
        for word in ("error 500", "Try 4", "in 20 s"):
            self.assertIn(word, text)
        self.assertIn("listpermohonanterbit", self.stored.retry_detail)
        self.assertNotIn("listpermohonanterbit", text)
        self.clock.tick(15)
        self.env.invalidate_all()
        self.assertIn("in 5 s", self.stored.retry_text)
        self.clock.tick(15)
        self.env.invalidate_all()
        self.assertIn("under way", self.stored.retry_text)
        [told] = self.env["sicantik.dashboard"]._last_runs()
        self.assertTrue(told["is_waiting"])
        self.assertIn("error 500", told["text"])

    def test_nothing_is_waited_for_once_sicantik_answers_or_the_run_has_ended(self):
        self.report(retry=RETRY)
        self.report(done=3)
        self.assertFalse(self.stored.retry_text)
        self.report(retry=RETRY)
        self.finish(self.key, "failed", retry=RETRY, **DOWN)
        self.assertFalse(self.stored.retry or self.stored.retry_text)
        self.assertNotIn("500", self.stored.error_text)
        self.assertEqual(self.stored.error_detail, "status 500")

    def test_a_timeout_has_no_status(self):
        self.report(retry={**RETRY, "message": "no answer within the time limit"})
        self.assertIn("no usable answer", self.stored.retry_text)
