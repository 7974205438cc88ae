from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .payment_case import AMOUNT, PaymentCase


@tagged("post_install", "-at_install")
class TestRegister(PaymentCase):
    """Odoo's wizard beside payments that wait."""

    def setUp(self):
        super().setUp()
        self.approving()

    def wizard(self, invoices, **context):
        context = {
            "active_model": "account.move",
            "active_ids": invoices.ids,
            **context,
        }
        register = self.env["account.payment.register"].with_user(self.clerk)
        return register.with_context(**context)

    def test_the_invoice_shows_what_waits(self):
        payment, invoice = self.paid()
        invoices = invoice.with_user(self.clerk)
        self.assertEqual(invoices.waiting_payment_ids, payment)
        waits = [("line_ids.waiting_payment_ids", "!=", False)]
        self.assertIn(invoice, invoices.search(waits))
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.manager).action_post()
        self.assertFalse(invoices.waiting_payment_ids)

    def test_the_wizard_says_that_it_waits(self):
        self.approving(payment_approval_from=500.0)
        wizard = Form(self.wizard(self.invoice()))
        self.assertTrue(wizard.is_approval_needed)
        wizard.amount = 499.0
        self.assertFalse(wizard.is_approval_needed)
        many = self.invoice(300.0) + self.invoice(300.0)
        wizard = Form(self.wizard(many))
        self.assertFalse(wizard.is_approval_needed)
        wizard.group_payment = True
        self.assertTrue(wizard.is_approval_needed)
        # One payment for each of two partners, of which one is large enough.
        many += self.init_invoice(
            "out_invoice", partner=self.partner_b, amounts=[300.0], post=True
        )
        wizard = Form(self.wizard(many))
        self.assertFalse(wizard.is_approval_needed)
        wizard.group_payment = True
        self.assertTrue(wizard.is_approval_needed)

    def test_what_waits_is_left_out_of_what_is_proposed(self):
        payment, invoice = self.paid(amount=400.0)
        wizard = Form(self.wizard(invoice))
        self.assertEqual(wizard.amount, AMOUNT - 400.0)
        self.assertEqual(list(wizard.waiting_payment_ids.ids), payment.ids)
        self.assertEqual(wizard.payment_difference, 0.0)
        second = wizard.save()._create_payments()
        self.assertEqual(second.amount, AMOUNT - 400.0)
        for one in payment + second:
            one.with_user(self.manager).action_approve()
            one.with_user(self.manager).action_post()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_an_invoice_of_which_all_waits(self):
        payment, invoice = self.paid()
        wizard = Form(self.wizard(invoice))
        self.assertEqual(wizard.amount, 0.0)
        with self.assertRaisesRegex(UserError, "waits for an approval already"):
            wizard.save()._create_payments()
        # What comes on top is a person's own decision.
        wizard.amount = 100.0
        self.assertEqual(wizard.save()._create_payments().amount, 100.0)
        self.assertEqual(len(invoice.waiting_payment_ids), 2)

    def test_of_many_only_those_that_nothing_waits_for(self):
        self.paid()
        waiting = self.env["account.payment"].search([], limit=1).waiting_line_ids
        covered, part, free = waiting.move_id, self.invoice(), self.invoice()
        self.register(part, amount=300.0)
        payments = self.register(covered + part + free)
        self.assertEqual(sorted(payments.mapped("amount")), [700.0, 1000.0])
        self.assertEqual(payments.waiting_line_ids.move_id, part + free)
        with self.assertRaises(UserError):
            self.register(covered + part + free)

    def test_one_payment_of_many_invoices_that_waits(self):
        first, second = self.invoice(), self.invoice(500.0)
        self.register(first + second, group_payment=True, amount=1200.0)
        # The first is paid, of the second 300 are left.
        self.assertEqual(Form(self.wizard(first)).amount, 0.0)
        self.assertEqual(Form(self.wizard(second)).amount, 300.0)

    def test_one_payment_of_several_goes_to_those_that_are_open(self):
        self.paid()
        covered = self.env["account.payment"].search([], limit=1).waiting_line_ids
        free = self.invoice()
        payment = self.register(covered.move_id + free, group_payment=True)
        self.assertEqual(payment.amount, AMOUNT)
        self.assertEqual(payment.waiting_line_ids.move_id, free)

    def test_what_is_cancelled_or_deleted_is_proposed_again(self):
        for end in ("action_cancel", "unlink"):
            payment, invoice = self.paid()
            getattr(payment.with_user(self.manager), end)()
            self.assertEqual(Form(self.wizard(invoice)).amount, AMOUNT)
            self.assertFalse(invoice.waiting_payment_ids)

    def test_what_is_sent_back_keeps_its_invoices(self):
        payment, invoice = self.paid()
        payment.with_user(self.manager)._send_back("Another journal")
        self.assertEqual(invoice.waiting_payment_ids, payment)
        payment.action_ask_review()
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.manager).action_post()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_no_discount_for_an_early_payment_beside_what_waits(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2 % within ten days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [(0, 0, {"value": "percent", "value_amount": 100})],
            }
        )
        invoice = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[AMOUNT]
        )
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        day = {"payment_date": invoice.invoice_date}
        self.assertEqual(self.register(invoice, **day).amount, 980.0)
        # The discount waits with it: nothing is left.
        self.assertEqual(Form(self.wizard(invoice)).amount, 0.0)
        other = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[AMOUNT]
        )
        other.invoice_payment_term_id = terms
        other.action_post()
        self.register(other, amount=400.0, **day)
        rest = Form(self.wizard(other))
        rest.payment_date = other.invoice_date
        self.assertFalse(rest.early_payment_discount_mode)
        self.assertEqual(self.register(other, **day).amount, 600.0)

    def test_a_credit_note_beside_an_invoice(self):
        refund = self.init_invoice(
            "out_refund", partner=self.partner_a, amounts=[300.0], post=True
        )
        invoice = self.invoice()
        both = invoice + refund
        self.register(refund)
        self.assertEqual(Form(self.wizard(both)).amount, AMOUNT)

    def test_an_invoice_and_a_credit_note_that_wait_together(self):
        refund = self.init_invoice(
            "out_refund", partner=self.partner_a, amounts=[300.0], post=True
        )
        invoice = self.invoice()
        payment = self.register(invoice + refund, group_payment=True)
        self.assertEqual(payment.amount, 700.0)
        self.assertEqual(Form(self.wizard(invoice)).amount, 0.0)
        with self.assertRaises(UserError):
            self.register(invoice + refund, group_payment=True)

    def test_a_bill_of_a_vendor(self):
        bill = self.init_invoice(
            "in_invoice", partner=self.partner_a, amounts=[AMOUNT], post=True
        )
        self.register(bill, amount=400.0)
        self.assertEqual(Form(self.wizard(bill)).amount, 600.0)
        payment = self.register(bill)
        self.assertEqual((payment.amount, payment.payment_type), (600.0, "outbound"))

    def invoice_in_parts(self, *parts):
        """A posted invoice that is to be paid in parts of so many per cent, each a
        month after the one before."""
        terms = self.env["account.payment.term"].create(
            {
                "name": "In parts",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "value": "percent",
                            "value_amount": part,
                            "nb_days": 30 * (at + 1),
                        },
                    )
                    for at, part in enumerate(parts)
                ],
            }
        )
        invoice = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[AMOUNT]
        )
        invoice.invoice_date = fields.Date.today()
        invoice.invoice_payment_term_id = terms
        invoice.action_post()
        return invoice

    def test_two_instalments(self):
        invoice = self.invoice_in_parts(50, 50)
        self.assertEqual(self.register(invoice).amount, 500.0)
        # The second half is what is left, and nothing of it twice.
        self.assertEqual(self.register(invoice).amount, 500.0)
        with self.assertRaises(UserError):
            self.register(invoice)

    def test_three_instalments(self):
        invoice = self.invoice_in_parts(20, 30, 50)
        payments = self.env["account.payment"]
        for amount in (200.0, 300.0, 500.0):
            payments |= self.register(invoice)
            self.assertEqual(payments[-1].amount, amount)
        payments.with_user(self.manager).action_approve()
        for payment in payments[::-1]:
            payment.with_user(self.manager).action_post()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_what_waits_for_others_too_is_counted_whole(self):
        earlier, later = self.invoice(), self.invoice()
        for first, second in ((earlier, later), (self.invoice(), self.invoice())[::-1]):
            with self.subTest(first=first.name):
                self.check_that_both_are_paid(first, second)

    def check_that_both_are_paid(self, first, second):
        """A part of ``first`` waits, then the rest of both."""
        self.register(first, amount=600.0)
        self.register(first + second, group_payment=True)
        self.assertEqual(Form(self.wizard(second)).amount, 0.0)
        last = second.waiting_payment_ids
        self.assertEqual(last.amount, 1400.0)
        payments = first.waiting_payment_ids | last
        # In the order in which nobody would have planned it.
        for payment in payments.sorted("id", reverse=True):
            payment.with_user(self.manager).action_approve()
            payment.with_user(self.manager).action_post()
        self.assertEqual(first.amount_residual + second.amount_residual, 0.0)

    def test_a_rest_in_another_currency_with_its_exchange_difference(self):
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 4.0)])
        invoice = self.invoice()
        self.register(invoice, amount=400.0)
        gain = self.env.company.income_currency_exchange_account_id
        payment = self.register(
            invoice,
            currency_id=foreign.id,
            amount=2000.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=gain.id,
        )
        receivable = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        # 2,000 of it are worth 500; what is left to pay are 600.
        self.assertEqual(sum(receivable.mapped("balance")), -600.0)

    def test_a_rate_that_is_rounded(self):
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 1 / 16.8)])
        invoice = self.invoice(750.0)
        wizard = Form(self.wizard(invoice))
        wizard.currency_id = foreign
        wizard.save()._create_payments()
        self.assertEqual(Form(self.wizard(invoice)).amount, 0.0)

    def test_an_online_payment_goes_on_to_reconcile(self):
        """As Odoo's ``account_payment`` does it."""
        invoice = self.invoice()
        payment = self.payment(
            invoice_ids=[(6, 0, invoice.ids)], write_off_line_vals=[]
        )
        payment.sudo().action_post()
        (payment.move_id.line_ids + invoice.line_ids).sudo().filtered(
            lambda line: (
                line.account_id == payment.destination_account_id
                and not line.reconciled
            )
        ).reconcile()
        self.assertEqual((payment.state, payment.approval_state), ("draft", "review"))
        self.assertEqual(invoice.amount_residual, AMOUNT)

    def test_in_another_currency(self):
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 4.0)])
        invoice = self.invoice()
        self.register(invoice, currency_id=foreign.id, amount=1000.0)
        self.assertEqual(Form(self.wizard(invoice)).amount, 750.0)

    def test_a_foreign_invoice_with_a_rest(self):
        foreign = self.setup_other_currency("EUR", rates=[("2000-01-01", 4.0)])
        invoice = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[AMOUNT], currency=foreign
        )
        invoice.action_post()
        payment = self.register(invoice, amount=600.0)
        self.assertEqual(payment.currency_id, foreign)
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.manager).action_post()
        self.assertEqual(invoice.amount_residual, 400.0)
        self.assertTrue(payment._is_payment_reconciled())

    def test_what_odoo_posts_without_a_person_waits(self):
        invoice = self.invoice()
        payment = self.payment(invoice_ids=[(6, 0, invoice.ids)])
        payment.sudo().action_post()
        self.assertEqual((payment.state, payment.approval_state), ("draft", "review"))
        self.assertEqual(invoice.waiting_payment_ids, payment)
        payment.sudo().action_post()
        self.assertEqual(payment.state, "draft")
        payment.with_user(self.manager).action_approve()
        payment.sudo().action_post()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_person_who_posts_too_early_is_told(self):
        payment = self.payment()
        with self.assertRaises(UserError):
            payment.action_post()
        self.assertEqual(payment.approval_state, "draft")
