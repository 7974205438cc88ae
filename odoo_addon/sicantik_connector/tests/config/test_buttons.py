from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestButtons(SicantikCase):
    def setUp(self):
        super().setUp()
        self.office = self.config.with_user(self.operator)

    def params(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]

    def opened(self, action):
        """The run that the notification opens."""
        opens = self.params(action)["next"]
        self.assertEqual(opens["res_model"], "sicantik.sync.run")
        self.assertEqual(opens["views"], [(False, "form")])
        return self.env["sicantik.sync.run"].browse(opens["res_id"])

    def test_each_button_orders_its_kind(self):
        for name, kind, limit in (
            ("action_test_connection", "probe", 0),
            ("action_sync_now", "permits", 0),
            ("action_sync_types", "types", 0),
            ("action_test_expiry_sync", "expiry", 10),
            ("action_compare", "compare", 0),
        ):
            run = self.opened(getattr(self.office, name)())
            wanted = (kind, limit, bool(limit))
            self.assertEqual((run.kind, run.limit, run.full), wanted)
            self.assertEqual((run.state, run.origin), ("queued", "button"))
            self.assertEqual(run.user_id, self.operator)

    def test_a_run_of_that_kind_is_opened_not_doubled(self):
        first = self.opened(self.office.action_sync_now())
        action = self.office.action_sync_now()
        self.assertEqual(self.opened(action), first)
        self.assertIn("already under way", self.params(action)["message"])

    def test_without_a_worker_the_answer_is_honest(self):
        params = self.params(self.office.action_sync_now())
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))
        self.assertIn("Worker not connected: the run waits", params["message"])
        self.assertIn("Connect Worker", params["message"])
        self.config.sudo().worker_seen = "2020-01-01 00:00:00"
        params = self.params(self.office.action_sync_types())
        self.assertIn("start the worker's service", params["message"])

    def test_joining_a_run_whose_worker_fell_silent_says_so(self):
        run = self.start("permits")
        self.config.sudo().worker_seen = fields.Datetime.now()
        params = self.params(self.office.action_sync_now())
        self.assertEqual((params["type"], params["sticky"]), ("success", False))
        self.run_of(run).lease_until = "2020-01-01 00:00:00"
        params = self.params(self.office.action_sync_now())
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))
        self.assertIn("already under way", params["message"])
        self.assertIn("fallen silent", params["message"])

    def test_with_a_worker_it_is_a_success(self):
        self.config.sudo().worker_seen = fields.Datetime.now()
        params = self.params(self.office.action_sync_now())
        self.assertEqual((params["type"], params["sticky"]), ("success", False))
        self.assertEqual(params["title"], "Permits")

    def test_an_archived_configuration_orders_nothing(self):
        self.config.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self.office.action_sync_now()

    def test_the_wizard_counts_estimates_and_orders(self):
        self.upsert(self.start(), *[row_of(str(n), f"503/{n}") for n in range(25)])
        self.config.rate_limit = 2.0
        action = self.office.action_open_expiry_wizard()
        self.assertEqual(action["context"], {"default_config_id": self.config.id})
        wizards = self.env[action["res_model"]].with_user(self.operator)
        wizard = wizards.with_context(**action["context"]).create({})
        self.assertEqual((wizard.due_count, wizard.estimated_seconds), (25, 25))
        wizard.mode = "test"
        self.assertEqual((wizard.due_count, wizard.estimated_seconds), (10, 10))
        wizard.write({"mode": "all", "full": True})
        run = self.opened(wizard.action_start())
        self.assertEqual((run.kind, run.limit, run.full), ("expiry", 0, True))

    def test_the_wizard_s_test_asks_ten(self):
        wizard = self.env["sicantik.expiry.sync"].with_user(self.operator)
        wizard = wizard.create({"config_id": self.config.id, "mode": "test"})
        run = self.opened(wizard.action_start())
        self.assertEqual((run.limit, run.full), (10, True))

    def test_a_test_asks_ten_on_a_synced_system_too(self):
        numbers = [str(n) for n in range(25)]
        self.upsert(self.start(), *[row_of(n, f"503/{n}") for n in numbers])
        permits = self.permits.search([("config_id", "=", self.config.id)])
        now = fields.Datetime.now()
        permits.write({"detail_checked_at": now, "detail_next_check": "2099-01-01"})
        self.assertEqual(self.office.due_count, 0)
        wizard = self.env["sicantik.expiry.sync"].with_user(self.operator)
        wizard = wizard.create({"config_id": self.config.id, "mode": "test"})
        self.assertEqual(wizard.due_count, 10)
        run = self.opened(self.office.action_test_expiry_sync())
        [key] = self.claim(run.uuid)["claimed"]
        held = {"uuid": run.uuid, "token": key["token"]}
        due = self.rpc("sicantik.permit", "due_details", limit=100, **held)
        self.assertEqual((len(due["permits"]), due["due_total"]), (10, 10))

    def test_a_waiting_run_of_all_does_not_ask_everything_for_a_test(self):
        every = self.run_of({"uuid": self.order("expiry")})
        action = self.office.action_test_expiry_sync()
        self.assertEqual(self.opened(action), every)
        self.assertEqual(self.params(action)["type"], "warning")
        self.assertEqual((every.limit, every.full), (0, False))

    def test_a_waiting_test_that_is_to_ask_all_asks_what_is_due(self):
        run = self.opened(self.office.action_test_expiry_sync())
        self.order("expiry")
        self.assertEqual((run.limit, run.full), (0, False))

    def test_a_run_that_had_nothing_to_ask_says_so(self):
        key = self.start("expiry")
        self.finish(key)
        self.assertIn("no permit to ask", self.run_of(key).message)
        key = self.start("expiry")
        self.finish(key, done=3)
        self.assertFalse(self.run_of(key).message)

    def test_the_form_opens_for_everybody(self):
        for user in (self.viewer, self.operator, self.manager):
            with Form(self.config.with_user(user)) as form:
                self.assertEqual(form.name, "Kantor Contoh")

    def test_stat_buttons_count(self):
        self.upsert(self.start(), row_of("1", "503/1"), row_of("2"))
        self.assertEqual(self.office.permit_count, 2)
        self.assertEqual(self.office.run_count, 1)
        self.assertEqual(self.office.due_count, 1)
