from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestContacts(ContactCase):
    """How a sync finds the contact of a permit."""

    def test_defect_14_a_name_alone_never_links_nor_proposes(self):
        """Whoever only has a similar name is a stranger, and would get the applicant's
        messages."""
        strangers = self.partner(name="Budi Contoh")
        strangers |= self.partner(name="Budi Contoh Wijaya", phone="0813 0000 1234")
        strangers |= self.partner(name="PT Contoh", is_company=True)
        budi = {
            "applicant_name": "Budi Contoh",
            "applicant_phone": "081234567890",
            "whatsapp_number": "+6281234567890",
            "company_name": "PT Contoh",
        }
        self.detail(**budi)
        self.assertNobody()
        self.config.partner_policy = "match_create"
        self.detail(**budi)
        self.assertEqual(self.one.partner_source, "created")
        self.assertNotIn(self.one.partner_id, strangers)
        self.assertFalse(strangers.filtered("whatsapp_number"))

    def test_the_same_npwp_links_whatever_the_name(self):
        company = self.partner(name="Nama Lain", vat="01.234.567.8-901.000")
        self.detail(company_name="PT Contoh", company_npwp="0012345678901000")
        self.assertContact(company, "npwp")

    def test_the_npwp_of_a_place_of_business_is_the_company_s(self):
        company = self.partner(name="Nama Lain", vat="NPWP 01.234.567.8\u2013901.000")
        self.detail(company_npwp="0012345678901000000001")
        self.assertContact(company, "npwp")

    def test_digits_behind_a_number_never_lead_to_a_stranger(self):
        """Not glued to it, they would make the number of somebody else."""
        self.partner(name="Contoh Pemohon", phone="0812345678900")
        self.detail(applicant_phone="81234567890 (0)")
        self.assertNobody()
        person = self.partner(name="Contoh Pemohon", phone="\u202a081234567890\u202c")
        self.detail(applicant_phone="81234567890.0")
        self.assertContact(person, "phone_name")

    def test_a_contact_gets_no_number_but_the_one_that_was_written(self):
        person = self.partner(name="Contoh", whatsapp_number="81234567890.0")
        self.assertEqual(person.whatsapp_number, "+6281234567890")
        person.whatsapp_number = 81234567891
        self.assertEqual(person.whatsapp_number, "+6281234567891")
        for written in ("081234567890 (2)", "14022", "+81234567890"):
            with self.assertRaises(ValidationError):
                person.whatsapp_number = written

    def test_a_company_is_meant_not_its_employees(self):
        company = self.partner(name="PT Contoh", vat=self.NPWP, is_company=True)
        employee = self.partner(name="Pegawai", parent_id=company.id)
        self.assertEqual(employee.vat, self.NPWP)
        self.detail(company_npwp=self.NPWP)
        self.assertContact(company, "npwp")

    def test_two_companies_with_the_npwp_are_only_proposed(self):
        first = self.partner(name="PT Contoh", vat=self.NPWP)
        self.partner(name="PT Contoh Cabang", vat=self.NPWP)
        self.detail(company_npwp=self.NPWP)
        self.assertProposed(first)

    def test_a_placeholder_npwp_links_nobody(self):
        zeros = "00.000.000.0-000.000"
        self.partner(name="PT Lain", vat=zeros)
        self.detail(company_name="PT Contoh", company_npwp=zeros)
        self.assertNobody()

    def test_phone_and_equal_name_link(self):
        person = self.partner(name="  contoh   PEMOHON ", phone="+62 812-3456-7890")
        self.detail(applicant_phone="0812 3456 7890")
        self.assertContact(person, "phone_name")

    def test_every_number_of_a_contact_counts(self):
        person = self.partner(name="Contoh Pemohon", whatsapp_number="081234567890")
        self.detail(applicant_phone="-", whatsapp_number="+6281234567890")
        self.assertContact(person, "phone_name")

    def test_the_phone_alone_is_only_proposed(self):
        other = self.partner(name="Istri Pemohon", phone="081234567890")
        self.detail(applicant_phone="081234567890", whatsapp_number="+6281234567890")
        self.assertProposed(other)
        self.assertFalse(other.whatsapp_number, "a proposal gives nothing away")

    def test_two_of_one_name_and_phone_are_only_proposed(self):
        first = self.partner(name="Contoh Pemohon", phone="081234567890")
        self.partner(name="CONTOH PEMOHON", phone="081234567890")
        self.detail(applicant_phone="081234567890")
        self.assertProposed(first)

    def test_archived_contacts_and_other_companies_contacts_are_nobody(self):
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        same = {"name": "Contoh Pemohon", "phone": "081234567890", "vat": self.NPWP}
        self.partner(**same, company_id=company.id)
        self.partner(**same, active=False)
        self.detail(applicant_phone="081234567890", company_npwp=self.NPWP)
        self.assertNobody()
        own = self.partner(**same, company_id=self.config.company_id.id)
        self.detail(applicant_phone="0812-3456-7890", company_npwp=self.NPWP)
        self.assertContact(own, "npwp")

    def test_with_the_policy_none_nothing_is_looked_up(self):
        self.partner(name="PT Contoh", vat=self.NPWP)
        self.config.partner_policy = "none"
        self.detail(company_npwp=self.NPWP)
        self.assertNobody()

    def test_an_empty_whatsapp_number_is_filled_never_overwritten(self):
        person = self.partner(name="Contoh Pemohon", phone="081234567890")
        number = {"applicant_phone": "081234567890"}
        self.detail(**number, whatsapp_number="+6281234567890")
        self.assertEqual(person.whatsapp_number, "+6281234567890")
        person.whatsapp_number = "+6281399998888"
        self.detail(**number, whatsapp_number="+6281234567891")
        self.assertContact(person, "phone_name")
        self.assertEqual(person.whatsapp_number, "+6281399998888")
        self.one.partner_id = False
        self.detail(**number, whatsapp_number="+6281234567892")
        self.assertContact(person, "phone_name")
        self.assertEqual(person.whatsapp_number, "+6281399998888")

    def test_a_permit_that_passes_to_another_holder_loses_its_contact(self):
        person = self.partner(name="Contoh Pemohon", phone="081234567890")
        self.detail(applicant_phone="081234567890")
        self.detail(applicant_phone="081355556666")
        self.assertContact(person, "phone_name")  # the name still says so
        self.detail(applicant_phone="081355556666", applicant_name="Pemegang Baru")
        self.assertNobody()

    def test_another_npwp_is_another_company(self):
        phone = {"company_phone": "061 456 7890", "company_name": "PT Contoh"}
        first = self.partner(name="PT Contoh", vat=self.NPWP)
        second = self.partner(name="PT Baru", vat="02.234.567.8-901.000")
        self.detail(**phone, company_npwp=self.NPWP)
        self.assertContact(first, "npwp")
        self.detail(**phone, company_npwp="02.234.567.8-901.000")
        self.assertContact(second, "npwp")
        self.detail(**phone, company_npwp="03.234.567.8-901.000")
        self.assertNobody()
