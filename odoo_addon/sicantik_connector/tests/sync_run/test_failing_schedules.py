from odoo.tests import tagged

from ...models.sync_run.failures import FAILED_SYNCS
from ..common import SicantikCase

DOWN = {"error_code": "sicantik_unavailable", "error_message": "status 500"}


@tagged("post_install", "-at_install", "sicantik")
class TestFailingSchedules(SicantikCase):
    """Scheduled runs that fail twice in a row are told once, and until one is good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._user("head", "sicantik_connector.group_manager")
        configs = cls.registry["sicantik.config"]
        cls.classPatch(configs, "_responsible", lambda config: cls.head)

    def end(self, kind="permits", state="failed", origin="schedule", **values):
        values = values or (DOWN if state == "failed" else {})
        key = self.start(kind, origin=origin)
        self.finish(key, state, **values)

    def activities(self):
        self.env.invalidate_all()
        kind = self.env.ref(FAILED_SYNCS)
        activities = self.env["mail.activity"].search(
            [("activity_type_id", "=", kind.id), ("res_id", "=", self.config.id)]
        )
        return activities

    def letters(self):
        return self.env["mail.mail"].search([("subject", "like", "scheduled syncs")])

    def told(self):
        return len(self.activities()), len(self.letters())

    def test_one_failure_may_be_a_restart_of_sicantik(self):
        self.end()
        self.end(state="done")
        self.end()
        self.assertEqual(self.told(), (0, 0))

    def test_a_night_of_failures_is_one_activity_and_one_letter(self):
        for kind in ("permits", "types", "permits", "expiry", "permits", "permits"):
            self.end(kind)
        self.assertEqual(self.told(), (1, 1))
        activity, letter = self.activities(), self.letters()
        self.assertEqual(activity.user_id, self.head)
        self.assertIn("SICANTIK does not answer", activity.note)
        self.assertIn("Permits", activity.note)
        self.assertIn(self.head.email, letter.email_to)
        self.assertIn("/mail/view?model=sicantik.config", letter.body_html)
        self.end(state="done")
        self.assertEqual(self.told(), (0, 1))
        self.end("types")
        self.end("permits")
        self.assertEqual(self.told(), (0, 1), "all kinds begin to count anew")

    def test_the_next_trouble_is_told_again(self):
        for _night in range(2):
            self.end()
            self.end()
            self.end(state="done")
        self.assertEqual(self.told(), (0, 2))

    def test_a_kind_that_fails_night_after_night_stays_told(self):
        self.end("types")
        self.end("permits", "done")
        self.end("types")
        self.end("permits", "done")
        self.assertEqual(self.told(), (1, 1))
        self.end("types")
        self.end("types", "done")
        self.assertEqual(self.told(), (0, 1))

    def test_whoever_marks_it_as_done_is_not_told_again(self):
        self.end()
        self.end()
        self.activities().with_user(self.head).action_feedback(feedback="x")
        self.end()
        self.assertEqual(len(self.letters()), 1)

    def test_a_person_who_left_is_followed_by_another(self):
        self.env.ref("base.user_admin").email = "pengelola@contoh.test"
        self.end()
        self.end()
        self.head.action_archive()
        self.end()
        self.assertEqual(self.told(), (1, 2))
        self.assertNotEqual(self.activities().user_id, self.head)
        self.assertTrue(self.config._may_answer(self.activities().user_id))

    def test_a_run_that_a_person_ordered_is_seen_by_that_person(self):
        for _try in range(3):
            self.end(origin="command")
        self.assertEqual(self.told(), (0, 0))
        self.end()
        self.end()
        self.end(state="done", origin="command")
        self.assertEqual(self.told(), (0, 1), "any good run ends it")

    def test_refused_rows_and_a_cancelled_run_are_no_failures(self):
        for _try in range(2):
            self.end(state="partial", failed=3)
            self.end(state="cancelled")
        self.assertEqual(self.told(), (0, 0))

    def test_a_run_that_broke_off_midway_is_one(self):
        for _try in range(2):
            self.end(state="partial", **DOWN)
        self.assertEqual(self.told(), (1, 1))

    def test_a_few_permits_end_no_trouble(self):
        self.end("expiry")
        self.end("expiry")
        self.finish(self.start("expiry", limit=10))
        self.assertEqual(len(self.activities()), 1)
