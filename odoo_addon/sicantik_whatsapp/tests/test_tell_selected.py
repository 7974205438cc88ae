from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .tell_case import OTHER, TellCase
from .whatsapp_case import NUMBER


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappTellSelected(TellCase):
    """One text to the contacts of chosen permits, with a count before."""

    def test_who_gets_it_and_who_does_not(self):
        first, second = self.of_who_agreed(), self.of_who_agreed()
        nobody = self.permit_with(45)
        wizard = self.wizard(first, nobody, second)
        self.assertEqual((wizard.told_count, wizard.chosen_count), (2, 3))
        self.assertIn("have no contact", wizard.left_out)
        self.assertIn(first.permit_number, wizard.preview)
        self.assertIn("Mohon hubungi kantor", wizard.preview)
        self.assertIn("1,000 messages in 24 hours", wizard.limits)
        left = self.permits.search(wizard.action_view_left_out()["domain"])
        self.assertEqual(left, nobody)

    def test_what_went_out_in_these_24_hours_is_said(self):
        accepted = None
        for state in ("accepted", "sent", "delivered", "read"):
            message = self.message_of(self.permit_told())
            self.claim()
            self.hear(message, state)
            accepted = message if state == "accepted" else accepted
        self.assertIn("4 went out", self.wizard(self.of_who_agreed()).limits)
        self.clock.tick(86_400 + 120)
        self.assertIn("0 went out", self.wizard(self.of_who_agreed()).limits)
        self.hear(accepted, "read")
        self.assertIn("0 went out", self.wizard(self.of_who_agreed()).limits)

    def test_each_reason(self):
        asked = self.partner(whatsapp_number=NUMBER)
        refused = self.partner(whatsapp_number=NUMBER)
        refused._set_whatsapp_consent("opted_out", "counter")
        missing = self.agreed(OTHER)
        missing.whatsapp_unreachable = OTHER
        for partner, why in (
            (asked, "not_asked"),
            (refused, "refused"),
            (self.agreed(False), "no_number"),
            (missing, "not_on_whatsapp"),
            (self.agreed(active=False), "no_contact"),
        ):
            permit = self.permit_with(45, partner_id=partner.id)
            self.assertEqual(self.why(permit), why)
            self.assertFalse(self.tells(permit))
        permit = self.of_who_agreed()
        for why, change in (
            ("no_account", lambda: self.account.write({"active": False})),
            ("no_text", lambda: self.registrations.write({"state": "paused"})),
            ("no_text", lambda: self.registrations.write({"category": "marketing"})),
            ("not_live", lambda: self.config.write({"go_live_date": False})),
            ("no_value", lambda: permit.partner_id.write({"name": "\u200b"})),
            (
                "blocked",
                lambda: self.env["sicantik.whatsapp.blocked"].create(
                    {"number": permit.partner_id.whatsapp_number, "reason": "x"}
                ),
            ),
        ):
            with self.subTest(why), self.env.cr.savepoint() as savepoint:
                change()
                self.assertEqual(self.why(permit), why)
                self.assertFalse(self.tells(permit))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(self.tells(permit))

    def tells(self, permit):
        """Whether the way of notices says the same, whatever the count believes."""
        notice = self.notices._selected_notice(permit, "office_contact")
        return self.config._is_live() and notice._can_whatsapp()

    def test_one_message_for_one_number(self):
        partner = self.agreed()
        two = [self.permit_with(45, partner_id=partner.id) for _permit in range(2)]
        both = self.permits.union(*two)
        found = self.notices._why_not_selected(both, "office_contact")
        self.assertEqual([found[permit] for permit in two], [None, "double"])
        self.assertEqual(len(self.tell(*two)), 1)

    def test_it_goes_by_whatsapp_or_not_at_all(self):
        permit = self.of_who_agreed()
        notice = self.tell(permit)
        self.assertEqual((notice.state, notice.channel), ("due", "whatsapp"))
        self.run_action()
        message = notice.whatsapp_message_ids
        self.assertEqual((notice.state, message.state), ("sent", "queued"))
        self.assertEqual(message.priority, 20)
        self.claim()
        self.hear(message, "failed", why="not_on_whatsapp")
        self.run_action()
        self.assertEqual(notice.state, "failed")
        self.assertFalse(self.mails(permit))

    def test_a_reminder_says_what_the_automatic_one_says_and_takes_none_away(self):
        permit = self.of_who_agreed(95)
        wizard = self.wizard(permit, kind="expiry_reminder")
        self.assertIn("Pengingat masa berlaku izin", wizard.preview)
        self.assertIn("95 hari", wizard.preview)
        wizard.action_tell()
        self.clock.tick(5 * 86400)
        self.run_action()
        steps = self.about(permit).filtered(lambda n: n.kind == "permit_expiring")
        self.assertEqual(steps.mapped("step"), [90])

    def test_a_reminder_of_what_is_not_true(self):
        for permit in (
            self.of_who_agreed(-1),
            self.of_who_agreed(None),
            self.of_who_agreed(45, status="cancelled"),
        ):
            self.assertEqual(self.why(permit, "expiry_reminder"), "not_true")
        permit = self.of_who_agreed()
        notice = self.tell(permit, kind="expiry_reminder")
        self.run_action()
        permit._cancel("x", "revoked")
        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.whatsapp_message_ids.state, "cancelled")

    def test_a_reminder_waits_three_days_at_most_and_never_after_the_date(self):
        permits = self.of_who_agreed(45), self.of_who_agreed(1)
        wizard = self.wizard(*permits, kind="expiry_reminder")
        self.assertIn("up to three days", wizard.limits)
        wizard.kind = "office_contact"
        self.assertIn("up to seven days", wizard.limits)
        later, soon = self.tell(*permits, kind="expiry_reminder")
        calls = self.tell(permits[1])
        self.run_action()

        def days(notice):
            message = notice.whatsapp_message_ids
            return (message.expires_at - message.date_queued).total_seconds() / 86_400

        if later.permit_id != permits[0]:
            later, soon = soon, later
        self.assertEqual(days(later), 3)
        self.assertLess(days(soon), 2)
        self.assertEqual(days(calls), 7)

    def test_whoever_has_the_permit_now_gets_it(self):
        for number, kind in ((OTHER, "office_contact"), (NUMBER, "expiry_reminder")):
            permit = self.of_who_agreed()
            notice = self.tell(permit, kind=kind)
            permit.partner_id = self.agreed(number)
            self.run_action()
            self.assertEqual(notice.partner_id, permit.partner_id)
            self.assertEqual(notice.whatsapp_message_ids.number, number)
        permit = self.of_who_agreed()
        notice = self.tell(permit)
        permit.partner_id = self.partner(whatsapp_number=NUMBER)
        self.run_action()
        self.assertEqual(notice.state, "failed")
        self.assertFalse(notice.whatsapp_message_ids)

    def test_it_can_be_undone_while_it_waits(self):
        waits, gone = self.of_who_agreed(), self.of_who_agreed()
        first, second = self.tell(waits), self.tell(gone)
        first.with_user(self.operator).action_cancel()
        self.run_action()
        self.assertFalse(first.whatsapp_message_ids)
        message = second.whatsapp_message_ids.with_user(self.operator)
        message.action_cancel()
        self.assertEqual(message.state, "cancelled")

    def test_who_may(self):
        permit = self.of_who_agreed()
        with self.assertRaises(AccessError):
            permit.with_user(self.viewer).action_whatsapp_tell()
        with self.assertRaisesRegex(UserError, "Choose"):
            self.permits.with_user(self.operator).action_whatsapp_tell()

    def test_nothing_is_told_of_another_office_s_permits(self):
        other = self.another_office()
        permit = self.permit_with(45, other, partner_id=self.agreed().id)
        wizards = self.env["sicantik.whatsapp.tell"].with_user(self.operator)
        with self.assertRaises(AccessError):
            wizards.create({"permit_ids": [(6, 0, permit.ids)]})
        asked = wizards.new(
            {"permit_ids": [(6, 0, permit.ids)], "kind": "office_contact"}
        )
        self.assertEqual((asked.chosen_count, asked.preview), (0, False))

    def test_in_a_trial_it_says_so(self):
        permits = self.of_who_agreed(), self.of_who_agreed()
        self.config.write(
            {
                "all_notices_email": "uji@contoh.test",
                "all_notices_phone": "+6283601000999",
            }
        )
        wizard = self.wizard(*permits)
        self.assertTrue(wizard.is_trial)
        self.assertEqual(wizard.told_count, 2)
        wizard.action_tell()
        self.run_action()
        sent = self.notices.search([("kind", "=", "office_contact")])
        self.assertEqual(
            set(sent.whatsapp_message_ids.mapped("number")), {"+6283601000999"}
        )

    def test_many_permits_cost_few_statements_each(self):
        few = [self.of_who_agreed() for _count in range(5)]
        many = [self.of_who_agreed() for _count in range(30)]

        def cost(permits):
            self.env.invalidate_all()
            with self.statements() as statements:
                self.notices._why_not_selected(
                    self.permits.union(*permits), "office_contact"
                )
            return len(statements)

        self.assertLessEqual(cost(many) - cost(few), 2)
