from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import row_of, type_of
from .contact_case import ContactCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalProposals(ContactCase):
    """A sync proposes the renewal of a permit; a person decides."""

    def setUp(self):
        super().setUp()
        self.older, self.newer = self.permits_of(("10", "20"))
        self.mine = self.older.with_user(self.operator)

    def permits_of(self, numbers, **values):
        rows = [row_of(number, f"503/{number}", **values) for number in numbers]
        self.upsert(self.list_run, *rows)
        return [self.permit(number) for number in numbers]

    def held(self, permit, issued, expires, npwp=ContactCase.NPWP, **detail):
        dates = {"issue_date": issued, "expiry_date": expires}
        return self.found(
            permit, company_npwp=npwp, company_name="PT Contoh", **dates, **detail
        )

    def land(self, older=("2023-03-20", "2026-03-20"), newer=("2026-03-01", None)):
        self.apply(self.held(self.older, *older), self.held(self.newer, *newer))

    def proposed(self, *permits):
        return [permit.proposed_renewal_id for permit in permits]

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

    def test_accepting_marks_as_renewed(self):
        self.land()
        action = self.mine.action_mark_renewed()
        wizards = self.env[action["res_model"]].with_user(self.operator)
        wizard = wizards.with_context(**action["context"]).create({})
        self.assertEqual(wizard.new_permit_id, self.newer)
        self.mine.action_accept_renewal()
        self.assertEqual(self.older.status, "renewed")
        self.assertEqual(self.older.renewed_by_id, self.newer)
        self.assertFalse(self.older.proposed_renewal_id)
        with self.assertRaisesRegex(UserError, "No renewal is proposed for 503/10"):
            self.mine.action_accept_renewal()

    def test_a_refusal_is_remembered(self):
        self.land()
        self.mine.action_refuse_renewal()
        self.assertFalse(self.older.proposed_renewal_id)
        self.land(newer=("2026-03-02", None))
        self.assertFalse(self.older.proposed_renewal_id)
        [third] = self.permits_of(["60"])
        self.apply(self.held(third, "2026-03-05", None))
        self.assertEqual(self.older.proposed_renewal_id, third)

    def test_a_proposal_ends_with_either_permit(self):
        self.land()
        self.newer.with_user(self.operator)._cancel("Dicabut")
        self.assertFalse(self.older.proposed_renewal_id)
        self.land()
        self.assertFalse(self.older.proposed_renewal_id)
        self.newer.with_user(self.operator)._reopen()
        self.land()
        self.mine._cancel("Dicabut")
        self.assertFalse(self.older.proposed_renewal_id)

    def test_what_renews_one_permit_is_not_proposed_for_another(self):
        [other] = self.permits_of(["40"])
        other.with_user(self.operator)._mark_renewed(self.newer)
        self.land()
        self.assertFalse(self.older.proposed_renewal_id)

    def test_viewers_decide_nothing(self):
        self.land()
        permit = self.older.with_user(self.viewer)
        for action in (permit.action_accept_renewal, permit.action_refuse_renewal):
            with self.assertRaises(AccessError):
                action()
        self.assertEqual(permit.proposed_renewal_id, self.newer)

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
