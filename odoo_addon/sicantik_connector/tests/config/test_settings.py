from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common import SicantikCase


@tagged("post_install", "-at_install", "sicantik")
class TestSettings(SicantikCase):
    """Each setting is in force at the next run."""

    def settings(self):
        """What the next run is told."""
        run = self.order("probe")
        [claimed] = self.claim(run)["claimed"]
        self.finish({"uuid": run, "token": claimed["token"]})
        return claimed["settings"]

    def test_every_setting_reaches_the_next_run(self):
        config = self.config.with_user(self.manager)
        for name, value, key in (
            ("api_url", "http://lain.example.test/api", "api_url"),
            ("api_timeout", 45, "timeout_seconds"),
            ("page_size", 250, "page_size"),
            ("rate_limit", 2.5, "rate_per_second"),
            ("tz", "Asia/Makassar", "tz"),
            ("critical_days", 10, "critical_days"),
            ("warning_days", 90, "warning_days"),
            ("allow_plain_http", True, "allow_plain_http"),
            ("api_key", "kunci-rahasia", "api_key"),
        ):
            self.assertNotEqual(self.settings()[key], value)
            config.write({name: value})
            self.assertEqual(self.settings()[key], value)

    def test_the_api_key_is_written_and_never_read(self):
        with Form(self.config.with_user(self.manager)) as form:
            self.assertFalse(form.api_key)
            form.api_key = " kunci-rahasia "
        self.assertEqual(self.settings()["api_key"], "kunci-rahasia")
        self.env.invalidate_all()
        self.assertEqual(set(self.config.api_key), {"•"})
        with Form(self.config.with_user(self.manager)) as form:
            self.assertEqual(set(form.api_key), {"•"})
            form.page_size = 300
        self.assertEqual(self.settings()["api_key"], "kunci-rahasia")
        with Form(self.config.with_user(self.manager)) as form:
            form.api_key = False
        self.assertIsNone(self.settings()["api_key"])

    def test_a_key_with_the_dots_in_it_is_refused_without_being_told(self):
        self.config.api_key = "kunci-rahasia"
        for value in ("••••••••x", "a\nX-Other: b", "ключ"):
            with self.assertRaises(ValidationError) as caught:
                self.config.api_key = value
            self.assertNotIn(value, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(self.settings()["api_key"], "kunci-rahasia")

    def test_plain_http_is_warned_of_unless_the_host_is_private(self):
        for url, warned in (
            ("http://sicantik.example.test", True),
            ("HTTP://sicantik.example.test", True),
            ("http://8.8.8.8/api", True),
            ("http://10.0.0.5/api", False),
            ("http://localhost:8080", False),
            ("http://[::1]:80", False),
            ("https://sicantik.example.test", False),
        ):
            with self.subTest(url=url), Form(self.config) as form:
                form.api_url = url
                self.assertEqual(form.is_plain_http, warned)
                form.api_url = "https://sicantik.example.test"

    def test_the_others_have_limits_and_defaults(self):
        self.assertEqual(self.config.partner_policy, "match")
        self.assertEqual(self.config.keep_runs_days, 180)
        with self.assertRaisesRegex(ValidationError, "7 or more"):
            self.config.keep_runs_days = 6
