from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase
from odoo.addons.sicantik_connector.tests.config.test_pairing import (
    TestPairing as Pairing,
)

from ...hooks import post_init_hook


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesConfig(SicantikCase):
    """Who answers for notices, and how long before expiry they go out."""

    def test_steps_are_put_in_order_or_refused(self):
        config = self.config.with_user(self.manager)
        self.assertEqual(config.notice_steps, "90, 60, 30, 7")
        config.notice_steps = "7,30 ,  120,30"
        self.assertEqual(config.notice_steps, "120, 30, 7")
        for wrong in ("90 60", "0", "-7", "366", "satu", "7.5"):
            with self.assertRaisesRegex(ValidationError, "1 to 365"):
                config.notice_steps = wrong
        config.notice_steps = False

    def test_who_is_responsible_may_see_permits(self):
        employee = self._user("employee", "base.group_user")
        with self.assertRaisesRegex(ValidationError, "may not see the permits"):
            self.config.user_id = employee
        self.config.with_user(self.manager).user_id = self.viewer

    def test_who_makes_the_configuration_is_responsible(self):
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        self.manager.company_ids |= company
        values = {"name": "Lain", "api_url": "https://lain.example.test"}
        config = self.config.with_user(self.manager).with_company(company)
        self.assertEqual(config.create(values).user_id, self.manager)

    def test_who_connects_the_worker_is_responsible_where_nobody_is(self):
        self.assertFalse(self.config.user_id)
        Pairing.pair(self)
        self.assertEqual(self.config.user_id, self.env.ref("base.user_admin"))
        self.config.user_id = self.operator
        Pairing.pair(self)
        self.assertEqual(self.config.user_id, self.operator)

    def test_the_superuser_connects_the_worker_and_answers_for_nothing(self):
        """A shell and a provisioning script are OdooBot, who may not see permits."""
        self.assertTrue(self.env.su)
        action = self.config.action_pair_worker()
        self.assertIn("SICANTIK__ODOO__API_KEY=", action["params"]["env"])
        self.assertTrue(self.config.has_hook_key)
        self.assertFalse(self.config.user_id)

    def test_who_connects_the_worker_answers_where_that_person_may(self):
        other = self.another_office()
        Pairing.pair(self)
        self.assertFalse(other.user_id)

    def test_their_first_day_stands_once_and_in_their_tab(self):
        arch = etree.fromstring(self.config.get_view(view_type="form")["arch"])
        pages = arch.xpath("//field[@name='go_live_date']/ancestor::page/@name")
        self.assertEqual(pages, ["notices"])

    def test_notices_begin_on_the_day_of_the_first_connection(self):
        self.assertFalse(self.config.go_live_date)
        self.rpc("sicantik.config", "worker_settings", worker="w", version="1")
        self.assertFalse(self.config.go_live_date, "only the service is heard of")
        with freeze_time("2026-03-10 17:30:00"):  # the next day in Jakarta
            self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.go_live_date, date(2026, 3, 11))
        with freeze_time("2026-04-01 03:00:00"):
            self.config.go_live_date = False
            self.runs("queued", worker="w", version="1")
        self.assertFalse(self.config.go_live_date, "a person emptied it")

    def test_notices_wait_for_the_address(self):
        """Nothing was told while nothing was fetched, and nobody gets a backlog."""
        self.config.api_url = False
        self.runs("queued", worker="w", version="1")
        self.assertFalse(self.config.go_live_date)
        with freeze_time("2026-04-01 03:00:00"):
            self.config.with_user(self.manager).api_url = "https://baru.example.test"
        self.assertEqual(self.config.go_live_date, date(2026, 4, 1))
        self.config.go_live_date = False
        self.config.api_url = "https://lain.example.test"
        self.assertFalse(self.config.go_live_date, "a person emptied it")

    def test_where_a_worker_was_met_before_they_begin_when_they_are_installed(self):
        self.runs("queued", worker="w", version="1")
        self.config.write({"go_live_date": False, "user_id": False})
        self.config.worker_paired_by = self.manager
        with freeze_time("2026-04-01 03:00:00"):
            post_init_hook(self.env)
        self.assertEqual(self.config.go_live_date, date(2026, 4, 1))
        self.assertEqual(self.config.user_id, self.manager)

    def test_the_chatter_says_who_changed_their_settings(self):
        for name, value in (
            ("go_live_date", "2026-01-31"),
            ("user_id", self.operator.id),
        ):
            self.env.flush_all()
            self.cr.precommit.run()
            before = self.config.message_ids.tracking_value_ids
            self.config.with_user(self.manager).write({name: value})
            self.env.flush_all()
            self.cr.precommit.run()
            [change] = self.config.message_ids.tracking_value_ids - before
            self.assertEqual(change.field_id.name, name)
            author = change.mail_message_id.author_id
            self.assertEqual(author, self.manager.partner_id)

    def test_a_deleted_action_stops_nobody(self):
        self.env.ref("sicantik_notice.cron_notices").unlink()
        self.env["sicantik.notice"].new({"date_due": "2026-01-01"})._wake_action()

    def test_their_action_goes_with_the_office_s_clock(self):
        action = self.env.ref("sicantik_notice.cron_notices")
        self.assertEqual(f"{action.nextcall:%H:%M}", "02:00")
        self.assertEqual(action.user_id, self.env.ref("base.user_root"))
        self.assertEqual((action.interval_number, action.interval_type), (1, "days"))
        self.config.tz = "Asia/Jayapura"
        self.assertEqual(f"{action.nextcall:%H:%M}", "00:00")
