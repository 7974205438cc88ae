from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..hooks import post_init_hook
from ..tools import join, members
from .payment_case import AMOUNT, PaymentCase


@tagged("post_install", "-at_install")
class TestEdges(PaymentCase):
    """Statements, companies, currencies, and what is not as it should be."""

    def statement_line(self, payment):
        """A line of the bank's statement that is matched with the payment."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "date": payment.date,
                "payment_ref": "Incoming",
                "amount": payment.amount,
                "partner_id": payment.partner_id.id,
            }
        )
        outstanding = payment.move_id.line_ids.filtered(
            lambda item: item.account_id == payment.outstanding_account_id
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = outstanding.account_id
        (suspense + outstanding).reconcile()
        return line

    def test_a_payment_that_is_matched_with_a_statement_line(self):
        payment = self.posted()
        line = self.statement_line(payment)
        self.assertTrue(payment._is_payment_reconciled())
        self.assertTrue(payment.is_matched)
        as_accountant = line.with_user(self.accountant)
        self.assertRefused(as_accountant.action_undo_reconciliation)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            as_accountant.sudo().unlink()
        self.assertRefused(as_accountant.move_id.line_ids.remove_move_reconcile)
        self.assertTrue(payment._is_payment_reconciled())
        question = self.env["payment.override"].with_user(self.manager)
        wizard = question.create(
            {"payment_ids": payment.ids, "operation": "unreconcile", "reason": "Other"}
        )
        self.assertIn(line.move_id.name, wizard.effects)
        wizard.action_confirm()
        self.assertFalse(payment._is_payment_reconciled())

    def test_a_manager_at_the_invoices_own_button_is_asked_why(self):
        payment, invoice = self.paid()
        partial = payment.move_id.line_ids.matched_debit_ids
        partial |= payment.move_id.line_ids.matched_credit_ids
        with self.assertRaises(RedirectWarning) as asked, self.env.cr.savepoint():
            as_manager = invoice.with_user(self.manager)
            as_manager.js_remove_outstanding_partial(partial.id)
        said, action, *_button = asked.exception.args
        self.assertIn(payment.display_name, said)
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "Another invoice"})
        )
        self.assertEqual(
            (wizard.payment_ids, wizard.operation), (payment, "unreconcile")
        )
        wizard.action_confirm()
        self.assertEqual(invoice.amount_residual, AMOUNT)

    def test_of_one_invoice_alone(self):
        first, second = self.invoice(), self.invoice()
        payment = self.register(first + second, group_payment=True)
        receivable = first.line_ids.filtered("matched_credit_ids")
        partial = receivable.matched_credit_ids
        as_manager = first.with_user(self.manager)
        with self.assertRaises(RedirectWarning) as asked, self.env.cr.savepoint():
            as_manager.js_remove_outstanding_partial(partial.id)
        action = asked.exception.args[1]
        question = self.env[action["res_model"]].with_user(self.manager)
        form = Form(question.with_context(**action["context"]))
        self.assertIn(first.name, form.effects)
        self.assertNotIn(second.name, form.effects)
        form.reason = "Other"
        form.save().action_confirm()
        self.assertEqual((first.amount_residual, second.amount_residual), (AMOUNT, 0.0))
        self.assertTrue(payment._is_payment_reconciled())

    def test_where_the_money_is_on_the_account_at_once(self):
        line = self.journal.inbound_payment_method_line_ids[:1]
        line.payment_account_id = self.journal.default_account_id
        payment, _invoice = self.paid()
        self.assertEqual((payment.state, payment.approval_state), ("paid", "posted"))
        self.assertRefused(payment.action_draft)

    def test_a_payment_without_an_entry(self):
        """Odoo has such where no outstanding account is set (with its Enterprise
        accounting); here made in SQL."""
        payment, invoice = self.paid()
        entry = payment.move_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_payment SET move_id = NULL, state = 'paid' WHERE id = %s",
            [payment.id],
        )
        self.env.cr.execute(
            "DELETE FROM account_partial_reconcile WHERE debit_move_id = ANY(%(ids)s) "
            "OR credit_move_id = ANY(%(ids)s)",
            {"ids": entry.line_ids.ids},
        )
        self.env.cr.execute("DELETE FROM account_move WHERE id = %s", [entry.id])
        self.env.invalidate_all()
        self.assertTrue(payment.is_protected)
        self.assertTrue(payment._is_payment_reconciled())
        for act in (
            payment.action_draft,
            payment._generate_journal_entry,
            lambda: payment.write({"memo": "x"}),
        ):
            self.assertRefused(act)
        payment.with_user(self.manager).action_cancel(reason="Its entry is gone")
        self.assertEqual(payment.state, "canceled")
        self.assertTrue(invoice.exists())

    def test_what_else_pays_the_invoice_of_a_payment_without_an_entry(self):
        """It is reconciled as long as its invoice is."""
        payment, invoice = self.payment(), self.invoice()
        invoice.matched_payment_ids = payment
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_payment SET state = 'in_process', "
            "outstanding_account_id = NULL WHERE id = %s",
            [payment.id],
        )
        self.env.invalidate_all()
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        revenue = self.company_data["default_account_revenue"]
        amount = invoice.amount_total
        items = [
            {"account_id": receivable.account_id.id, "credit": amount},
            {"account_id": revenue.id, "debit": amount},
        ]
        other = self.env["account.move"].create(
            {"line_ids": [(0, 0, vals) for vals in items]}
        )
        other.action_post()
        counterpart = other.line_ids.filtered(
            lambda line: line.account_id == receivable.account_id
        )
        (receivable + counterpart).reconcile()
        partials = receivable.matched_credit_ids
        self.assertFalse(payment.move_id)
        self.assertTrue(partials)
        self.assertRefused(partials.with_user(self.accountant).unlink)
        with self.assertRaisesRegex(RedirectWarning, "a reason is needed"):
            partials.with_user(self.manager).unlink()

    def test_two_managers_at_once(self):
        self.approving()
        payment = self.payment()
        payment.action_ask_review()
        payment.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "Reload"):
            payment.with_user(self.second).action_approve()
        self.assertEqual(payment.approval_user_id, self.manager)

    def test_a_hashed_entry_binds_managers(self):
        self.journal.restrict_mode_hash_table = True
        payment = self.posted()
        if not payment.move_id.inalterable_hash:
            payment.move_id.sudo()._hash_moves(force_hash=True)
        self.assertTrue(payment.move_id.inalterable_hash)
        with self.assertRaises(UserError):
            payment.with_user(self.manager).action_draft(reason="Please")
        self.assertEqual(payment.move_id.state, "posted")

    def test_a_payment_of_an_archived_journal(self):
        payment = self.posted()
        self.journal.active = False
        self.assertRefused(payment.action_draft)
        payment.with_user(self.manager).action_draft(reason="Closed account")
        self.assertEqual(payment.state, "draft")

    def test_of_another_company(self):
        payment = self.posted_elsewhere()
        for user in (self.clerk, self.manager):
            one = payment.with_user(user)
            for act in (
                one.read,
                lambda one=one: one.action_draft(reason="Please"),
                lambda one=one: one.action_change({"memo": "x"}, "Please"),
            ):
                with self.assertRaises(AccessError):
                    act()
        # Whom to ask: those who may see the company, too.
        self.assertNotIn("Second", payment._managers_in_words())

    def test_a_setting_of_one_company_is_not_that_of_another(self):
        self.approving()
        payment = self.posted_elsewhere()
        self.assertEqual(payment.approval_state, "posted")

    def test_a_foreign_payment_with_a_difference_of_the_rate(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2000-01-01", 4.0), ("2020-01-01", 5.0)]
        )
        invoice = self.init_invoice(
            "out_invoice",
            partner=self.partner_a,
            amounts=[AMOUNT],
            currency=foreign,
            invoice_date="2019-06-01",
            post=True,
        )
        payment = self.register(invoice, payment_date="2021-01-01")
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(payment.approval_state, "posted")
        self.assertRefused(payment.move_id.with_user(self.accountant).button_draft)
        payment.with_user(self.manager).action_unreconcile("Other rate")
        self.assertEqual(invoice.amount_residual, AMOUNT)

    def test_negative_amounts_stay_odoos_to_refuse(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.payment(amount=-1.0)
            self.env.flush_all()

    def test_numbered_anew_with_a_reason(self):
        payment = self.posted()
        entries = self.posted().move_id + payment.move_id
        join(self.env.ref("account.group_account_manager"), self.manager)
        wizard = self.env["account.resequence.wizard"]
        context = {"active_model": "account.move", "active_ids": entries.ids}

        def ask(user, **vals):
            vals = {"first_name": entries[0].name[:-5] + "00500", **vals}
            return wizard.with_user(user).with_context(**context).create(vals)

        self.assertRefused(ask(self.accountant).resequence)
        self.assertRefused(ask(self.accountant, payment_reason="Please").resequence)
        self.assertTrue(ask(self.manager).has_payments)
        with self.assertRaises(UserError):
            ask(self.manager).resequence()
        ask(self.manager, payment_reason="A gap").resequence()
        self.assertIn("0050", payment.move_id.name)
        self.assertIn("A gap", "".join(payment.message_ids.mapped("body")))

    def test_what_there_was_before_the_addon(self):
        posted, draft = self.posted(), self.payment()
        paid, _invoice = self.paid()
        self.env.flush_all()
        payments = posted + draft + paid
        self.env.cr.execute(
            "UPDATE account_payment SET approval_state = 'draft' WHERE id = ANY(%s)",
            [payments.ids],
        )
        self.env.invalidate_all()
        before = payments.mapped(lambda one: (one.write_date, len(one.message_ids)))
        post_init_hook(self.env)
        self.assertEqual(
            payments.mapped("approval_state"), ["posted", "draft", "posted"]
        )
        after = payments.mapped(lambda one: (one.write_date, len(one.message_ids)))
        self.assertEqual(after, before)
        managers = members(self.env.ref("payment_account_enhanced.group_manager"))
        self.assertIn(self.env.ref("base.user_admin"), managers)
