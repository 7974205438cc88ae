from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SicantikCase, fingerprint, row_of

DETAIL = {"outcome": "found", "hash": fingerprint("x"), "flags": [], "raw": {}}


@tagged("post_install", "-at_install", "sicantik")
class TestAsk(SicantikCase):
    """Ask SICANTIK Now: one permit, at once, and the answer on its form."""

    def setUp(self):
        super().setUp()
        key = self.start()
        self.upsert(key, *[row_of(n, f"503/{n}") for n in "123"], row_of("9"))
        self.finish(key)
        self.config.sudo().worker_seen = fields.Datetime.now()
        self.asked = self.permit("1").with_user(self.operator)

    def press(self, permit=None):
        """The open run that asks for the permit."""
        (permit or self.asked).action_ask_now()
        self.env.invalidate_all()
        return (permit or self.asked).ask_run_id

    def take(self, run):
        [key] = self.claim(run.uuid)["claimed"]
        return {"uuid": run.uuid, "token": key["token"]}

    def due(self, key):
        answer = self.rpc("sicantik.permit", "due_details", limit=100, **key)
        return [permit["registration_number"] for permit in answer["permits"]]

    def answer(self, run, state="done", **outcome):
        key = self.take(run)
        rows = [{"id": self.asked.id, **outcome}] if outcome else []
        self.rpc("sicantik.permit", "apply_details", rows=rows, **key)
        self.finish(key, state, read=["expiry"])
        return self.asked.ask_text

    def test_it_asks_for_this_permit_alone_whether_due_or_not(self):
        self.permit("1").write({"detail_next_check": "2099-01-01"})
        run = self.press()
        self.assertEqual((run.kind, run.origin, run.state), ("ask", "button", "queued"))
        self.assertEqual(self.due(self.take(run)), ["1"])

    def test_it_does_not_wait_for_a_long_run_nor_for_another_permit(self):
        long = self.start("expiry")
        first, second = self.press(), self.press(self.permit("2"))
        self.assertNotEqual(first, second)
        self.assertEqual(self.due(self.take(first)), ["1"])
        self.assertEqual(self.due(self.take(second)), ["2"])
        self.assertEqual(self.run_of(long).state, "claimed")

    def test_pressing_twice_asks_once(self):
        self.assertEqual(self.press(), self.press())
        self.take(self.press())
        run = self.asked.ask_run_id
        self.assertEqual(self.press(), run)

    def test_the_form_tells_where_it_stands(self):
        run = self.press()
        self.assertIn("worker is told", self.asked.ask_text)
        self.config.sudo().worker_seen = "2020-01-01 00:00:00"
        self.env.invalidate_all()
        self.assertIn("start the worker's service", self.asked.ask_text)
        key = self.take(run)
        self.assertIn("is being asked", self.asked.ask_text)
        retry = {"attempt": 2, "code": "sicantik_unavailable", "seconds": 9}
        self.runs("report", reports=[{**key, "retry": retry}])
        self.assertIn("Try 2 failed", self.asked.ask_text)

    def test_the_form_tells_what_sicantik_says(self):
        detail = {"expiry_date": "2031-12-31"}
        text = self.answer(self.press(), **DETAIL, detail=detail)
        self.assertIn("valid until 12/31/2031", text)
        self.assertEqual(self.asked.expiry_date, fields.Date.to_date("2031-12-31"))
        self.assertNotIn("by hand", text)
        self.asked.expiry_date = "2030-01-31"
        text = self.answer(self.press(), **DETAIL, detail=detail)
        self.assertIn("by hand stays", text)

    def test_the_form_tells_that_there_is_no_date(self):
        text = self.answer(self.press(), outcome="no_data")
        self.assertIn("no details", text)
        text = self.answer(self.press(), **DETAIL, detail={})
        self.assertIn("no expiry date", text)

    def test_the_form_tells_why_nothing_came(self):
        trouble = {"code": "sicantik_unavailable", "message": "status 500"}
        text = self.answer(self.press(), "partial", outcome="error", **trouble)
        self.assertIn("SICANTIK does not answer", text)
        self.assertNotIn("500", text)
        self.press().with_user(self.operator).action_cancel()
        self.env.invalidate_all()
        self.assertIn("withdrawn", self.asked.ask_text)

    def test_an_old_answer_is_not_shown(self):
        self.answer(self.press(), outcome="no_data")
        later = fields.Datetime.add(fields.Datetime.now(), minutes=16)
        with freeze_time(later):
            self.env.invalidate_all()
            self.assertFalse(self.asked.ask_text or self.asked.ask_run_id)

    def test_it_is_no_sync_of_the_office(self):
        self.answer(self.press(), **DETAIL, detail={})
        self.assertFalse(self.config.last_expiry_sync_date)
        runs = self.env["sicantik.dashboard"]._last_runs()
        self.assertNotIn("One Permit", [run["kind_label"] for run in runs])

    def test_a_permit_without_a_number_cannot_be_asked_for(self):
        with self.assertRaisesRegex(UserError, "has a number"):
            self.permit("9").with_user(self.operator).action_ask_now()

    def test_operators_only_and_never_a_command(self):
        with self.assertRaises(AccessError):
            self.permit("1").with_user(self.viewer).action_ask_now()
        with self.assertRaisesRegex(UserError, "No such order"):
            self.order("ask")
        self.config.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self.asked.action_ask_now()
