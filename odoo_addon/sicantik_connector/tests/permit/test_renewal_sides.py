from freezegun import freeze_time

from odoo.tests import Form, tagged

from ..common import applicant_of, type_of
from .renewal_case import HolderCase

RENEWING = "PERPANJANGAN Izin Praktik Dokter"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalSides(HolderCase):
    """Who decides sees both permits, and is warned of a stranger's and of another
    type."""

    def wizard(self):
        action = self.mine.action_mark_renewed()
        wizards = self.env[action["res_model"]].with_user(self.operator)
        return Form(wizards.with_context(**action["context"]))

    def offered(self, form):
        return self.permits.search(form.new_permit_domain)

    def rows(self, sides):
        return {row["label"]: row for row in sides["rows"]}

    def test_a_proposal_shows_both_sides_with_its_reasons(self):
        place = {"district": "Kota", "village": "Desa A"}
        self.apply(
            self.held(self.older, "2023-03-20", "2026-03-20", **place),
            self.held(self.newer, "2026-03-01", "2029-03-01", **place),
        )
        sides = self.mine.renewal_sides
        self.assertEqual(
            sides["reasons"],
            [
                "the same applicant",
                "the same NPWP",
                "the same type",
                "the same place",
                "it began 19 days before the end",
            ],
        )
        rows = self.rows(sides)
        self.assertEqual(rows["Place"]["older"], "Desa A, Kota")
        self.assertEqual(rows["Permit Number"]["newer"], "503/20")
        self.assertEqual(rows["Expires"]["newer"], "03/01/2029")
        self.assertFalse([row for row in sides["rows"] if row["differs"]])
        self.assertFalse(self.newer.renewal_sides)

    def test_a_person_s_proposal_says_so_too(self):
        phone = {"npwp": None, "whatsapp_number": "+6281234567890"}
        self.apply(
            self.held(self.older, "2023-03-20", "2026-03-05", **phone),
            self.held(self.newer, "2026-03-07", None, **phone),
        )
        reasons = self.mine.renewal_sides["reasons"]
        self.assertIn("the same phone number", reasons)
        self.assertIn("it began 2 days after the end", reasons)

    def test_the_same_applicant_s_permits_come_first(self):
        [stranger] = self.permits_of(["30"], applicant=applicant_of("Orang Lain"))
        form = self.wizard()
        self.assertTrue(form.same_applicant and form.same_type)
        found = self.offered(form)
        self.assertIn(self.newer, found)
        self.assertNotIn(stranger, found)
        self.assertNotIn(self.older, found)
        form.same_applicant = False
        self.assertIn(stranger, self.offered(form))

    def test_without_any_permit_of_the_applicant_all_are_offered(self):
        self.older.applicant_key = "nobody else"
        form = self.wizard()
        self.assertFalse(form.same_applicant)
        self.assertTrue(form.same_type)
        self.assertIn(self.newer, self.offered(form))

    def test_by_npwp_contact_or_number_it_is_the_same_applicant(self):
        contact = self.partner(name="Contoh Pemohon")
        for values in (
            {"company_npwp_key": "0012345678901000"},
            {"partner_id": contact.id},
            {"whatsapp_number": "+6281234567890"},
        ):
            [other] = self.permits_of(["30"], applicant=applicant_of("Nama Kedua"))
            (self.older | other).write(values)
            self.assertIn(other, self.offered(self.wizard()), values)
            (self.older | other).write(dict.fromkeys(values, False))

    def test_where_the_applicant_has_only_other_types_those_are_offered(self):
        hotel = type_of("Izin Hotel")
        [other] = self.permits_of(
            ["30"], permit_type=hotel, applicant=applicant_of("Satu")
        )
        self.older.applicant_key = other.applicant_key
        form = self.wizard()
        self.assertTrue(form.same_applicant)
        self.assertFalse(form.same_type)
        self.assertEqual(self.offered(form), other)

    def test_a_type_that_is_a_renewal_by_its_name_is_offered(self):
        [other] = self.permits_of(["30"], permit_type=type_of(RENEWING))
        form = self.wizard()
        self.assertTrue(form.same_type)
        self.assertIn(other, self.offered(form))
        form.new_permit_id = other
        self.assertFalse(form.is_of_other_type)
        self.assertIn("a type that counts as the same", form.sides["reasons"])
        other.permit_type_id.renews_nothing = True
        form = self.wizard()
        self.assertNotIn(other, self.offered(form))
        form.new_permit_id = other
        self.assertTrue(form.is_of_other_type)

    def test_a_stranger_s_permit_and_another_type_are_warned_of(self):
        [stranger] = self.permits_of(
            ["30"],
            applicant=applicant_of("Orang Lain"),
            permit_type=type_of("Izin Gudang"),
        )
        form = self.wizard()
        form.new_permit_id = stranger
        self.assertTrue(form.is_of_stranger and form.is_of_other_type)
        differing = [row["label"] for row in form.sides["rows"] if row["differs"]]
        self.assertEqual(differing, ["Permit Type", "Applicant"])
        form.new_permit_id = self.newer
        self.assertFalse(form.is_of_stranger or form.is_of_other_type)
        form.new_permit_id = stranger
        form.save().action_confirm()
        self.assertEqual(self.older.renewed_by_id, stranger)

    def test_who_is_a_stranger(self):
        named = {"applicant_name": "Contoh Pemohon", "applicant_key": "contoh pemohon"}
        npwp, number = "0012345678901000", "+6281234567890"
        for mine, theirs, stranger in (
            ({}, {}, False),
            ({}, {"applicant_name": "Orang Lain", "applicant_key": "x"}, True),
            ({"company_npwp_key": npwp}, {"company_npwp_key": npwp}, False),
            (
                {"company_npwp_key": npwp},
                {"company_npwp_key": npwp, "applicant_name": "Perawat Lain"},
                True,
            ),
            ({"village": "Desa A"}, {"village": "Desa B"}, True),
            (
                {"village": "Desa A", "whatsapp_number": number},
                {"village": "Desa B", "whatsapp_number": number},
                False,
            ),
            ({"applicant_name": False}, {}, True),
        ):
            with self.subTest(mine=mine, theirs=theirs):
                self.older.write(mine)
                self.newer.write(theirs)
                self.assertEqual(self.older._is_of_stranger(self.newer), stranger)
                for permit, values in ((self.older, mine), (self.newer, theirs)):
                    permit.write(dict.fromkeys(values, False))
                    permit.write(named)
