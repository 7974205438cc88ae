from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
class TestContactsMade(ContactCase):
    """With the policy *match or create* a sync makes the contacts that are missing."""

    def setUp(self):
        super().setUp()
        self.config.partner_policy = "match_create"

    def test_a_company_by_its_npwp(self):
        self.detail(
            company_name="PT Contoh",
            company_npwp=self.NPWP,
            company_phone="061 456 7890",
            company_address="Jl. Contoh 1",
            applicant_phone="081234567890",
            whatsapp_number="+6281234567890",
        )
        company = self.one.partner_id
        self.assertContact(company, "created")
        self.assertEqual((company.name, company.vat), ("PT Contoh", self.NPWP))
        self.assertTrue(company.is_company)
        self.assertEqual(company.phone, "061 456 7890")
        self.assertEqual(company.street, "Jl. Contoh 1")
        self.assertEqual(company.company_id, self.config.company_id)
        self.assertEqual(company.whatsapp_number, "+6281234567890")

    def test_a_person_by_phone(self):
        self.detail(
            applicant_phone="081234567890 / 081399998888",
            whatsapp_number="+6281234567890",
            company_npwp="00.000.000.0-000.000",
        )
        person = self.one.partner_id
        self.assertContact(person, "created")
        self.assertEqual(person.name, "Contoh Pemohon")
        self.assertFalse(person.is_company)
        self.assertFalse(person.vat)
        self.assertEqual(person.phone, "+6281234567890")

    def test_without_npwp_and_phone_nobody_is_made(self):
        before = self.env["res.partner"].search_count([])
        self.detail(company_name="PT Contoh", applicant_phone="-")
        self.assertNobody()
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_proposal_is_for_a_person_to_decide_nobody_is_made(self):
        other = self.partner(name="Istri Pemohon", phone="081234567890")
        self.detail(applicant_phone="081234567890")
        self.assertProposed(other)

    def test_permits_of_one_holder_share_one_contact(self):
        permits = self.bring(3)
        company = {"company_name": "PT Contoh", "company_npwp": self.NPWP}
        self.apply(*[self.found(permit, **company) for permit in permits])
        self.assertEqual(len(permits.partner_id), 1)
        self.detail(**company)
        self.assertContact(permits.partner_id, "npwp")
        self.assertEqual(permits.partner_id.sicantik_permit_count, 4)

    def test_nobody_gets_a_mail_and_nobody_follows(self):
        mails = self.env["mail.mail"].search_count([])
        self.detail(applicant_phone="081234567890")
        self.assertFalse(self.one.partner_id.message_follower_ids)
        self.assertFalse(self.one.partner_id.message_ids)
        self.assertFalse(self.one.message_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_one_refused_contact_does_not_fail_the_batch(self):
        permits = self.bring(4)
        create = type(self.env["res.partner"]).create

        refusal = ValidationError("not valid")

        def check_vat(model, vals_list):
            if any(vals.get("vat") == self.NPWP for vals in vals_list):
                raise refusal
            return create(model, vals_list)

        rows = [
            self.found(
                permit,
                company_name=f"PT Contoh {n}",
                company_npwp=f"0{n + 1}.234.567.8-901.000",
                expiry_date="2099-01-31",
            )
            for n, permit in enumerate(permits)
        ]
        with patch.object(type(self.env["res.partner"]), "create", check_vat):
            self.apply(*rows)
        self.assertFalse(permits[0].partner_id)
        self.assertTrue(permits[0].expiry_date, "the detail itself has landed")
        self.assertEqual(len(permits[1:].partner_id), 3)
        issue = self.env["sicantik.sync.issue"].search(
            [("permit_id", "in", permits.ids)]
        )
        self.assertEqual((issue.permit_id, issue.code), (permits[0], "contact"))
        self.assertIn("not valid", issue.message)
