from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payment_case import AMOUNT, PaymentCase


@tagged("post_install", "-at_install")
class TestApproval(PaymentCase):
    """A payment's way to *Posted*."""

    def test_without_the_setting_a_payment_is_simply_posted(self):
        payment = self.payment()
        self.assertEqual(payment.approval_state, "draft")
        payment.action_post()
        self.assertEqual(payment.approval_state, "posted")
        self.assertEqual(payment.posting_user_id, self.clerk)
        self.assertTrue(payment.posting_date)

    def test_a_new_payment_goes_from_draft_by_review_and_approval_to_posted(self):
        self.approving()
        payment = self.payment()
        with self.assertRaisesRegex(UserError, "not approved yet"):
            payment.action_post()
        payment.action_ask_review()
        self.assertEqual(
            (payment.approval_state, payment.review_user_id), ("review", self.clerk)
        )
        with self.assertRaises(AccessError):
            payment.action_approve()
        payment.with_user(self.manager).action_approve()
        self.assertEqual(payment.approval_user_id, self.manager)
        payment.with_user(self.accountant).action_post()
        self.assertEqual(
            (payment.approval_state, payment.state), ("posted", "in_process")
        )

    def test_accountants_are_regular_users(self):
        self.approving()
        payment = self.payment()
        payment.action_ask_review()
        with self.assertRaises(AccessError):
            payment.with_user(self.accountant).action_approve()

    def test_four_eyes(self):
        self.approving()
        payment = self.payment(self.manager)
        payment.action_ask_review()
        with self.assertRaisesRegex(UserError, "Second"):
            payment.action_approve()
        self.env.company.payment_approval_alone = True
        payment.action_approve()
        self.assertEqual(payment.approval_state, "approved")

    def test_only_from_an_amount(self):
        self.approving(payment_approval_from=500.0)
        small, large = self.payment(amount=499.0), self.payment(amount=500.0)
        small.action_post()
        self.assertEqual(small.approval_state, "posted")
        with self.assertRaises(UserError):
            large.action_post()

    def test_a_foreign_amount_counts_in_the_companys_currency(self):
        self.approving(payment_approval_from=500.0)
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 4.0)])
        payment = self.payment(amount=800.0, currency_id=foreign.id)
        self.assertFalse(payment.is_approval_needed)
        payment.amount = 3000.0
        self.assertTrue(payment.is_approval_needed)

    def test_sent_back_with_a_reason(self):
        self.approving()
        payment = self.payment()
        payment.action_ask_review()
        with self.assertRaises(UserError):
            payment.with_user(self.manager)._send_back("  ")
        payment.with_user(self.manager)._send_back("Wrong <b>account</b>")
        self.assertEqual(payment.approval_state, "draft")
        self.assertFalse(payment.review_user_id)
        self.assertIn("Wrong &lt;b&gt;account", payment.message_ids[0].body)

    def test_another_amount_needs_another_approval(self):
        self.approving()
        payment = self.payment()
        payment.action_ask_review()
        payment.with_user(self.manager).action_approve()
        payment.amount = 2000.0
        self.assertEqual(payment.approval_state, "draft")
        self.assertFalse(payment.approval_user_id)

    def test_no_step_is_written_by_hand(self):
        payment = self.payment(self.manager)
        for vals in (
            {"approval_state": "approved"},
            {"approval_user_id": self.manager.id},
            {"posting_date": "2026-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                payment.write(vals)
            with self.assertRaises(AccessError):
                self.payment(self.manager, **vals)

    def test_the_entry_of_what_is_not_approved_is_not_posted(self):
        self.approving()
        payment = self.payment()
        with self.assertRaises(UserError):
            payment.state = "in_process"
        with self.assertRaises(UserError):
            payment.state = "paid"

    def test_a_registered_payment_waits_with_its_invoice(self):
        self.approving()
        payment, invoice = self.paid()
        self.assertEqual((payment.state, payment.approval_state), ("draft", "review"))
        self.assertEqual(invoice.amount_residual, AMOUNT)
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.accountant).action_post()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertTrue(payment._is_payment_reconciled())
        self.assertFalse(payment.waiting_line_ids)

    def test_what_is_cancelled_frees_its_invoice(self):
        self.approving()
        payment, invoice = self.paid()
        payment.with_user(self.manager).action_cancel()
        self.assertFalse(payment.waiting_line_ids)
        self.approving(payment_approval=False)
        self.assertEqual(invoice.amount_residual, AMOUNT)

    def test_a_payment_of_many_invoices_waits_with_all(self):
        self.approving()
        invoices = self.invoice() + self.invoice()
        payments = self.register(invoices, group_payment=True)
        self.assertEqual(payments.approval_state, "review")
        payments.with_user(self.manager).action_approve()
        payments.with_user(self.manager).action_post()
        self.assertEqual(sum(invoices.mapped("amount_residual")), 0)

    def test_what_is_below_the_amount_is_paid_beside_what_waits(self):
        self.approving(payment_approval_from=500.0)
        small, large = self.invoice(100.0), self.invoice(900.0)
        self.register(small + large, group_payment=False)
        self.assertEqual(small.amount_residual, 0)
        self.assertEqual(large.amount_residual, 900.0)

    def written_off(self, amount):
        """A payment of ``amount`` that pays a whole invoice, that invoice, and the
        account that the rest is written off to."""
        account = self.company_data["default_account_expense"]
        payment, invoice = self.paid(
            amount=amount,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        return payment, invoice, account

    def test_what_the_wizard_writes_off_waits_with_the_payment(self):
        self.approving()
        payment, invoice, account = self.written_off(900.0)
        self.assertEqual((payment.state, payment.approval_state), ("draft", "review"))
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.manager).action_post()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertIn(account, payment.move_id.line_ids.account_id)

    def test_what_is_written_off_counts_for_the_amount(self):
        self.approving(payment_approval_from=500.0)
        payment, invoice, _account = self.written_off(1.0)
        self.assertEqual((payment.state, payment.approval_state), ("draft", "review"))
        self.assertEqual(invoice.amount_residual, AMOUNT)
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 4.0)])
        by_hand = self.payment(amount=1.0, currency_id=foreign.id, force_balance=5000.0)
        self.assertEqual(by_hand.state, "draft")
        with self.assertRaises(UserError):
            by_hand.action_post()

    def test_nobody_says_from_the_invoice_what_a_payment_pays(self):
        self.approving()
        payment, invoice = self.paid()
        other = self.invoice()
        payment.with_user(self.manager).action_approve()
        right, wrong = (
            one.line_ids.filtered(lambda line: line.display_type == "payment_term")
            for one in (invoice, other)
        )
        for line, command in ((right, (3, payment.id)), (wrong, (4, payment.id))):
            one = line.with_user(self.clerk)
            for act in (
                lambda one=one, it=command: one.write({"waiting_payment_ids": [it]}),
                lambda one=one, it=command: one.move_id.write(
                    {"line_ids": [(1, one.id, {"waiting_payment_ids": [it]})]}
                ),
            ):
                with self.assertRaises(UserError):
                    act()
        lines = self.env["account.move.line"].with_user(self.accountant)
        with self.assertRaises(AccessError):
            lines.with_context(default_waiting_payment_ids=payment.ids).create(
                {"move_id": other.id, "name": "x", "account_id": wrong.account_id.id}
            )
        self.assertEqual(payment.waiting_line_ids, right)

    def test_no_default_of_ones_own_begins_later(self):
        self.approving()
        payments = self.env["account.payment"].with_context(
            default_approval_state="approved", default_approval_user_id=self.manager.id
        )
        self.env = payments.env
        payment = self.payment()
        self.assertEqual(payment.approval_state, "draft")
        self.assertFalse(payment.approval_user_id)

    def test_another_amount_at_the_last_moment(self):
        self.approving(payment_approval_from=500.0)
        payment = self.payment(amount=10.0)
        with self.assertRaises(UserError):
            payment.write({"state": "in_process", "amount": 5000.0})
        self.assertEqual(payment.state, "draft")

    def test_posted_together_with_one_that_is_posted_already(self):
        """One by one, each notes its step as it gets its entry; this has one."""
        posted = self.posted()
        self.approving(payment_approval_alone=True)
        waiting = self.register(self.invoice())
        self.assertTrue(waiting.move_id)
        waiting.with_user(self.manager).action_approve()
        both = (posted + waiting).with_user(self.manager)
        both.action_post()
        self.assertEqual(set(both.mapped("approval_state")), {"posted"})
        self.assertEqual(posted.posting_user_id, self.clerk)
        self.assertEqual(waiting.posting_user_id, self.manager)

    def test_what_was_cancelled_is_asked_for_again(self):
        self.approving()
        payment = self.payment(amount=10.0)
        payment.action_ask_review()
        payment.with_user(self.manager).action_approve()
        payment.action_cancel()
        self.assertEqual(payment.approval_state, "draft")
        payment.action_draft()
        payment.amount = 5000.0
        with self.assertRaises(UserError):
            payment.action_post()

    def test_another_entry_than_the_approved_one(self):
        self.approving()
        payment, _invoice = self.paid()
        payment.with_user(self.manager).action_approve()
        line = payment.move_id.line_ids[0].with_user(self.accountant)
        line.write({"name": "Another"})
        self.assertEqual(payment.approval_state, "draft")

    def test_an_invoice_that_was_paid_otherwise_is_left_out(self):
        self.approving()
        waiting, invoice = self.paid()
        self.approving(payment_approval=False)
        self.register(invoice, amount=AMOUNT)
        self.assertEqual(invoice.amount_residual, 0)
        waiting.with_user(self.manager).action_approve()
        waiting.with_user(self.manager).action_post()
        self.assertFalse(waiting._is_payment_reconciled())
        self.assertIn("another way", "".join(waiting.message_ids.mapped("body")))
