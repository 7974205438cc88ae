"""Without SICANTIK's address nothing is ordered, and each page says what to do."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.convert import convert_file

from ..common import SicantikCase

URL = "https://sicantik.example.test/api"
BUTTONS = (
    "action_test_connection",
    "action_sync_now",
    "action_sync_types",
    "action_test_expiry_sync",
    "action_open_expiry_wizard",
    "action_compare",
)


@tagged("post_install", "-at_install", "sicantik")
class TestAddress(SicantikCase):
    def setUp(self):
        super().setUp()
        self.config.api_url = False

    def as_user(self, user):
        return self.config.with_user(user)

    def banner(self, user):
        self.env.invalidate_all()
        return self.env["sicantik.config"].with_user(user).worker_banner()

    def ordered(self):
        runs = self.env["sicantik.sync.run"]
        return runs.search([("config_id", "=", self.config.id)])

    def queued(self):
        return self.runs("queued", worker="worker-1", version="1")["runs"]

    def test_blanks_are_no_address(self):
        self.config.api_url = " / "
        self.assertIs(self.config.api_url, False)

    def test_every_button_leads_managers_to_the_address_and_tells_others_whom_to_ask(
        self,
    ):
        for name in BUTTONS:
            with self.subTest(button=name):
                params = getattr(self.as_user(self.manager), name)()["params"]
                self.assertIn("“Kantor Contoh” has no address", params["message"])
                self.assertIn("Enter it as Address", params["message"])
                opened = (params["next"]["res_model"], params["next"]["res_id"])
                self.assertEqual(opened, ("sicantik.config", self.config.id))
                with self.assertRaisesRegex(UserError, "Ask a manager of SICANTIK"):
                    getattr(self.as_user(self.operator), name)()
        self.assertFalse(self.ordered())

    def test_an_ended_run_is_not_ordered_again(self):
        self.config.api_url = URL
        run = self.start("permits")
        self.finish(run)
        self.config.api_url = False
        with self.assertRaisesRegex(UserError, "Ask a manager"):
            self.run_of(run).with_user(self.operator).action_run_again()

    def test_commands_and_scheduled_actions_order_nothing(self):
        with self.assertRaisesRegex(UserError, "no address of SICANTIK"):
            self.order("permits")
        self.queued()
        self.assertTrue(self.config.worker_seen, "the worker is heard of all the same")
        configs = self.env["sicantik.config"]
        configs._cron_sync_types()
        configs._cron_full_pass()
        configs._cron_sync_expiry()
        configs._cron_sync_permits()
        self.assertFalse(self.ordered())
        self.assertFalse(self.config._next_looks())
        self.config.api_url = URL
        configs._cron_sync_types()
        self.assertEqual(self.ordered().mapped("kind"), ["types"])

    def test_what_was_ordered_waits_while_the_address_is_gone(self):
        self.config.api_url = URL
        uuid = self.order("permits")
        self.config.api_url = False
        self.assertFalse(self.queued())
        [refused] = self.claim(uuid)["refused"]
        self.assertEqual(refused["code"], "inactive")
        self.assertIn("has no address", refused["message"])
        self.config.api_url = URL
        self.assertEqual([run["uuid"] for run in self.queued()], [uuid])
        self.assertTrue(self.claim(uuid)["claimed"])

    def test_the_worker_is_told_of_each_configuration(self):
        self.another_office()
        answer = self.rpc(
            "sicantik.config", "worker_settings", worker="worker-1", version="1"
        )
        told = {settings["name"]: settings["api_url"] for settings in answer["configs"]}
        expected = {"Kantor Contoh": "", "Lain": "https://lain.example.test"}
        self.assertEqual(told, expected)

    def test_the_banner_says_it_before_all_else(self):
        told = self.banner(self.viewer)
        self.assertEqual((told["state"], told["config_id"]), ("no_address", 0))
        self.assertIn("nothing is called", told["message"])
        self.assertIn("Ask a manager of SICANTIK", told["remedy"])
        told = self.banner(self.manager)
        self.assertEqual(told["config_id"], self.config.id)
        self.assertIn("press Test Connection", told["remedy"])
        self.config.api_url = URL
        self.assertEqual(self.banner(self.viewer)["state"], "never")

    def test_what_is_entered_is_tested_at_once(self):
        action = self.as_user(self.manager).set_address(f" {URL}/ ")
        self.assertEqual(self.config.api_url, URL)
        run = self.env["sicantik.sync.run"].browse(action["params"]["next"]["res_id"])
        self.assertEqual((run.kind, run.state), ("probe", "queued"))
        self.assertIn(
            "Worker not connected: the run waits", action["params"]["message"]
        )
        self.assertEqual([run["kind"] for run in self.queued()], ["probe"])

    def test_what_cannot_be_an_address_is_neither_saved_nor_tested(self):
        for url in (
            "sicantik.example.test",
            "https://petugas:rahasia@sicantik.example.test",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.as_user(self.manager).set_address(url)
        self.assertFalse(self.ordered())

    def test_managers_only_enter_it(self):
        for user in (self.viewer, self.operator, self.worker):
            with self.assertRaises(AccessError):
                self.as_user(user).set_address(URL)
        self.assertFalse(self.config.api_url)

    def test_a_new_address_is_not_tested_yet(self):
        self.config.api_url = URL
        probe = {"ok": True, "latency_ms": 12, "findings": [], "columns": ["nomor"]}
        self.finish(self.start("probe"), probe=probe)
        self.assertEqual(self.config.connection_status, "connected")
        self.assertTrue(self.config.probe_lines)
        self.config.with_user(self.manager).api_url = "https://baru.example.test"
        self.assertEqual(self.config.connection_status, "unknown")
        self.assertFalse(self.config.connection_checked)
        self.assertFalse(self.config.latency_ms or self.config.probe_lines)

    def test_a_test_that_could_not_even_begin_has_failed(self):
        self.config.api_url = "https://10.1.2.3"
        self.finish(self.start("probe"), "failed", error_code="sicantik_bad_address")
        self.assertEqual(self.config.connection_status, "error")
        self.assertIn("cannot be used", self.config.last_error)

    def test_the_form_is_saved_without_an_address(self):
        with Form(self.as_user(self.manager)) as form:
            form.name = "Kantor Baru"
        self.assertEqual(self.config.name, "Kantor Baru")

    def test_an_upgrade_keeps_the_address_that_was_entered(self):
        config = self.env.ref("sicantik_connector.sicantik_config_production")
        config.api_url = URL
        data = ("sicantik_connector", "data/sicantik_config_data.xml", {})
        for mode in ("update", "init"):
            convert_file(self.env, *data, mode=mode, noupdate=False)
            self.assertEqual(config.api_url, URL)
