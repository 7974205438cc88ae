from freezegun import freeze_time

from odoo.tests import tagged

from ..common import type_of
from .renewal_case import HolderCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalProposals(HolderCase):
    """What a sync proposes as the renewal of a permit, and what not."""

    def test_the_same_npwp_and_type(self):
        self.land()
        self.assertEqual(self.older.proposed_renewal_id, self.newer)
        self.assertFalse(self.newer.proposed_renewal_id)
        self.assertEqual(self.older.status, "active")

    def test_the_same_contact_without_npwp(self):
        partner = self.partner(name="Contoh Pemohon", phone="081234567890")
        for permit, dates in (
            (self.older, {"issue_date": "2023-03-20", "expiry_date": "2026-03-20"}),
            (self.newer, {"issue_date": "2026-03-01"}),
        ):
            self.apply(self.found(permit, applicant_phone="081234567890", **dates))
            self.assertEqual(permit.partner_id, partner)
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_the_detail_of_either_may_come_first(self):
        self.apply(self.held(self.newer, "2026-03-01", None))
        self.assertFalse(self.older.proposed_renewal_id)
        self.apply(self.held(self.older, "2023-03-20", "2026-03-20"))
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_an_unchanged_detail_is_looked_at_too(self):
        """The end of the older one came near meanwhile."""
        row = self.held(self.older, "2024-03-20", "2026-12-20")
        self.apply(row, self.held(self.newer, "2026-03-01", None))
        self.assertFalse(self.older.proposed_renewal_id)
        with freeze_time("2026-07-01 03:00:00"):
            self.run_key = self.start("expiry", config=self.config)
            self.apply(row)
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_what_is_not_proposed(self):
        long = ("2024-03-20", "2026-09-07")  # 181 days
        soon, over = ("2023-03-20", "2026-03-20"), ("2020-03-20", "2023-03-20")
        for case, older, newer in (
            ("it does not expire soon", long, ("2026-03-01", None)),
            ("the other one is older", soon, ("2023-01-01", None)),
            ("the other one is expired", over, ("2023-03-01", "2026-03-01")),
            ("it has no end", ("2023-03-20", None), ("2026-03-01", None)),
        ):
            self.land(older, newer)
            found = self.proposed(self.older, self.newer)
            self.assertEqual(found, [self.permits] * 2, case)
        self.land(("2024-03-20", "2026-09-06"))
        self.assertTrue(self.older.proposed_renewal_id, "180 days")

    def test_another_type_or_holder_is_not_proposed(self):
        [hotel] = self.permits_of(["30"], permit_type=type_of("Izin Hotel"))
        self.apply(
            self.held(self.older, "2023-03-20", "2026-03-20"),
            self.held(hotel, "2026-03-01", None),
            self.held(self.newer, "2026-03-01", None, npwp="02.345.678.9-012.000"),
        )
        self.assertFalse(self.older.proposed_renewal_id)

    def test_no_npwp_is_not_the_same_npwp(self):
        for row in (
            self.held(self.older, "2023-03-20", "2026-03-20", npwp=None),
            self.held(self.newer, "2026-03-01", None, npwp=None),
        ):
            self.apply(row)
        self.assertFalse(self.older.company_npwp_key or self.older.proposed_renewal_id)

    def test_the_month_of_registration_decides_without_an_issue_date(self):
        self.older.registered_month = "2023-03-01"
        self.newer.registered_month = "2026-02-01"
        self.land((None, "2026-03-20"), (None, None))
        self.assertEqual(self.older.proposed_renewal_id, self.newer)

    def test_each_permit_is_proposed_once_and_the_nearest_pair_comes_first(self):
        """A company with a line of permits: 2017, 2020, 2023 and now. The one of 2020
        is expired, so it is proposed for none."""
        oldest, middle = self.permits_of(("40", "50"))
        self.apply(
            self.held(oldest, "2017-03-20", "2020-03-20"),
            self.held(middle, "2020-03-10", "2023-03-20"),
            self.held(self.older, "2023-03-10", "2026-03-20"),
            self.held(self.newer, "2026-03-01", "2029-03-20"),
        )
        found = self.proposed(oldest, middle, self.older)
        self.assertEqual(found, [self.permits, self.older, self.newer])

    def test_two_permits_of_a_kind_get_two_renewals(self):
        twin, newer_twin = self.permits_of(("40", "50"))
        self.apply(
            self.held(self.older, "2023-03-20", "2026-03-20"),
            self.held(twin, "2023-06-20", "2026-06-20"),
            self.held(newer_twin, "2026-03-09", None),
            self.held(self.newer, "2026-03-01", None),
        )
        found = self.permits.browse().union(*self.proposed(self.older, twin))
        self.assertEqual(found, self.newer | newer_twin)

    def test_a_batch_costs_the_same_few_statements_whatever_its_size(self):
        permits = self.bring(120)

        def count(some):
            rows = []
            for n in some:
                npwp = f"0{n:02}45678901{n:04}"
                older, newer = permits[2 * n], permits[2 * n + 1]
                rows += [
                    self.held(older, "2023-03-20", "2026-03-20", npwp=npwp),
                    self.held(newer, "2026-03-01", None, npwp=npwp),
                ]
            with self.statements() as statements:
                self.apply(*rows)
            return statements

        count(range(5))  # fills Odoo's own caches
        few, many = count(range(5, 10)), count(range(10, 60))
        self.assertEqual(len(permits.filtered("proposed_renewal_id")), 60)
        self.assertEqual(len(few), len(many), "\n".join(many))
