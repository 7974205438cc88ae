from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .whatsapp_case import NUMBER, WhatsappCase

OTHER = "+6283601000124"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappBlocked(WhatsappCase):
    """A number that is blocked is never written to, whoever agreed."""

    def setUp(self):
        super().setUp()
        self.blocked = self.env["sicantik.whatsapp.blocked"].with_user(self.operator)

    def block(self, number=NUMBER, **values):
        return self.blocked.create({"number": number, "reason": "Contoh", **values})

    def block_for_all(self, user=None):
        blocked = self.blocked.with_user(user or self.manager)
        return blocked.create({"number": NUMBER, "reason": "x", "company_id": False})

    def test_it_is_kept_as_the_phone_rules_read_it(self):
        for written in ("0836-0100-0123", "62836 0100 0123", "wa.me/6283601000123"):
            with self.env.cr.savepoint() as savepoint:
                self.assertEqual(self.block(written).number, NUMBER)
                savepoint.rollback()
        for written in ("Pak Budi", "0836 0100 0123 / 0836 0100 0124", "110"):
            with self.assertRaisesRegex(ValidationError, "no telephone number"):
                self.block(written)

    def test_its_contact_says_so(self):
        partner = self.agreed().with_user(self.viewer)
        self.assertFalse(partner.whatsapp_blocked)
        self.block(reason="Nomor lama")
        partner.invalidate_recordset()
        self.assertEqual(partner.whatsapp_blocked, "Nomor lama")

    def test_who_agreed_gets_an_e_mail(self):
        self.block()
        permit = self.permit_told()
        self.assertEqual(self.told(permit).channel, "email")
        self.assertFalse(self.message_of(permit))
        elsewhere = self.permit_told(number=OTHER)
        self.assertEqual(self.told(elsewhere).channel, "whatsapp")

    def test_nor_in_a_trial(self):
        self.block(OTHER)
        self.config.write(
            {"all_notices_email": "uji@contoh.test", "all_notices_phone": OTHER}
        )
        self.assertEqual(self.told(self.permit_told()).channel, "email")

    def test_no_link_to_write_by_hand(self):
        notice = self.told(self.permit_told())
        self.assertTrue(notice.whatsapp_link)
        self.block()
        notice.invalidate_recordset()
        self.assertFalse(notice.whatsapp_link)

    def test_what_waits_is_stopped_at_once_and_goes_another_way(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.block()
        self.assertEqual((message.state, message.why), ("cancelled", "blocked"))
        self.assertIn("blocked", message.reason)
        self.run_action()
        notice = self.told(permit)
        self.assertEqual((notice.state, notice.channel), ("sent", "email"))
        self.assertEqual(len(self.mails(permit)), 1)
        self.assertFalse(self.claim()["claimed"])

    def test_what_a_person_cancelled_stays_cancelled(self):
        """Neither a block nor a refusal after it makes the notice go another way."""
        for after in (
            lambda _partner: self.block(),
            lambda partner: partner._set_whatsapp_consent("opted_out", "counter"),
        ):
            with self.env.cr.savepoint() as savepoint:
                permit = self.permit_told()
                message = self.message_of(permit)
                self.claim()
                self.hear(message, "waiting")
                message.with_user(self.operator).action_cancel()
                after(permit.partner_id)
                self.assertEqual(message.stop_why, "by_hand")
                self.hear(message, "cancelled")
                self.assertEqual(self.told(permit).state, "failed")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_what_the_worker_has_it_is_asked_to_stop(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.claim()
        self.hear(message, "waiting")
        self.block()
        self.assertEqual(self.claim()["cancel"], [{"uuid": message.uuid, "attempt": 1}])
        self.hear(message, "cancelled")
        self.assertEqual(self.told(permit).state, "due")
        self.run_action()
        self.assertEqual(self.told(permit).channel, "email")

    def test_it_is_not_sent_again(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.claim()
        self.hear(message, "failed", why="other")
        self.assertTrue(message.may_be_sent_again)
        self.block()
        message.invalidate_recordset()
        self.assertFalse(message.may_be_sent_again)

    def test_nor_does_a_test_go_there(self):
        account = self.account.with_user(self.manager)
        self.manager.partner_id.whatsapp_number = NUMBER
        message = self.messages.browse(account.action_test_notification()["res_id"])
        self.block()
        self.assertEqual((message.state, message.why), ("cancelled", "blocked"))
        with self.assertRaisesRegex(UserError, "blocked"):
            account.action_test_notification()
        message.invalidate_recordset()
        self.assertFalse(message.may_be_sent_again)
        with self.assertRaisesRegex(UserError, "sent again"):
            message.with_user(self.operator).action_send_again()
        message.state = "queued"
        self.assertFalse(self.claim()["claimed"])
        self.assertEqual(message.state, "cancelled")

    def test_of_one_company_or_of_all(self):
        other = self.another_office()
        self.blocked.sudo().create(
            {"number": NUMBER, "reason": "x", "company_id": other.company_id.id}
        )
        self.assertEqual(self.told(self.permit_told()).channel, "whatsapp")
        self.assertFalse(self.blocked.search([]), "it is the other office's")
        message = self.message_of(self.permit_told())
        self.block_for_all()
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(self.told(self.permit_told()).channel, "email")

    def test_who_blocks_for_all_companies(self):
        other = self.another_office()
        message = self.message_of(self.permit_told())
        with self.assertRaises(AccessError):
            self.block_for_all(self.operator)
        rows = [["0836 0100 0123", "x", ""]]
        done = self.blocked.load(["number", "reason", "company_id"], rows)
        self.assertFalse(done["ids"])
        self.assertIn("for all companies", done["messages"][0]["message"])
        self.assertEqual(message.state, "queued")
        self.operator.company_ids = self.env["res.company"].search([])
        self.assertIn(other.company_id, self.operator.company_ids)
        blocked = self.block_for_all(self.operator)
        self.assertEqual(message.state, "cancelled")
        with self.assertRaises(AccessError):
            blocked.unlink()
        blocked.with_user(self.manager).unlink()
        self.assertTrue(self.block_for_all())

    def test_once_each(self):
        self.block()
        with self.assertRaisesRegex(ValidationError, "already"):
            self.block("0836 0100 0123")
        self.block_for_all()
        with self.assertRaisesRegex(ValidationError, "already"):
            self.block_for_all()

    def test_operators_add_and_managers_remove(self):
        blocked = self.block()
        self.assertEqual(blocked.create_uid, self.operator)
        for refused in (
            lambda: blocked.unlink(),
            lambda: blocked.write({"number": OTHER}),
            lambda: self.blocked.with_user(self.viewer).create(
                {"number": OTHER, "reason": "x"}
            ),
        ):
            with self.assertRaises(AccessError):
                refused()
        blocked.reason = "Milik orang lain"
        blocked.with_user(self.manager).number = "0836 0100 0125"
        self.assertEqual(blocked.number, "+6283601000125")
        blocked.with_user(self.manager).unlink()
        self.assertEqual(self.told(self.permit_told()).channel, "whatsapp")

    def test_a_list_is_imported(self):
        message = self.message_of(self.permit_told())
        rows = [["0836 0100 0123", "Nomor lama"], ["6283601000125.0", "Permintaan"]]
        done = self.blocked.load(["number", "reason"], rows)
        self.assertEqual(len(done["ids"]), 2, done["messages"])
        numbers = set(self.blocked.search([]).mapped("number"))
        self.assertEqual(numbers, {NUMBER, "+6283601000125"})
        self.assertEqual(message.state, "cancelled")
        done = self.blocked.load(["number", "reason"], [["Pak Budi", "x"]])
        self.assertIn("no telephone number", done["messages"][0]["message"])

    def test_it_stays_for_as_long_as_the_block(self):
        blocked = self.block()
        self.clock.tick(self.config.keep_addresses_days * 86400 + 1)
        self.keep_house()
        self.assertEqual(blocked.number, NUMBER)
