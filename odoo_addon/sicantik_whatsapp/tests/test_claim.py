from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .whatsapp_case import MESSAGE, NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappClaim(WhatsappCase):
    """Messages are given to one worker at a time, the most urgent first."""

    def test_the_worker_gets_what_the_contract_says(self):
        permit = self.permit_told()
        answer = self.claim()
        message = self.message_of(permit)
        [account] = answer["accounts"]
        self.assertEqual(
            account,
            {
                "uuid": self.account.uuid,
                "provider": "meta",
                "sender_id": "100200300",
                "business_id": None,
                "key_id": None,
                "people_per_day": None,
                "verify_token": self.account.verify_token,
                "per_minute": 60,
                "per_day": 1000,
                "retries": 3,
                "retry_seconds": 300,
                "night": ["13:00", "02:00"],
                "check": False,
                "sealed": {},
                "texts": [
                    {"name": one.name, "language": one.text_id.language}
                    for one in self.registrations
                ],
            },
        )
        [given] = answer["claimed"]
        values = given.pop("parameters")
        self.assertEqual(len(values), 8)
        self.assertEqual(values[4:6], ["90", ""])
        self.assertEqual(
            given,
            {
                "uuid": message.uuid,
                "attempt": 1,
                "key": message.key,
                "ways": [
                    {"account": self.account.uuid, "text": "sicantik_permit_expiring"}
                ],
                "configuration": self.config.id,
                "number": NUMBER,
                "language": "id",
                "button": None,
                "header": None,
                "may_be_empty": [1, 5, 6],
                "variables": 8,
                "priority": 10,
                "expires_at": "2026-03-13 03:00:00",
                "at_night": False,
            },
        )
        self.assertEqual((answer["cancel"], answer["more"]), ([], False))
        self.assertEqual(message.state, "claimed")
        self.assertEqual(message.worker_name, "worker-1")

    def test_accounts_come_also_when_nothing_waits(self):
        answer = self.claim()
        self.assertEqual(len(answer["accounts"]), 1)
        self.assertEqual(answer["claimed"], [])

    def test_nobody_else_claims(self):
        for user in (self.viewer, self.manager, self.env.user):
            with self.assertRaises(AccessError):
                self.env[MESSAGE].with_user(user).claim("w", 1, 60)

    def test_a_claimed_one_is_given_again_after_its_lease_until_it_was_heard_of(self):
        message = self.message_of(self.permit_told())
        self.assertEqual(len(self.claim()["claimed"]), 1)
        self.assertEqual(self.claim("worker-2")["claimed"], [])
        self.clock.tick(timedelta(seconds=61))
        [given] = self.claim("worker-2")["claimed"]
        self.assertEqual(given["attempt"], 1)
        self.hear(message, "waiting")
        self.clock.tick(timedelta(seconds=61))
        self.assertEqual(self.claim("worker-3")["claimed"], [])

    def test_the_most_urgent_first_and_more_is_said(self):
        reminder = self.message_of(self.permit_told())
        other = self.message_of(self.permit_told())
        other.priority = 0
        answer = self.claim(limit=1)
        self.assertEqual([m["uuid"] for m in answer["claimed"]], [other.uuid])
        self.assertTrue(answer["more"])
        answer = self.claim(limit=1)
        self.assertEqual([m["uuid"] for m in answer["claimed"]], [reminder.uuid])
        self.assertFalse(answer["more"])

    def test_nothing_of_an_archived_account_or_configuration(self):
        message = self.message_of(self.permit_told())
        self.config.active = False
        answer = self.claim()
        self.assertEqual((answer["accounts"], answer["claimed"]), ([], []))
        self.config.active = True
        self.assertEqual(message.state, "queued")
        self.account.active = False
        answer = self.claim()
        self.assertEqual((answer["accounts"], answer["claimed"]), ([], []))
        self.assertIn("archived", message.reason)

    def test_what_came_too_late_is_given_to_nobody(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.clock.tick(timedelta(days=3))
        self.assertEqual(self.claim()["claimed"], [])
        self.assertEqual(message.state, "expired")
        notice = self.told(permit)
        self.assertEqual(
            (notice.state, notice.reason_code), ("failed", "whatsapp_expired")
        )
        self.assertIn("too late", notice.reason)

    def test_whoever_refused_meanwhile_is_not_written_to(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        permit.partner_id._set_whatsapp_consent("opted_out", "message")
        self.assertEqual(self.claim()["claimed"], [])
        self.assertEqual((message.state, message.why), ("cancelled", "changed"))
        notice = self.told(permit)
        self.assertEqual((notice.state, notice.channel), ("due", "email"))

    def test_a_corrected_number_gets_a_message_of_its_own(self):
        permit = self.permit_told()
        permit.partner_id.whatsapp_number = "+6283601000124"
        self.assertEqual(self.claim()["claimed"], [])
        self.run_action()
        [given] = self.claim()["claimed"]
        self.assertEqual(given["number"], "+6283601000124")

    def test_cancel_stops_at_once_what_no_worker_has(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        message.with_user(self.operator).action_cancel()
        self.assertEqual((message.state, message.why), ("cancelled", "by_hand"))
        notice = self.told(permit)
        self.assertEqual(
            (notice.state, notice.reason_code), ("failed", "whatsapp_by_hand")
        )

    def test_the_worker_is_asked_to_stop_what_it_has(self):
        message = self.message_of(self.permit_told())
        self.claim()
        message.with_user(self.operator).action_cancel()
        self.assertEqual(message.state, "claimed")
        # Whoever took it just now may not know it yet, and another one never will.
        self.assertEqual(self.claim("worker-2")["cancel"], [])
        self.hear(message, "waiting")
        stopped = [{"uuid": message.uuid, "attempt": 1}]
        self.assertEqual(self.claim()["cancel"], stopped)
        self.hear(message, "cancelled")
        self.assertEqual(self.claim()["cancel"], [])
        self.assertEqual(message.state, "cancelled")

    def test_a_message_whose_notice_was_deleted_is_stopped(self):
        first = self.message_of(self.permit_told())
        self.claim()
        self.hear(first, "waiting")
        second = self.message_of(self.permit_told())
        (first | second).notice_id.permit_id.unlink()
        self.env.invalidate_all()
        answer = self.claim()
        self.assertEqual(answer["cancel"], [{"uuid": first.uuid, "attempt": 1}])
        self.assertEqual(answer["claimed"], [])
        self.assertEqual((second.state, second.why), ("cancelled", "gone"))

    def test_the_worker_is_asked_for_what_it_has_not_spoken_of(self):
        message = self.message_of(self.permit_told())
        self.claim()
        self.assertEqual(self.claim()["ask"], [])
        self.hear(message, "waiting")
        self.assertEqual(self.claim()["ask"], [])
        self.clock.move_to(message.date_heard + timedelta(hours=7))
        asked = [{"uuid": message.uuid, "attempt": 1}]
        self.assertEqual(self.claim()["ask"], asked)
        self.hear(message, "waiting", why="night")
        self.assertEqual(self.claim()["ask"], [])
        self.clock.move_to(message.date_heard + timedelta(hours=7))
        self.hear(message, "unknown", why="restored")
        self.assertEqual(self.claim()["ask"], [])
