import inspect

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .payment_case import PaymentCase

REFUSED = (AccessError, UserError, RedirectWarning)
# Of a posted payment: who gets through. Whoever is not named is refused.
OF_POSTED = {
    "action_ask_review": (),
    "action_approve": (),
    "action_draft": ("manager",),
    "action_cancel": ("manager",),
    "action_reject": ("manager",),
    "action_delete": ("manager",),
    "action_change": ("manager",),
    "action_unreconcile": ("manager",),
    "action_print_voucher": ("clerk", "manager"),
    # A question and a post of what is posted change nothing.
    "action_override": ("outsider", "accountant", "clerk", "manager"),
    "action_post": ("outsider", "accountant", "clerk", "manager"),
}
# Of a payment that is at the step before, where approval is needed.
OF_STEPS = {
    "action_ask_review": ("draft", ("clerk", "manager")),
    "action_approve": ("review", ("manager",)),
    "action_post": ("approved", ("accountant", "clerk", "manager")),
}
PEOPLE = ("outsider", "accountant", "clerk", "manager")


def own_methods(model):
    """The public actions of payments that the addon's own files define."""
    return {
        name
        for one in type(model).__mro__
        if one.__module__.startswith("odoo.addons.payment_account_enhanced.")
        for name in vars(one)
        if name.startswith("action_") and inspect.isfunction(vars(one)[name])
    }


@tagged("post_install", "-at_install")
class TestAccess(PaymentCase):
    """Each group and each method, from the code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls.person("outsider", "base.group_user", alone=True)

    def outcome(self, payment, method, user):
        arguments = {
            "action_change": [{"memo": "x"}, "Why"],
            "action_delete": ["Why"],
            "action_unreconcile": ["Why"],
            "action_draft": ["Why"],
            "action_cancel": ["Why"],
            "action_reject": ["Why"],
        }.get(method, [])
        try:
            with self.env.cr.savepoint():
                getattr(payment.with_user(user), method)(*arguments)
                self.env.flush_all()
        except REFUSED:
            return False
        return True

    def test_access_of_each_group_to_each_method(self):
        methods = own_methods(self.env["account.payment"])
        self.assertEqual(methods, set(OF_POSTED), "a method without its row here")
        for method, allowed in OF_POSTED.items():
            for name in PEOPLE:
                payment, _invoice = self.paid()
                with self.subTest(method=method, user=name):
                    self.assertEqual(
                        self.outcome(payment, method, getattr(self, name)),
                        name in allowed,
                    )

    def test_access_of_each_group_to_each_step(self):
        self.approving()
        for method, (step, allowed) in OF_STEPS.items():
            for name in PEOPLE:
                payment = self.payment()
                if step != "draft":
                    payment.action_ask_review()
                if step == "approved":
                    payment.with_user(self.second).action_approve()
                with self.subTest(method=method, user=name):
                    self.assertEqual(
                        self.outcome(payment, method, getattr(self, name)),
                        name in allowed,
                    )

    def test_the_groups_are_named_as_the_office_knows_them(self):
        user, manager = (
            self.env.ref(f"payment_account_enhanced.group_{name}")
            for name in ("user", "manager")
        )
        self.assertEqual((user.name, manager.name), ("Payment User", "Payment Manager"))
        self.assertIn(user, manager.implied_ids)
        self.assertIn(self.env.ref("account.group_account_invoice"), user.implied_ids)

    def test_nobody_gets_them_by_accounting_rights(self):
        for group in ("group_user", "group_manager"):
            name = f"payment_account_enhanced.{group}"
            self.assertFalse(self.accountant.has_group(name))

    def test_the_lists_columns(self):
        view = self.env["account.payment"].get_view(
            self.env.ref("account.view_account_payment_tree").id, "list"
        )
        shown = [
            name
            for name in ("name", "partner_id", "amount_company_currency_signed")
            + ("state", "approval_state")
            if f'name="{name}"' in view["arch"]
        ]
        self.assertEqual(len(shown), 5, shown)
