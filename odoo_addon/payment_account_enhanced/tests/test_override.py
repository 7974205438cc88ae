from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payment_case import PaymentCase


@tagged("post_install", "-at_install")
class TestOverride(PaymentCase):
    """What payment managers do, and why."""

    def test_a_manager_resets_with_a_reason(self):
        payment = self.posted().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"):
            payment.action_draft()
        for reason in ("", " \n ", "x" * 501):
            with self.assertRaises(UserError):
                payment.action_draft(reason=reason)
        payment.action_draft(reason="Booked <i>twice</i>")
        self.assertEqual((payment.state, payment.approval_state), ("draft", "draft"))
        for record in (payment, payment.move_id):
            self.assertIn(
                "Booked &lt;i&gt;twice", "".join(record.message_ids.mapped("body"))
            )
        self.assertTrue(payment.override_date)
        found = payment.search([("override_date", "!=", False)])
        self.assertIn(payment, found)

    def test_once_for_many(self):
        payments = (self.posted() + self.posted()).with_user(self.manager)
        payments.action_cancel(reason="The bank took them back")
        self.assertEqual(set(payments.mapped("state")), {"canceled"})
        for payment in payments:
            self.assertIn("took them back", "".join(payment.message_ids.mapped("body")))

    def test_a_manager_undoes_what_is_reconciled(self):
        payment, invoice = self.paid()
        wizard = (
            self.env["payment.override"]
            .with_user(self.manager)
            .create(
                {
                    "payment_ids": payment.ids,
                    "operation": "unreconcile",
                    "reason": "Another invoice",
                }
            )
        )
        self.assertIn(invoice.display_name, wizard.effects)
        self.assertIn("1,000.00", wizard.effects)
        wizard.action_confirm()
        self.assertFalse(payment._is_payment_reconciled())
        self.assertGreater(invoice.amount_residual, 0)

    def test_a_manager_deletes(self):
        payment, invoice = self.paid()
        payment.with_user(self.manager).action_delete("Test of the bank")
        self.assertFalse(payment.exists())
        self.assertIn("Test of the bank", "".join(invoice.message_ids.mapped("body")))

    def test_a_manager_changes(self):
        payment = self.posted().with_user(self.manager)
        with self.assertRaises(UserError):
            payment.write({"memo": "x"})
        payment.action_change({"memo": "Right"}, "It was wrong")
        self.assertEqual(payment.memo, "Right")

    def test_a_reason_of_others_opens_nothing(self):
        payment = self.posted()
        for user in (self.clerk, self.accountant):
            one = payment.with_user(user)
            self.assertRefused(lambda one=one: one.action_draft(reason="Please"))
            self.assertRefused(
                lambda one=one: one.action_change({"memo": "x"}, "Please")
            )
            self.assertRefused(lambda one=one: one.action_delete("Please"))
            with self.assertRaises(AccessError):
                self.env["payment.override"].with_user(user).create({})

    def test_lock_dates_bind_managers(self):
        payment = self.posted(date="2020-03-01").with_user(self.manager)
        self.env.company.fiscalyear_lock_date = "2020-12-31"
        with self.assertRaises(UserError):
            payment.action_draft(reason="Too late")
        self.assertEqual(payment.move_id.state, "posted")

    def test_what_a_reason_opened_is_closed_where_it_failed(self):
        payment = self.posted(date="2020-03-01").with_user(self.manager)
        self.env.company.fiscalyear_lock_date = "2020-12-31"
        with self.assertRaises(UserError):
            payment.action_draft(reason="Too late")
        with self.assertRaisesRegex(UserError, "a reason is needed"):
            payment.write({"memo": "x"})
