from datetime import datetime

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.account_payment import VOUCHER
from .payment_case import PaymentCase


@tagged("post_install", "-at_install")
class TestVoucher(PaymentCase):
    """What is printed, for whom, in which language, and how often."""

    def printed(self, payment, user=None):
        """The voucher's words, a line for each piece of text."""
        report = self.env["ir.actions.report"].with_user(user or self.clerk)
        # In a test Odoo stops before wkhtmltopdf; test_payment_page.py goes on.
        content, _kind = report._render_qweb_pdf(VOUCHER, payment.ids)
        words = html.fromstring(content).itertext()
        return "\n".join(" ".join(word.split()) for word in words if word.strip())

    def test_print_voucher(self):
        payment, invoice = self.paid()
        action = payment.action_print_voucher()
        self.assertEqual(
            (action["type"], action["report_name"]), ("ir.actions.report", VOUCHER)
        )
        said = self.printed(payment)
        for words in (
            payment.name,
            self.env.company.name,
            self.partner_a.name,
            "1,000.00",
            "One Thousand Dollars",
            invoice.name,
            "Posted by",
            "Clerk",
        ):
            self.assertIn(words, said)
        self.assertNotIn("Copy", said)

    def test_steps_of_the_approval_with_names(self):
        self.approving()
        payment = self.payment()
        payment.action_ask_review()
        payment.with_user(self.manager).action_approve()
        payment.with_user(self.accountant).action_post()
        said = self.printed(payment)
        for label, name in (
            ("Review asked by", "Clerk"),
            ("Approved by", "Manager"),
            ("Posted by", "Accountant"),
        ):
            self.assertIn(f"{label}\n{name}", said)
        self.assertIn(str(datetime.now().year), said)

    def test_each_print_after_the_first_is_a_copy(self):
        payment, other = self.posted(), self.posted()
        self.assertNotIn("Copy", self.printed(payment))
        self.assertIn("Copy 1", self.printed(payment, self.manager))
        self.assertIn("Copy 2", self.printed(payment))
        self.assertNotIn("Copy", self.printed(other))
        prints = payment.sudo().voucher_ids
        self.assertEqual(sorted(prints.mapped("number")), [1, 2, 3])
        self.assertEqual(prints.create_uid, self.clerk + self.manager, "who printed it")

    def test_many_at_once_are_counted_one_by_one(self):
        payments = self.posted() + self.posted()
        self.printed(payments[0])
        said = self.printed(payments + payments[0])
        self.assertEqual(said.count("Copy"), 1)
        prints = payments.sudo().mapped("voucher_ids.number")
        self.assertEqual(sorted(prints), [1, 1, 2])

    def test_to_look_at_it_does_not_count(self):
        payment = self.posted()
        report = self.env["ir.actions.report"].with_user(self.clerk)
        content, _kind = report._render_qweb_html(VOUCHER, payment.ids)
        self.assertNotIn("Copy", str(content))
        self.assertFalse(payment.sudo().voucher_ids)
        self.printed(payment)
        content, _kind = report._render_qweb_html(VOUCHER, payment.ids)
        self.assertIn("Copy", str(content))

    def test_only_users_and_managers_of_payments(self):
        payment = self.posted()
        for act in (
            payment.with_user(self.accountant).action_print_voucher,
            lambda: self.printed(payment, self.accountant),
            lambda: (
                self.env["ir.actions.report"]
                .with_user(self.accountant)
                ._render_qweb_html(VOUCHER, payment.ids)
            ),
        ):
            with self.assertRaisesRegex(AccessError, "Payment User"):
                act()
        self.assertFalse(payment.sudo().voucher_ids)
        # Whoever reads a payment without naming fields still gets the others.
        self.assertIn("amount", payment.with_user(self.accountant).read()[0])

    def test_only_what_is_posted(self):
        draft, posted = self.payment(), self.posted()
        with self.assertRaisesRegex(UserError, "not posted"):
            (posted + draft).action_print_voucher()
        posted.with_user(self.manager).action_cancel(reason="Wrong")
        with self.assertRaises(UserError):
            self.printed(posted)

    def test_a_rejected_payment_has_no_voucher(self):
        payment = self.posted()
        payment.with_user(self.manager).action_reject(reason="Bounced")
        with self.assertRaisesRegex(UserError, "not posted"):
            payment.action_print_voucher()

    def test_administrators_are_not_asked_about_layouts(self):
        self.env.company.external_report_layout_id = False
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.env.company
        action = self.posted().with_user(admin).action_print_voucher()
        self.assertEqual(action["type"], "ir.actions.report")

    def test_nobody_writes_the_count(self):
        payment = self.posted()
        self.printed(payment)
        prints = payment.sudo().voucher_ids.with_user(self.manager)
        for act in (
            prints.unlink,
            lambda: prints.write({"number": 7}),
            lambda: prints.create({"payment_id": payment.id, "number": 2}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_two_who_print_at_once(self):
        payment = self.posted()
        self.printed(payment)
        # What another transaction printed is not seen, and stands there all the same.
        self.env.cr.execute(
            "INSERT INTO payment_voucher (payment_id, number) VALUES (%s, 2)",
            [payment.id],
        )
        with self.assertRaisesRegex(UserError, "Print it again"):
            self.printed(payment)
        self.env.invalidate_all()
        self.assertIn("Copy 2", self.printed(payment))

    def test_in_the_partners_language(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.env["ir.module.module"]._load_module_terms(
            ["base", "payment_account_enhanced"], ["id_ID"], overwrite=True
        )
        self.partner_a.lang = "id_ID"
        rupiah = self.env.ref("base.IDR")
        rupiah.active = True
        payment = self.posted(amount=1500000.0, currency_id=rupiah.id)
        said = self.printed(payment)
        for words in (
            "Bukti Penerimaan",
            "Satu Juta Lima Ratus Ribu",
            "Dibukukan oleh",
        ):
            self.assertIn(words, said)
        self.assertNotIn("Received from", said)
        self.assertIn("Salinan 1", self.printed(payment))

    def test_amounts_at_the_edges(self):
        for amount, words in (
            (0.0, "Zero Dollars"),
            (0.05, "Five Cents"),
            (12345678901234560.0, "Twelve Quadrillion"),
        ):
            payment = self.posted(amount=amount)
            self.assertIn(words, self.printed(payment))

    def test_a_partner_without_a_name_and_none_at_all(self):
        address = self.env["res.partner"].create(
            {"type": "invoice", "parent_id": self.partner_a.id}
        )
        said = self.printed(self.posted(partner_id=address.id))
        self.assertIn(self.partner_a.name, said)
        self.assertIn("–", self.printed(self.posted(partner_id=False)))

    def test_of_a_company_that_the_user_may_not_see(self):
        payment = self.posted_elsewhere()
        with self.assertRaises(AccessError):
            self.printed(payment)
