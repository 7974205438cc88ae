from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .whatsapp_case import ACCOUNT, NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappAccount(WhatsappCase):
    """Managers enter what the worker needs to know, and read what it found out."""

    def report(self, **values):
        item = {"uuid": self.account.uuid, "secrets": {}, "held": None, "check": None}
        return self.rpc(ACCOUNT, "report", reports=[{**item, **values}])

    def test_what_is_to_be_copied(self):
        account = self.account.with_user(self.manager)
        self.assertFalse(account.webhook_address)
        self.config.worker_public_address = "https://izin.example.test/"
        path = f"/webhooks/whatsapp/meta/{account.uuid}"
        self.assertEqual(account.webhook_address, f"https://izin.example.test{path}")
        line = f"sicantik secret set whatsapp.{account.uuid}.token"
        self.assertEqual(account.token_line, line)
        self.assertGreater(len(account.verify_token), 30)

    def test_ids_and_token_are_for_managers(self):
        for name in ("sender_id", "business_id", "verify_token", "webhook_address"):
            with self.assertRaises(AccessError, msg=name):
                self.account.with_user(self.operator).read([name])

    def test_the_key_and_the_token_stay(self):
        for name in ("uuid", "verify_token", "token_set", "check_state"):
            with self.assertRaises(AccessError, msg=name):
                self.account.with_user(self.manager).write({name: False})

    def test_values_beyond_their_bounds(self):
        account = self.account.with_user(self.manager)
        for values in (
            {"per_minute": 0},
            {"per_day": 100_001},
            {"retries": 11},
            {"retry_seconds": 29},
            {"sender_id": "+62 836"},
            {"business_id": "abc"},
            {"people_per_day": -1},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                account.write(values)

    def test_a_copy_takes_nothing_over(self):
        account = self.account.with_user(self.manager)
        copy = account.copy()
        self.assertFalse(copy.active)
        self.assertNotEqual(copy.uuid, account.uuid)

    def test_a_check_is_asked_for_and_answered(self):
        self.account.with_user(self.manager).action_check()
        self.assertTrue(self.claim()["accounts"][0]["check"])
        check = {
            "ok": True,
            "at": "2026-03-10 03:00:00",
            "number": "+62 836-0100-0777",
            "name": "DPMPTSP",
            "quality": "GREEN",
            "daily_limit": 250,
            "why": None,
            "code": None,
            "detail": None,
        }
        self.report(check=check, secrets={"token": "2026-03-09 01:00:00"})
        account = self.account
        self.assertFalse(self.claim()["accounts"][0]["check"])
        self.assertEqual((account.check_state, account.daily_limit), ("ok", 250))
        self.assertTrue(account.token_set and account.daily_limit_known)
        self.assertFalse(account.app_secret_set)
        self.report(secrets={"token": None})
        self.assertEqual(account.check_state, "ok", "no check is no news")
        self.assertFalse(account.token_set)
        self.report(check={"ok": False, "why": "credentials", "daily_limit": None})
        self.assertIn("does not accept the key", account.check_reason)
        self.assertFalse(account.daily_limit_known)

    def test_what_holds_it_up(self):
        held = {"why": "quality", "until": "2026-03-10 09:00:00"}
        self.report(held=held)
        self.assertIn("holds the number back", self.account.held_reason)
        self.report()
        self.assertFalse(self.account.held_why or self.account.held_until)

    def test_reports_of_nobody(self):
        answer = self.rpc(ACCOUNT, "report", reports=[{"uuid": "x"}])
        self.assertRefused(answer, x="unknown")
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).report([])

    def test_a_test_notification_goes_to_oneself_at_any_time(self):
        account = self.account.with_user(self.manager)
        self.manager.partner_id.whatsapp_number = NUMBER
        action = account.action_test_notification()
        message = self.messages.browse(action["res_id"])
        self.assertEqual((message.number, message.is_test), (NUMBER, True))
        self.assertTrue(message.at_night)
        self.assertFalse(message.notice_id)
        [given] = self.claim()["claimed"]
        self.assertEqual(given["parameters"], ["DPMPTSP Kabupaten Contoh"])
        self.assertTrue(given["at_night"])
        self.hear(message, "delivered")
        self.assertEqual(message.state, "delivered")

    def test_a_test_that_is_sent_again_is_of_use_for_an_hour_too(self):
        account = self.account.with_user(self.manager)
        self.manager.partner_id.whatsapp_number = NUMBER
        message = self.messages.browse(account.action_test_notification()["res_id"])
        self.claim()
        self.hear(message, "failed", why="other")
        self.clock.tick(7200)
        message.with_user(self.operator).action_send_again()
        [given] = self.claim()["claimed"]
        self.assertEqual(given["attempt"], 2)
        left = message.expires_at - message.date_queued
        self.assertEqual(left.total_seconds(), 3600)

    def test_a_test_needs_a_number_an_account_and_a_text(self):
        account = self.account.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "mobile number"):
            account.action_test_notification()
        self.manager.partner_id.whatsapp_number = NUMBER
        self.registrations.state = "draft"
        with self.assertRaisesRegex(UserError, "approved"):
            account.action_test_notification()
        with self.assertRaises(AccessError):
            self.account.with_user(self.operator).action_test_notification()

    def test_offices_do_not_see_each_other_s(self):
        other = self.another_office()
        account = self.account.create(
            {"name": "Lain", "config_id": other.id, "sender_id": "900800700"}
        )
        self.assertEqual(account.company_id, other.company_id)
        seen = self.account.with_user(self.manager).search([])
        self.assertNotIn(account, seen)
        with self.assertRaises(AccessError):
            account.with_user(self.manager).action_check()
        with self.assertRaises(AccessError):
            seen.create({"name": "x", "config_id": other.id, "active": False})
