from odoo.exceptions import AccessError

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..tools import join

AMOUNT = 1000.0


class PaymentCase(AccountTestInvoicingCommon):
    """A company with accounts, and people: an accountant without a group of payments, a
    user and two managers of payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.person("accountant", "account.group_account_manager")
        cls.clerk = cls.person("clerk", "payment_account_enhanced.group_user")
        cls.manager = cls.person("manager", "payment_account_enhanced.group_manager")
        cls.second = cls.person("second", "payment_account_enhanced.group_manager")
        cls.journal = cls.company_data["default_journal_bank"]

    @classmethod
    def person(cls, login, group, alone=False):
        """``alone``: without the groups that Odoo gives to everybody new."""
        user = cls.env["res.users"].create(
            {
                "name": login.capitalize(),
                "login": login,
                "email": f"{login}@example.com",
                "company_id": cls.env.company.id,
                "company_ids": [(6, 0, cls.env.company.ids)],
            }
        )
        join(cls.env.ref(group), user, alone=alone)
        return user

    def payment(self, user=None, **vals):
        return (
            self.env["account.payment"]
            .with_user(user or self.clerk)
            .create(
                {
                    "amount": AMOUNT,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_a.id,
                    "journal_id": self.journal.id,
                    **vals,
                }
            )
        )

    def posted(self, **vals):
        payment = self.payment(**vals)
        payment.action_post()
        return payment

    def posted_elsewhere(self):
        """A posted payment of a company that the people above may not see."""
        other = self.setup_other_company()["company"]
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", other.id)], limit=1
        )
        payment = self.payment(self.env.user, journal_id=journal.id)
        payment.action_post()
        return payment

    def invoice(self, amount=AMOUNT):
        invoice = self.init_invoice(
            "out_invoice", partner=self.partner_a, amounts=[amount], post=True
        )
        return invoice

    def paid(self, amount=AMOUNT, **vals):
        """A posted payment of an invoice, and the invoice."""
        invoice = self.invoice()
        return self.register(invoice, amount=amount, **vals), invoice

    def register(self, invoices, **vals):
        """What Odoo's wizard makes of it, for the clerk."""
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"journal_id": self.journal.id, **vals})
        )
        return wizard._create_payments()

    def approving(self, **settings):
        self.env.company.write({"payment_approval": True, **settings})

    def assertRefused(self, act, user=None, saying="Manager"):
        """``act`` is refused, names whom to ask, and leaves a line without amounts."""
        with (
            self.assertRaises(AccessError) as refused,
            self.assertLogs("odoo.addons.payment_account_enhanced", "INFO") as log,
            self.env.cr.savepoint(),
        ):
            act()
            self.env.flush_all()
        self.assertIn(saying, str(refused.exception))
        self.assertNotIn("1000", "".join(log.output))
