from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappWays(WhatsappCase):
    """The first account takes a message, the others may take it over."""

    def setUp(self):
        super().setUp()
        self.second = self.another_account()

    def ways(self):
        [given] = self.claim()["claimed"]
        return [(way["account"], way["text"]) for way in given["ways"]]

    def test_only_who_may_send_the_text(self):
        own = (self.account.uuid, "sicantik_permit_expiring")
        message = self.message_of(self.permit_told())
        self.assertEqual(message.account_id, self.account)
        with self.env.cr.savepoint() as savepoint:
            self.assertEqual(self.ways(), [own])
            savepoint.rollback()
            self.env.invalidate_all()
        registered = self.register(self.text())
        for values in ({"state": "paused"}, {"category": "marketing"}):
            with self.env.cr.savepoint() as savepoint:
                registered.write(values)
                self.assertEqual(self.ways(), [own])
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.ways(), [own, (self.second.uuid, registered.name)])

    def test_the_office_s_order_decides_who_is_first(self):
        self.register(self.text())
        self.second.with_user(self.manager).sequence = 5
        message = self.message_of(self.permit_told())
        self.assertEqual(message.account_id, self.second)
        self.assertEqual(message.text_name, f"HX{'0' * 32}")
        self.account.sequence = 1
        self.assertEqual(self.ways()[0][0], self.second.uuid, "as it was made")
        accounts = [one["uuid"] for one in self.claim()["accounts"]]
        self.assertEqual(accounts, [self.account.uuid, self.second.uuid])

    def test_another_account_is_there_when_the_first_one_goes(self):
        registered = self.register(self.text())
        message = self.message_of(self.permit_told())
        self.account.active = False
        self.assertNotIn("archived", message.reason)
        self.assertEqual(self.ways(), [(self.second.uuid, registered.name)])

    def test_what_nobody_may_send_any_more_goes_its_next_way(self):
        text = self.text()
        other_words = text.body.replace("Pengingat", "Pemberitahuan")
        for change in (
            lambda: self.registrations.write({"state": "paused"}),
            lambda: text.write({"body": other_words}),
            lambda: self.account.write({"active": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                permit = self.permit_told()
                message = self.message_of(permit)
                change()
                self.assertEqual(self.claim()["claimed"], [])
                self.assertEqual((message.state, message.why), ("cancelled", "changed"))
                self.assertEqual(self.told(permit).state, "due")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_worker_that_had_it_gets_it_again_by_the_way_that_it_had(self):
        self.message_of(self.permit_told())
        first = self.ways()
        self.registrations.state = "paused"
        self.clock.tick(timedelta(seconds=61))
        self.assertEqual(self.ways(), first)

    def test_the_report_says_who_took_it_over(self):
        registered = self.register(self.text())
        message = self.message_of(self.permit_told())
        key = message.key
        self.claim()
        self.hear(message, "waiting", account=self.account.uuid)
        self.assertEqual(message.account_id, self.account)
        self.hear(message, "accepted", account=self.second.uuid, provider_id="SM1")
        self.assertEqual(message.account_id, self.second)
        self.assertEqual((message.text_name, message.key), (registered.name, key))
        self.hear(message, "waiting", account=self.account.uuid)
        self.hear(message, "read", account=None)
        self.assertEqual(message.account_id, self.second)
        other = self.account.create(
            {"name": "Lain", "config_id": self.another_office().id}
        )
        for stranger in (other.uuid, "x"):
            self.assertFalse(message._account_values({"account": stranger}))

    def test_the_key_holds_no_provider(self):
        self.register(self.text())
        permit = self.permit_with(90, partner_id=self.agreed().id)
        keys = set()
        for first in (self.account, self.second):
            with self.env.cr.savepoint() as savepoint:
                (self.account | self.second).sequence = 9
                first.sequence = 1
                self.run_action()
                message = self.message_of(permit)
                self.assertEqual(message.account_id, first)
                keys.add(message.key)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(len(keys), 1)

    def test_a_test_goes_by_its_own_account_only(self):
        self.manager.partner_id.whatsapp_number = NUMBER
        mine = self.second.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "provider of this account"):
            mine.action_test_notification()
        registered = self.register(self.text("test", "en"))
        message = self.messages.browse(mine.action_test_notification()["res_id"])
        self.second.active = False
        self.assertEqual((message.state, message.why), ("cancelled", "no_account"))
        self.assertIn("archived", message.reason)
        self.second.active = True
        self.assertEqual(self.claim()["claimed"], [])
        message.with_user(self.operator).action_send_again()
        self.assertEqual(self.ways(), [(self.second.uuid, registered.name)])

    def test_send_again_needs_an_account_that_may_carry_it(self):
        message = self.message_of(self.permit_told())
        self.claim()
        self.hear(message, "failed", why="other")
        self.account.active = False
        self.assertTrue(message.may_be_sent_again)
        self.second.active = False
        self.env.invalidate_all()
        self.assertFalse(message.may_be_sent_again)
