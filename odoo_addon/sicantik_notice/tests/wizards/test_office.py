from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.sicantik_connector.tests.common import SicantikCase

LINK = "https://perizinan.example.test/perpanjangan?jenis=1#baru"


@tagged("post_install", "-at_install", "sicantik")
class TestOffice(SicantikCase):
    """The office's own settings, for managers and for administrators."""

    def setUp(self):
        super().setUp()
        self.company = self.env.company

    def office(self, user):
        return Form(self.env["sicantik.office"].with_user(user))

    def test_a_manager_changes_what_the_company_has(self):
        self.company.sicantik_contact = "0800 000 0000"
        with self.office(self.manager) as form:
            self.assertEqual(form.sicantik_contact, "0800 000 0000")
            self.assertEqual(form.sicantik_notice_language, "id")
            form.sicantik_office_name = "DPMPTSP Kabupaten Contoh"
            form.sicantik_renewal_url = LINK
            form.sicantik_contact = False
            form.sicantik_notice_language = "contact"
        form.record.action_save()
        company = self.company
        self.assertEqual(company.sicantik_office_name, "DPMPTSP Kabupaten Contoh")
        self.assertEqual(company.sicantik_renewal_url, LINK)
        self.assertFalse(company.sicantik_contact)
        self.assertEqual(company.sicantik_notice_language, "contact")
        with self.assertRaises(AccessError):
            company.with_user(self.manager).name = "x"

    def test_what_a_configuration_says_of_notices_is_set_there_too(self):
        with self.office(self.manager) as form:
            self.assertEqual(form.config_id, self.config)
            self.assertEqual(form.notice_steps, self.config.notice_steps)
            form.notice_steps = "30, 60"
            form.go_live_date = "2030-01-01"
            form.user_id = self.manager
            form.keep_addresses_days = 45
            # Each of them alone is refused.
            form.all_notices_email = "uji@contoh.test"
            form.all_notices_phone = "0812 3456 7890"
        action = form.record.action_edit_texts()
        self.assertEqual(action["res_model"], "mail.template")
        self.assertEqual(self.config.notice_steps, "60, 30")
        self.assertEqual(str(self.config.go_live_date), "2030-01-01")
        self.assertEqual(self.config.user_id, self.manager)
        self.assertEqual(self.config.keep_addresses_days, 45)
        self.assertEqual(self.config.all_notices_email, "uji@contoh.test")
        with self.assertRaises(ValidationError), self.office(self.manager) as form:
            form.keep_addresses_days = 5
        # What is not given stays; what is corrected on the open page counts, too.
        values = {"sicantik_notice_language": "id", "user_id": False}
        office = self.env["sicantik.office"].with_user(self.manager).create(values)
        self.assertFalse(self.config.user_id)
        self.assertEqual(self.config.notice_steps, "60, 30")
        office.notice_steps = "20"
        self.assertEqual(self.config.notice_steps, "20")

    def test_an_office_without_a_configuration_has_its_own_settings(self):
        company = self.env["res.company"].create({"name": "Kantor Baru"})
        self.manager.company_ids |= company
        offices = self.env["sicantik.office"].with_user(self.manager)
        with Form(offices.with_company(company)) as form:
            self.assertFalse(form.config_id)
            form.sicantik_office_name = "Kantor Baru"
        form.record.action_save()
        self.assertEqual(company.sicantik_office_name, "Kantor Baru")

    def test_only_managers_may(self):
        office = self.office(self.manager).save()
        for user in (self.viewer, self.operator, self.worker):
            with self.assertRaises(AccessError):
                self.office(user).save()
            with self.assertRaises(AccessError):
                office.with_user(user).action_save()

    def test_another_company_is_not_theirs(self):
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        offices = self.env["sicantik.office"].with_user(self.manager)
        with self.assertRaises(AccessError):
            offices.create({"company_id": company.id, "sicantik_notice_language": "en"})
        self.assertEqual(company.sicantik_notice_language, "id")

    def test_links_are_whole_web_addresses(self):
        for link in (
            "perizinan.example.test",
            "javascript:alert(1)",
            "ftp://perizinan.example.test",
            "https://admin:rahasia@perizinan.example.test",
            "https://",
            "https://perizinan.example.test/a b",
        ):
            with self.assertRaisesRegex(ValidationError, "Renewal Link"):
                self.company.sicantik_renewal_url = link
        for link in (LINK, "http://10.0.0.5/perpanjangan", False):
            self.company.sicantik_renewal_url = link
