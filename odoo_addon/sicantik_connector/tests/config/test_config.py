from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestConfig(SicantikCase):
    def assertRefused(self, text, **values):
        """The message names the field's value and says the remedy ``text``."""
        with self.assertRaises(ValidationError) as caught:
            self.config.write(values)
        message = str(caught.exception)
        self.assertIn(text, message)
        for value in values.values():
            self.assertIn(str(value), message)

    def test_the_default_configuration_waits_for_people(self):
        config = self.env.ref("sicantik_connector.sicantik_config_production")
        self.assertEqual(config.name, "SICANTIK")
        self.assertFalse(config.api_url, "an office's own address is entered by it")
        self.assertEqual(
            (config.api_timeout, config.page_size, config.sync_interval), (30, 100, 15)
        )
        self.assertEqual((config.rate_limit, config.tz), (10.0, "Asia/Jakarta"))
        self.assertEqual((config.critical_days, config.warning_days), (30, 60))
        self.assertEqual(config.connection_status, "unknown")
        self.assertFalse(config.run_count)

    def test_addresses_are_tidied(self):
        self.config.api_url = " https://sicantik.example.test/api// "
        self.assertEqual(self.config.api_url, "https://sicantik.example.test/api")
        self.config.worker_url = "http://[::1]:8075/"
        self.assertEqual(self.config.worker_url, "http://[::1]:8075")

    def test_bad_addresses_are_refused_with_a_remedy(self):
        for url, remedy in (
            ("sicantik.example.test", "http://"),
            ("ftp://sicantik.example.test", "http://"),
            ("https://", "host name"),
            ("https://exa mple.test", "host name"),
            ("https://example.test:port", "host name"),
            ("https://user:password@example.test", "user name"),
            ("https://@example.test", "user name"),
            ("https://example.test/?key=1", "“?”"),
            ("https://example.test/#a", "“?”"),
            ("http://169.254.169.254/latest", "Link-local"),
            ("http://2852039166", "Link-local"),
            ("http://0xa9.0xfe.1.1", "Link-local"),
            ("http://[fe80::1]:80", "Link-local"),
            ("http://[::ffff:169.254.1.1]", "Link-local"),
        ):
            with self.subTest(url=url):
                self.assertRefused(remedy, api_url=url)
                self.assertRefused(remedy, worker_url=url)

    def test_numbers_have_limits(self):
        self.assertRefused("1 or more", api_timeout=0)
        self.assertRefused("300 or less", api_timeout=301)
        self.assertRefused("1 or more", page_size=0)
        self.assertRefused("20000 or less", page_size=20001)
        self.assertRefused("1 or more", sync_interval=0)
        self.assertRefused("at most 10", rate_limit=0.0)
        self.assertRefused("at most 10", rate_limit=10.5)
        self.assertRefused("0 or more", critical_days=-1)
        self.assertRefused("Critical Days (30)", warning_days=30)

    def test_one_active_configuration_per_company(self):
        values = {"name": "Kedua", "api_url": "https://dua.example.test"}
        with self.assertRaises(ValidationError) as caught:
            self.config.create(values)
        self.assertRegex(str(caught.exception), "Kantor Contoh.*Archive")
        second = self.config.create({**values, "active": False})
        with self.assertRaises(ValidationError):
            second.active = True
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        self.config.create({**values, "company_id": company.id})
        self.config.active = False
        second.active = True

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_it_too(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self.cr.execute(
                "INSERT INTO sicantik_config (name, active, company_id, api_url, tz)"
                " VALUES ('x', true, %s, 'https://x.test', 'Asia/Jakarta')",
                [self.config.company_id.id],
            )

    def test_worker_settings(self):
        answer = self.rpc(
            "sicantik.config", "worker_settings", worker="worker-1", version="1.2.3"
        )
        parameters = self.env["ir.config_parameter"].sudo()
        self.assertEqual(answer["database_uuid"], parameters.get_param("database.uuid"))
        self.assertTrue(answer["addon_version"].endswith("1.3.0"))
        self.assertTrue(answer["odoo_version"])
        [settings] = answer["configs"]
        self.assertEqual(settings["config_id"], self.config.id)
        self.assertNotIn("worker_hook_key", settings)
        self.assertEqual(self.config.worker_state, "never", "only a service is met")
