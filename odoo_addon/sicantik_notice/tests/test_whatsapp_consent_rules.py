from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .consent_case import DATE, SOURCE, ConsentCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestWhatsappConsentRules(ConsentCase):
    """Answer, date and source go together, however they come."""

    def test_a_part_of_an_answer_is_refused(self):
        self.person._set_whatsapp_consent("opted_in", "form", "2026-03-01 00:00:00")
        person = self.person.with_user(self.clerk)
        for vals in (
            {DATE: "2026-03-05 00:00:00"},
            {DATE: False},
            {SOURCE: "message"},
            {"whatsapp_consent": "opted_out"},
            {"whatsapp_consent": "opted_out", SOURCE: False},
            {"whatsapp_consent": "unknown", SOURCE: "form"},
            {"whatsapp_consent_note": "x"},
        ):
            with self.assertRaisesRegex(UserError, "Agreed and Refused", msg=vals):
                person.write(vals)
            if any(vals.values()):
                with self.assertRaisesRegex(UserError, "Agreed and Refused", msg=vals):
                    person.create({"name": "LAIN", **vals})
        self.assertConsent(person, "opted_in", "form", "2026-03-01 00:00:00")

    def test_a_default_is_no_answer(self):
        """The button New in the column Agreed puts a default into the context."""
        contacts = self.env["res.partner"].with_user(self.clerk)
        contacts = contacts.with_context(default_whatsapp_consent="opted_in")
        person = contacts.create({"name": "LAIN"})
        self.assertEqual(person.whatsapp_consent, "unknown")
        self.assertFalse(person.whatsapp_consent_date)

    def test_the_dialog_shows_no_contact_of_another_company(self):
        office = self.another_office()
        stranger = self.env["res.partner"].create(
            {"name": "ORANG LAIN", "company_id": office.company_id.id}
        )
        with self.assertRaises(AccessError):
            self.env["sicantik.whatsapp.consent"].with_user(self.clerk).create(
                {"partner_id": stranger.id, "consent": "opted_in"}
            )

    def test_an_import_gives_answer_and_source_together(self):
        columns = ["name", "whatsapp_number", "whatsapp_consent", SOURCE, DATE]
        rows = [
            ["IMPOR SATU", "0800 1234 5678", "Agreed", "Import", "2026-02-01 00:00:00"],
            ["IMPOR DUA", "", "Not Asked", "", ""],
        ]
        answer = self.env["res.partner"].with_user(self.clerk).load(columns, rows)
        self.assertFalse(answer["messages"])
        one, two = self.env["res.partner"].browse(answer["ids"])
        self.assertConsent(one, "opted_in", "import", "2026-02-01 00:00:00")
        self.assertEqual(self.last_note(one).author_id, self.clerk.partner_id)
        self.assertConsent(two, "unknown")
        two = two.with_user(self.clerk)
        two.write({"whatsapp_consent": "opted_out", SOURCE: "form"})
        self.assertConsent(two, "opted_out", "form", "2026-03-10 03:00:00")
        two.write({"whatsapp_consent": "unknown"})
        self.assertConsent(two, "unknown")

    def test_what_is_so_already_may_be_written(self):
        self.person._set_whatsapp_consent("opted_in", "form", "2026-03-01 00:00:00")
        notes = len(self.person.message_ids)
        person = self.person.with_user(self.clerk)
        person.write(
            {"whatsapp_consent": "opted_in", DATE: "2026-03-01 00:00:00", "city": "X"}
        )
        self.assertEqual(self.person.city, "X")
        self.assertEqual(len(self.person.message_ids), notes)

    def test_an_answer_counts_by_its_own_date(self):
        person = self.person.with_user(self.operator)
        person._set_whatsapp_consent("opted_out", "message")
        with self.assertRaisesRegex(UserError, "a later answer: Refused"):
            person._set_whatsapp_consent("opted_in", "import", "2026-03-09 00:00:00")
        with self.assertRaisesRegex(UserError, "in the future"):
            person._set_whatsapp_consent("opted_in", "form", "2026-03-11 00:00:00")
        with self.assertRaisesRegex(UserError, "no answer"):
            person._set_whatsapp_consent("opted_in", "rumour")
        self.assertConsent(person, "opted_out", "message", "2026-03-10 03:00:00")
