from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .consent_case import SOURCE, ConsentCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestWhatsappConsent(ConsentCase):
    """Whether a person agreed to notices: who says so, and who sees it."""

    def test_the_button_asks_for_the_source(self):
        person = self.person.with_user(self.operator)
        self.assertConsent(person, "unknown")
        action = person.action_whatsapp_agreed()
        wizards = self.env[action["res_model"]].with_user(self.operator)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertEqual((form.consent, form.source), ("opted_in", "counter"))
            form.source = "form"
            form.date = "2026-03-02 02:00:00"
            form.note = "Formulir 12"
        form.record.action_save()
        self.assertConsent(person, "opted_in", "form", "2026-03-02 02:00:00")
        note = self.last_note()
        self.assertEqual(note.author_id, self.operator.partner_id)
        self.assertRegex(note.body, r"Agreed \(Form, .*: Formulir 12\)")

        action = person.action_whatsapp_refused()
        wizards.with_context(**action["context"]).create({}).action_save()
        self.assertConsent(person, "opted_out", "counter", "2026-03-10 03:00:00")
        self.assertRegex(self.last_note().body, r"Refused \(Office Counter, ")

    def test_a_mistake_is_taken_back_with_a_note(self):
        person = self.person.with_user(self.operator)
        person._set_whatsapp_consent("opted_in", "counter")
        person._set_whatsapp_consent("unknown", None)
        self.assertConsent(person, "unknown")
        self.assertIn("Not Asked", self.last_note().body)

    def test_only_operators_set_it_and_viewers_see_it(self):
        for user in (self.viewer, self.employee, self.worker):
            person = self.person.with_user(user)
            for method in (
                person.action_whatsapp_agreed,
                person.action_whatsapp_refused,
                lambda person=person: person._set_whatsapp_consent("opted_in", "form"),
                lambda person=person: person.write(
                    {"whatsapp_consent": "opted_in", SOURCE: "form"}
                ),
            ):
                with self.assertRaises(AccessError):
                    method()
            wizards = self.env["sicantik.whatsapp.consent"].with_user(user)
            with self.assertRaises(AccessError):
                wizards.create({"partner_id": person.id, "consent": "opted_in"})
        self.person._set_whatsapp_consent("opted_out", "message")
        self.assertConsent(
            self.person.with_user(self.viewer),
            "opted_out",
            "message",
            "2026-03-10 03:00:00",
        )
        with self.assertRaises(AccessError):
            self.person.with_user(self.employee).read(["whatsapp_consent"])

    def test_a_copy_was_never_asked(self):
        self.person._set_whatsapp_consent("opted_in", "form")
        self.assertConsent(self.person.copy(), "unknown")

    def test_people_without_sicantik_use_contacts_as_ever(self):
        partners = self.env["res.partner"].with_user(self.employee)
        with Form(partners) as form:
            form.name = "KONTAK BARU"
        self.assertConsent(form.record.sudo(), "unknown")
        form.record.write({"city": "Karo"})
        form.record.copy()
        partners.get_views([(False, "list"), (False, "form"), (False, "search")])

    def test_contacts_are_found_by_their_answer(self):
        arch = self.env["res.partner"].with_user(self.viewer)
        views = arch.get_views([(False, "search")])["views"]["search"]["arch"]
        for name in (
            "sicantik_with_permits",
            "whatsapp_agreed",
            "whatsapp_refused",
            "whatsapp_without",
        ):
            self.assertIn(f'name="{name}"', views)
        views = self.env["res.partner"].with_user(self.employee)
        views = views.get_views([(False, "search")])["views"]["search"]["arch"]
        self.assertNotIn("whatsapp_agreed", views)
