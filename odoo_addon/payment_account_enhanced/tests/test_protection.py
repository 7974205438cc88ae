from odoo.exceptions import AccessError, UserError
from odoo.release import version_info
from odoo.tests import Form, tagged

from .payment_case import AMOUNT, PaymentCase


@tagged("post_install", "-at_install")
class TestProtection(PaymentCase):
    """What nobody without *Payment Manager* can do to a posted payment."""

    def as_(self, user, records):
        return records.with_user(user)

    def test_regular_user_cannot_edit_a_posted_payment(self):
        payment = self.posted()
        for user in (self.clerk, self.accountant):
            for vals in (
                {"amount": 5.0},
                {"memo": "x"},
                {"partner_id": self.partner_b.id},
                {"state": "draft"},
                {"state": "canceled"},
                {"move_id": False},
            ):
                with self.subTest(user=user.login, **vals):
                    self.assertRefused(
                        lambda vals=vals: self.as_(user, payment).write(vals)  # noqa: B023
                    )
        self.assertEqual(payment.amount, AMOUNT)

    def test_one_protected_among_many_refuses_all(self):
        payment, draft = self.posted(), self.payment()
        self.assertRefused(
            lambda: self.as_(self.clerk, payment + draft).write({"memo": "x"})
        )
        self.assertFalse(draft.memo)

    def test_a_payment_that_is_no_draft_is_not_deleted(self):
        payment = self.posted()
        self.assertRefused(self.as_(self.accountant, payment).unlink)

    def test_reset_to_draft_is_refused_on_payment_and_entry(self):
        payment = self.posted()
        self.assertRefused(self.as_(self.clerk, payment).action_draft)
        self.assertRefused(self.as_(self.accountant, payment.move_id).button_draft)
        self.assertEqual(
            (payment.state, payment.move_id.state), ("in_process", "posted")
        )

    def test_cancel_and_reject_are_refused(self):
        payment = self.posted()
        self.assertRefused(self.as_(self.clerk, payment).action_cancel)
        self.assertRefused(self.as_(self.clerk, payment).action_reject)
        self.assertRefused(self.as_(self.accountant, payment.move_id).button_cancel)

    def test_the_entry_and_its_items_are_not_changed(self):
        payment = self.posted()
        entry = self.as_(self.accountant, payment.move_id)
        line = entry.line_ids[0]
        self.assertRefused(lambda: entry.write({"ref": "x"}))
        self.assertRefused(lambda: line.write({"name": "x"}))
        self.assertRefused(
            lambda: entry.write({"line_ids": [(1, line.id, {"name": "x"})]})
        )
        self.assertRefused(lambda: payment.write({"move_id": False}))
        self.assertRefused(entry.unlink)
        self.assertRefused(line.unlink)

    def test_a_journal_item_is_not_added(self):
        payment = self.posted()
        entry = payment.move_id
        items = self.as_(self.accountant, entry.line_ids)
        account = self.company_data["default_account_expense"]
        vals = {"move_id": entry.id, "name": "x", "account_id": account.id}
        self.assertRefused(lambda: items.create(vals))
        self.assertEqual(len(entry.line_ids), 2)

    def test_each_of_the_three_ways_of_being_posted_protects(self):
        """What an older version or another addon left may say so in one way only."""
        for state, entry_state, approval in (
            ("in_process", "draft", "draft"),
            ("draft", "posted", "draft"),
            ("draft", "draft", "posted"),
        ):
            payment = self.payment()
            payment._generate_journal_entry()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE account_payment SET state = %s, approval_state = %s "
                "WHERE id = %s",
                [state, approval, payment.id],
            )
            self.env.cr.execute(
                "UPDATE account_move SET state = %s WHERE id = %s",
                [entry_state, payment.move_id.id],
            )
            self.env.invalidate_all()
            with self.subTest(state=state, entry=entry_state, approval=approval):
                self.assertRefused(lambda one=payment: one.write({"memo": "x"}))
                self.assertRefused(payment.unlink)

    def test_nobody_passes_by_sudo_or_a_context_key(self):
        payment = self.posted().with_user(self.clerk)
        for one in (
            payment.sudo(),
            payment.with_context(payment_leave=True, force_delete=True),
            payment.with_context(
                payment_leave={"ids": payment.ids}, skip_readonly_check=True
            ),
        ):
            self.assertRefused(lambda one=one: one.write({"memo": "x"}))
            self.assertRefused(one.action_draft)

    def test_a_scheduled_action_that_runs_as_the_user_is_refused(self):
        payment = self.posted()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Reset",
                "model_id": self.env.ref("account.model_account_payment").id,
                "state": "code",
                "code": f"env['account.payment'].browse({payment.id}).action_draft()",
            }
        )
        self.assertRefused(self.as_(self.accountant, action).sudo().run)

    def test_an_error_says_what_why_and_whom_to_ask(self):
        payment = self.posted()
        with self.assertRaises(AccessError) as refused:
            payment.action_draft()
        said = str(refused.exception)
        for words in (payment.name, "posted", "Manager", "Second"):
            self.assertIn(words, said)

    def test_import_is_refused(self):
        payment = self.posted().with_user(self.clerk)
        self.env["ir.model.data"].create(
            {
                "module": "office",
                "name": "payment",
                "model": payment._name,
                "res_id": payment.id,
            }
        )
        result = payment.load(["id", "memo"], [["office.payment", "x"]])
        self.assertIn("protected", result["messages"][0]["message"])
        self.assertFalse(payment.memo)

    def test_a_reconciled_payment_is_protected_from_each_door(self):
        payment, invoice = self.paid()
        self.assertTrue(payment._is_payment_reconciled())
        lines = payment.move_id.line_ids
        partial = lines.matched_debit_ids | lines.matched_credit_ids
        accountant = self.accountant
        as_invoice = self.as_(accountant, invoice)
        self.assertRefused(lambda: as_invoice.js_remove_outstanding_partial(partial.id))
        self.assertRefused(self.as_(accountant, lines).remove_move_reconcile)
        self.assertRefused(self.as_(accountant, partial).unlink)
        if version_info[0] == 18:
            self.assertRefused(as_invoice.button_draft)
        self.assertRefused(
            lambda: self.as_(accountant, payment.move_id)._reverse_moves(cancel=True)
        )
        self.assertEqual(invoice.amount_residual, 0)
        # Odoo 19 resets an invoice without taking its payments away.
        if version_info[0] > 18:
            as_invoice.button_draft()
        self.assertTrue(partial.exists())

    def test_a_partly_reconciled_payment_counts_as_reconciled(self):
        payment = self.posted()
        self.assertFalse(payment._is_payment_reconciled())
        part, _invoice = self.paid(amount=400.0)
        self.assertTrue(part._is_payment_reconciled())

    def test_what_odoo_does_by_itself_goes_on(self):
        payment = self.posted().with_user(self.clerk)
        payment.message_post(body="A word")
        payment.mark_as_sent()
        payment.message_subscribe(self.partner_b.ids)
        invoice = self.invoice()
        lines = (payment.move_id | invoice).line_ids
        receivable = lines.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        receivable.with_user(self.accountant).reconcile()
        self.assertEqual(invoice.amount_residual, 0)

    def test_the_form_of_a_posted_payment_opens(self):
        for user in (self.clerk, self.accountant, self.manager):
            payment = self.posted().with_user(user)
            self.assertEqual(Form(payment).approval_state, "posted")

    def test_no_door_through_a_list_of_records(self):
        payment, invoice = self.paid()
        entry = payment.move_id
        clerk = self.as_(self.clerk, payment)
        by_payment = (1, payment.id, {"state": "draft"})
        by_entry = (1, entry.id, {"state": "draft"})
        for vals in (
            {"invoice_ids": [(1, invoice.id, {"matched_payment_ids": [by_payment]})]},
            {"invoice_ids": [(1, invoice.id, {"reversal_move_ids": [by_entry]})]},
        ):
            self.assertRefused(lambda vals=vals: clerk.write(vals))
        vals = {"matched_payment_ids": [by_payment]}
        self.assertRefused(lambda: self.as_(self.clerk, invoice).write(vals))

    def test_it_is_not_taken_from_its_invoice(self):
        payment, invoice = self.paid()
        self.assertEqual(invoice.matched_payment_ids, payment)
        for command in ((3, payment.id), (5,), (6, 0, [])):
            vals = {"matched_payment_ids": [command]}
            for one in (invoice, invoice.sudo()):
                one = self.as_(self.clerk, one)
                self.assertRefused(lambda one=one, vals=vals: one.write(vals))

    def test_what_is_reconciled_is_not_changed_in_its_amount(self):
        payment, _invoice = self.paid()
        lines = payment.move_id.line_ids
        partial = self.as_(
            self.accountant, lines.matched_debit_ids | lines.matched_credit_ids
        )
        self.assertRefused(lambda: partial.write({"amount": 0.01}))
        self.assertRefused(lambda: partial.write({"debit_amount_currency": 0.01}))

    def test_an_entry_is_not_taken_from_its_payment(self):
        payment, draft = self.posted(), self.payment()
        entry = self.as_(self.accountant, payment.move_id)
        for act in (
            lambda: entry.write({"origin_payment_id": False}),
            lambda: entry.line_ids.write({"payment_id": False}),
        ):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(UserError):
            self.payment(move_id=payment.move_id.id)
        with self.assertRaises(UserError):
            draft.write({"move_id": payment.move_id.id})
        other = self.init_invoice("out_invoice", partner=self.partner_a, amounts=[5.0])
        line = self.as_(self.accountant, other.line_ids[0])
        self.assertRefused(lambda: line.write({"move_id": entry.id}))
        self.assertRefused(lambda: entry.write({"inalterable_hash": "x"}))
        paid, _invoice = self.paid()
        items = self.as_(self.accountant, paid.move_id.line_ids)
        self.assertRefused(lambda: items.write({"reconciled": False}))

    def test_paid_is_not_written_by_hand(self):
        payment = self.posted()
        self.assertRefused(
            lambda: self.as_(self.clerk, payment).write({"state": "paid"})
        )
        self.assertRefused(self.as_(self.clerk, payment).action_validate)

    def test_writing_what_is_there_is_no_change(self):
        payment = self.as_(self.clerk, self.posted())
        payment.write({"memo": payment.memo, "is_sent": True, "state": payment.state})

    def test_an_entry_that_was_posted_by_itself_takes_its_payment_along(self):
        payment = self.payment()
        payment._generate_journal_entry()
        payment.move_id.with_user(self.accountant).action_post()
        self.assertEqual(payment.approval_state, "posted")
        self.assertTrue(payment.is_protected)
