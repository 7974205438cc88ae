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
