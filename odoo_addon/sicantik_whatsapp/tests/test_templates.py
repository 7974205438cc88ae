from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappTexts(WhatsappCase):
    """What is registered with the provider, word for word."""

    def test_every_kind_has_a_text_in_both_languages(self):
        kinds = dict(self.notices._fields["kind"].selection)
        mine = ("permit_expiring", "renewal_approved", "status_update")
        self.assertLessEqual(set(mine), set(kinds))
        for kind in (*mine, "test"):
            for language in ("id", "en"):
                self.assertTrue(self.text(kind, language).preview)

    def test_rules_of_the_provider(self):
        text = self.text("test").with_user(self.manager)
        for body in (
            "{{1}} menulis kepada Anda.",
            "Pesan dari {{1}}.",
            "Pesan dari {{2}} untuk Anda.",
            "Pesan dari {{1}} dan {{1}} untuk Anda.",
            "Pesan tanpa nilai.",
            "Pesan {{x}} dari {{1}} untuk Anda.",
            "Pesan dari {{1}} untuk Anda \U0001f600.",
            "Pesan dari {{1}} untuk Anda" + "x" * 1024,
            " ",
        ):
            with self.assertRaises(ValidationError, msg=body):
                text.body = body
        with self.assertRaises(ValidationError):
            text.write(
                {
                    "variables": "office_name, contact_text",
                    "body": "Pesan dari {{1}} {{2}} untuk Anda.",
                }
            )
        text.body = "Pesan dari {{1}} untuk Anda."

    def test_variables_are_plain_fields_of_a_notice(self):
        text = self.text("test").with_user(self.manager)
        for name in ("permit_id", "nothing", "company_id.name"):
            with self.assertRaises(ValidationError, msg=name):
                text.variables = name
        with self.assertRaises(ValidationError):
            text.may_be_empty = "permit_number"

    def test_managers_write_texts_others_read_them(self):
        text = self.text()
        text.with_user(self.manager).may_be_empty = "renewal_link"
        text.with_user(self.viewer).read(["body", "preview", "approval"])
        with self.assertRaises(AccessError):
            text.with_user(self.operator).may_be_empty = False

    def test_a_preview_has_a_real_notice_in_it(self):
        self.assertIn("(permit_number)", self.text().preview)
        permit = self.permit_told()
        self.env.invalidate_all()
        self.assertIn(permit.permit_number, self.text().preview)
        self.assertIn("8 Juni 2026", self.text().preview)
        self.assertIn("DPMPTSP Kabupaten Contoh", self.text("test", "en").preview)

    def test_a_value_is_one_line_and_not_too_long(self):
        partner = self.agreed(name="Budi\nSantoso\t  {{1}}   " + "x" * 300)
        permit = self.permit_with(90, partner_id=partner.id)
        self.run_action()
        value = self.message_of(permit).parameters[0]
        self.assertTrue(value.startswith("Budi Santoso {{1}} xxx"))
        self.assertEqual(len(value), 200)
        self.assertIn("{{1}}", self.message_of(permit).message)
