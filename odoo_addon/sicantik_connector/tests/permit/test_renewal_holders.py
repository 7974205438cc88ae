from freezegun import freeze_time

from odoo.tests import tagged

from ..common import applicant_of, type_of
from .renewal_case import HolderCase

OLD, NEW = ("2023-03-20", "2026-03-20"), ("2026-03-01", None)
PHONE = "+6281234567890"
# Of one NPWP, and those that one call of the worker brings.
MANY, BATCH = 2000, 50


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalHolders(HolderCase):
    """A renewal is of the same person or company, and of the same place."""

    def named(self, number, name, **values):
        [permit] = self.permits_of([number], applicant=applicant_of(name), **values)
        return permit

    def test_two_people_of_one_company_renew_nothing_of_each_other(self):
        """A hospital and its nurses."""
        one, other = self.named("30", "Perawat Satu"), self.named("40", "Perawat Dua")
        self.apply(self.held(one, *OLD), self.held(other, *NEW))
        self.assertFalse(one.proposed_renewal_id)
        again = self.named("50", "PERAWAT  SATU")
        self.apply(self.held(again, *NEW))
        self.assertEqual(one.proposed_renewal_id, again)

    def test_marks_in_a_name_make_nobody_else(self):
        one, other = self.named("30", "PT. Contoh"), self.named("40", "PT CONTOH ")
        self.apply(self.held(one, *OLD), self.held(other, *NEW))
        self.assertEqual(one.proposed_renewal_id, other)

    def test_a_name_that_is_not_known_contradicts_nothing(self):
        self.newer.applicant_name = False
        self.land()
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_two_branches_renew_nothing_of_each_other(self):
        for here, there, proposed in (
            (("KOTA", "DESA A"), ("KOTA", "DESA B"), False),
            (("KOTA", "DESA A"), ("LAIN", "DESA A"), False),
            (("KOTA", "DESA A"), ("Kota", "desa a."), True),
            (("KOTA", "DESA A"), ("KOTA", None), True),
            (("KOTA", "DESA A"), (None, None), True),
        ):
            old = {"district": here[0], "village": here[1]}
            new = {"district": there[0], "village": there[1]}
            self.apply(
                self.held(self.older, *OLD, **old), self.held(self.newer, *NEW, **new)
            )
            found = bool(self.older.proposed_renewal_id)
            self.assertEqual(found, proposed, (here, there))
            self.older.proposed_renewal_id = False

    def test_of_two_at_one_place_the_one_at_the_address_is_meant(self):
        [shop] = self.permits_of(["30"])
        self.apply(
            self.held(self.older, *OLD, company_address="Jl. Contoh 1"),
            self.held(self.newer, *NEW, company_address="JL CONTOH 2"),
            self.held(shop, "2026-02-01", None, company_address="JL CONTOH 1"),
        )
        self.assertEqual(self.older.proposed_renewal_id, shop)

    def test_a_person_without_contact_or_npwp_is_known_by_name_and_number(self):
        for number, proposed in (("+6281200000000", False), (PHONE, True)):
            self.apply(
                self.held(self.older, *OLD, npwp=None, whatsapp_number=PHONE),
                self.held(self.newer, *NEW, npwp=None, whatsapp_number=number),
            )
            self.assertEqual(bool(self.older.proposed_renewal_id), proposed)

    def test_a_contact_of_two_companies_is_no_holder(self):
        contact = self.partner(name="Contoh Pemohon")
        (self.older | self.newer).write(
            {"partner_id": contact.id, "partner_source": "manual"}
        )
        other = "02.345.678.9-012.000"
        self.apply(self.held(self.older, *OLD), self.held(self.newer, *NEW, npwp=other))
        self.assertFalse(self.older.proposed_renewal_id)

    def test_a_company_that_was_renamed_is_the_same(self):
        self.apply(self.held(self.older, *OLD), self.held(self.newer, *NEW))
        self.newer.company_name = "PT Contoh Baru"
        self.apply(self.held(self.older, *OLD))
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_what_does_not_hold_any_more_is_taken_back(self):
        """Whichever of the two changed, and into whatever."""
        elsewhere = {"district": "Lain", "village": "Desa Lain"}
        here = {"district": "Kota", "village": "Desa A"}
        for change in (
            lambda: self.held(self.newer, *NEW, **elsewhere),
            lambda: self.held(self.newer, *NEW, npwp="02.345.678.9-012.000", **here),
            lambda: self.held(self.newer, *NEW, npwp=None, **here),
            lambda: self.held(self.newer, "2022-01-01", None, **here),
            lambda: self.held(self.older, *OLD, npwp=None, **here),
            lambda: self.held(self.older, *OLD, **elsewhere),
        ):
            self.apply(
                self.held(self.older, *OLD, **here), self.held(self.newer, *NEW, **here)
            )
            self.assertEqual(self.older.proposed_renewal_id, self.newer)
            self.apply(change())
            self.assertFalse(self.older.proposed_renewal_id)

    def test_what_is_dismissed_stays_dismissed(self):
        self.land()
        self.mine.action_refuse_renewal()
        for _times in range(2):
            self.land(newer=("2026-03-02", None))
            self.assertFalse(self.older.proposed_renewal_id)
        hotel = self.newer.permit_type_id.copy_data()[0]
        hotel.update(name="PERPANJANGAN Izin Praktik Dokter", name_key="lain")
        renewing = self.env["sicantik.permit.type"].create(hotel)
        renewing.renews_type_id = self.newer.permit_type_id
        self.newer.permit_type_id = renewing
        self.land(newer=("2026-03-03", None))
        self.assertFalse(self.older.proposed_renewal_id)

    def test_texts_of_any_length(self):
        long = {"applicant": applicant_of("N" * 200), "permit_type": type_of("T" * 150)}
        one, other = self.permits_of(("30", "40"), **long)
        self.apply(self.held(one, *OLD), self.held(other, *NEW))
        self.assertEqual(one.proposed_renewal_id, other)

    def test_two_thousand_permits_of_one_npwp(self):
        """Each with an end near enough, and its renewal among the others."""
        self.env.flush_all()
        self.cr.execute(
            "INSERT INTO sicantik_permit (config_id, company_id, identity, status,"
            " registration_number, permit_number, permit_type_id, company_npwp_key,"
            " applicant_name, issue_date, expiry_date)"
            " SELECT config_id, company_id, 'N' || n, 'active', 'R' || n, 'P' || n,"
            " permit_type_id, '0012345678901000', 'PERAWAT ' || mod(n, %(half)s),"
            " CASE WHEN n < %(half)s THEN '2023-03-20'::date ELSE '2026-03-01' END,"
            " CASE WHEN n < %(half)s THEN '2026-03-20'::date END"
            " FROM sicantik_permit, generate_series(0, %(last)s) AS n"
            " WHERE id = %(like)s",
            {"half": MANY // 2, "last": MANY - 1, "like": self.older.id},
        )
        permits = self.permits.search([("permit_number", "=like", "P%")], order="id")
        self.assertEqual(len(permits), MANY)
        worker = self.config._worker_env()
        some = permits[:BATCH].with_env(worker.env)
        with self.statements() as statements:
            some._propose_renewals(worker)
        self.assertLess(len(statements), 20, "\n".join(statements))
        older = permits.filtered("expiry_date")
        self.assertEqual(len(older), MANY // 2)
        for permit in older:
            name = permit.proposed_renewal_id.applicant_name
            self.assertEqual(name, permit.applicant_name)
