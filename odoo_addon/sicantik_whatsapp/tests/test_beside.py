from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .whatsapp_case import WhatsappCase

LINK = "https://izin.example.test/perpanjangan"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappBeside(WhatsappCase):
    """A text may have a button and a document; as long as a value of them is missing,
    the notice does not go by WhatsApp. Every text is shown with a real permit."""

    def setUp(self):
        super().setUp()
        self.mine = self.text().with_user(self.manager)
        self.company = self.config.company_id

    def channel(self):
        permit = self.permit_with(90, partner_id=self.agreed().id)
        self.run_action()
        return self.told(permit).channel

    def test_fields_of_a_notice_that_are_plain(self):
        for name in (
            "button_variable",
            "header_link_variable",
            "header_name_variable",
        ):
            for value in ("permit_id", "nothing"):
                with self.assertRaises(ValidationError) as refused:
                    self.mine.write({name: value})
                self.assertIn("no field of a notice", str(refused.exception))
        with self.assertRaises(ValidationError) as refused:
            self.mine.header_link_variable = "renewal_link"
        self.assertIn("both a link and a file name", str(refused.exception))

    def test_they_go_with_the_message(self):
        self.company.sicantik_renewal_url = LINK
        self.mine.write(
            {
                "button_variable": "permit_number",
                "header_link_variable": "renewal_link",
                "header_name_variable": "permit_number",
            }
        )
        permit = self.permit_told()
        [given] = self.claim()["claimed"]
        self.assertEqual(given["button"], permit.permit_number)
        header = {"link": LINK, "name": permit.permit_number}
        self.assertEqual(given["header"], header)

    def test_without_a_value_it_takes_the_next_channel(self):
        self.assertFalse(self.company.sicantik_renewal_url)
        self.mine.button_variable = "renewal_link"
        self.assertEqual(self.channel(), "email")
        self.company.sicantik_renewal_url = LINK
        self.assertEqual(self.channel(), "whatsapp")
        self.mine.write(
            {
                "button_variable": False,
                "header_link_variable": "permit_number",
                "header_name_variable": "permit_number",
            }
        )
        self.assertEqual(self.channel(), "email", "that is no address of a document")

    def test_a_permit_is_chosen_to_look_at(self):
        told = self.permit_told()
        other = self.permit_with(
            12, partner_id=self.partner(name="Pemohon Lain").id, applicant_name="LAIN"
        )
        with Form(self.mine) as form:
            self.assertIn(told.permit_number, form.preview)
            form.shown_permit_id = other
            self.assertIn(other.permit_number, form.preview)
            self.assertIn("Pemohon Lain", form.preview)
            self.assertNotIn(told.permit_number, form.preview)
            self.assertFalse(form.preview_problem)
            self.assertEqual(
                self.notices.search_count([("permit_id", "=", other.id)]), 0
            )
        self.env.invalidate_all()
        self.assertFalse(self.mine.shown_permit_id, "it is not kept")

    def test_what_happens_now_is_shown_where_nothing_was_told(self):
        permit = self.permit_with(90, partner_id=self.agreed().id)
        with Form(self.text("status_update").with_user(self.manager)) as form:
            form.shown_permit_id = permit
            self.assertIn("menjadi berlaku", form.preview.lower())
            self.assertFalse(form.preview_problem)

    def test_the_page_says_why_it_would_not_go_out(self):
        permit = self.permit_with(90, partner_id=self.agreed().id)
        with Form(self.mine) as form:
            form.shown_permit_id = permit
            form.may_be_empty = "permit_type_name, contact_text"
            self.assertIn("not be empty: renewal_link.", form.preview_problem)
            form.may_be_empty = "permit_type_name, renewal_link, contact_text"
            words = form.body
            form.body = words.replace("Jenis:", "x" * (1020 - len(words)) + "Jenis:")
            self.assertIn("more than 1024 characters", form.preview_problem)
            form.body = words
            self.assertFalse(form.preview_problem)

    def test_document_and_button_are_shown(self):
        self.company.sicantik_renewal_url = LINK
        self.mine.write(
            {
                "button_variable": "permit_number",
                "header_link_variable": "renewal_link",
                "header_name_variable": "office_name",
            }
        )
        permit = self.permit_told()
        self.env.invalidate_all()
        first, *_words, last = self.mine.preview.split("\n")
        self.assertEqual(first, "[DPMPTSP Kabupaten Contoh]")
        self.assertEqual(last, f"[… {permit.permit_number}]")
