from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import fingerprint
from .type_case import OLD, OTHER, REMAINING, TypeCase, type_row

RENEWING, AGAIN = f"PERPANJANGAN {REMAINING.upper()}", f"DAFTAR ULANG {REMAINING}"
NPWP = "01.234.567.8-901.000"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestTypesRenewing(TypeCase):
    """PERPANJANGAN X counts as X where a manager says so."""

    def setUp(self):
        super().setUp()
        self.send_types(type_row(RENEWING, "4"))
        self.renewing = self.named(RENEWING).with_user(self.manager)
        self.types = self.renewing.browse()

    def pairs(self):
        """``{name: name}`` of what is to be decided."""
        domain = [("config_id", "=", self.config.id), ("has_likely_renews", "=", True)]
        found = self.types.search(domain)
        return {one.name: one.likely_renews_id.name for one in found}

    def land(self, registration, issued, expires):
        detail = {"issue_date": issued, "expiry_date": expires, "company_npwp": NPWP}
        row = {
            "id": self.permit(registration).id,
            "outcome": "found",
            "hash": fingerprint(detail),
            "detail": detail,
            "flags": [],
            "raw": {},
        }
        run = self.start("expiry")
        self.rpc("sicantik.permit", "apply_details", rows=[row], **run)
        self.finish(run)

    def bring_two(self, older=REMAINING, newer=RENEWING):
        """A permit that ends soon, and one that began now; the older one."""
        self.bring("1", "503/1", older)
        self.bring("2", "503/2", newer)
        self.land("1", "2023-03-20", "2026-03-20")
        self.land("2", "2026-03-01", "2029-03-01")
        return self.permit("1")

    def test_pairs_are_offered_by_their_names(self):
        self.send_types(
            type_row(AGAIN, "5"), type_row("PERPANJANGAN IZIN TANPA PASANGAN", "6")
        )
        self.assertEqual(self.pairs(), {RENEWING: REMAINING, AGAIN: REMAINING})
        message = self.types.renewal_pairs()["message"]
        self.assertIn("2 permit types", message)
        self.assertIn(REMAINING, message)

    def test_only_managers_are_asked_and_decide(self):
        for user in (self.viewer, self.operator):
            renewing = self.renewing.with_user(user)
            self.assertEqual(renewing.renewal_pairs(), {"message": ""})
            for decide in (
                renewing.action_count_as_renewed,
                renewing.action_count_as_no_other,
                renewing.action_forget_renewed_type,
            ):
                with self.assertRaises(AccessError):
                    decide()
        with self.assertRaises(AccessError):
            self.renewing.renews_type_id = self.named(REMAINING)

    def test_a_pair_counts_once_somebody_said_so(self):
        older = self.bring_two()
        self.assertFalse(older.proposed_renewal_id)
        self.renewing.action_count_as_renewed()
        self.assertEqual(self.renewing.renews_type_id, self.named(REMAINING))
        self.assertEqual(older.proposed_renewal_id, self.permit("2"), "at once")
        self.assertEqual(self.pairs(), {})
        self.assertEqual(self.types.renewal_pairs(), {"message": ""})
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            self.renewing.action_count_as_renewed()
        older.with_user(self.operator).action_refuse_renewal()
        self.land("2", "2026-03-02", "2029-03-01")
        self.assertFalse(older.proposed_renewal_id)

    def test_a_renewed_renewal_is_renewed_by_either(self):
        self.renewing.action_count_as_renewed()
        for newer in (RENEWING, REMAINING):
            older = self.bring_two(older=RENEWING, newer=newer)
            self.assertEqual(older.proposed_renewal_id, self.permit("2"), newer)
            (older | self.permit("2")).unlink()

    def test_what_is_declined_is_not_asked_again(self):
        older = self.bring_two()
        self.renewing.action_count_as_no_other()
        self.assertEqual(self.pairs(), {})
        self.send_types(type_row(RENEWING, "4", 3), type_row(REMAINING, "1", 3))
        self.assertEqual(self.pairs(), {})
        self.land("2", "2026-03-02", "2029-03-01")
        self.assertFalse(older.proposed_renewal_id)

    def test_an_answer_is_taken_back(self):
        older = self.bring_two()
        self.renewing.action_count_as_renewed()
        self.renewing.action_forget_renewed_type()
        self.assertFalse(older.proposed_renewal_id)
        self.assertEqual(self.pairs(), {RENEWING: REMAINING})
        self.renewing.action_count_as_no_other()
        self.renewing.action_forget_renewed_type()
        self.assertEqual(self.pairs(), {RENEWING: REMAINING})

    def test_odd_blanks_and_case(self):
        names = ("perpanjangan  izin apotek", "IZIN APOTEK  (Perpanjangan)")
        self.send_types(
            *[type_row(name, str(7 + n)) for n, name in enumerate(names)],
        )
        pairs = self.pairs()
        self.assertEqual([pairs[name] for name in names], [OTHER, OTHER])

    def test_a_renewal_of_a_renewal_counts_as_the_first(self):
        twice = f"PERPANJANGAN {RENEWING}"
        self.send_types(type_row(twice, "5"))
        self.assertEqual(self.pairs()[twice], REMAINING)
        for name in (twice, RENEWING):
            self.named(name).with_user(self.manager).action_count_as_renewed()
        older = self.bring_two(older=RENEWING, newer=twice)
        self.assertEqual(older.proposed_renewal_id, self.permit("2"))

    def test_a_chain_and_a_circle_of_answers(self):
        first, second, third = (self.named(n) for n in (REMAINING, RENEWING, OTHER))
        second.renews_type_id, third.renews_type_id = first, second
        kinds = self.types._kinds_of_renewals(self.config)
        self.assertEqual({kinds[one.id] for one in first | second | third}, {first.id})
        first.renews_type_id = third
        kinds = self.types._kinds_of_renewals(self.config)
        self.assertEqual(len({kinds[one.id] for one in first | second | third}), 1)

    def test_the_pair_is_of_the_type_that_remains(self):
        """Merged before the answer."""
        self.merge(REMAINING, remaining=OTHER)
        self.assertEqual(self.pairs(), {RENEWING: OTHER})
        self.go_on()
        self.renewing.action_count_as_renewed()
        older = self.bring_two(older=OTHER)
        self.assertEqual(older.proposed_renewal_id, self.permit("2"))

    def test_types_merged_after_the_answer(self):
        self.renewing.action_count_as_renewed()
        for remaining in (OLD, RENEWING):
            self.merge(REMAINING, remaining=remaining)
            self.go_on()
            older = self.bring_two(older=remaining)
            self.assertEqual(older.proposed_renewal_id, self.permit("2"), remaining)
            (older | self.permit("2")).unlink()
            self.named(REMAINING).with_user(self.manager).action_separate()
            self.go_on()

    def test_the_renewing_type_is_merged(self):
        self.merge(RENEWING, remaining=OTHER)
        self.assertEqual(self.pairs(), {})
        self.assertEqual(self.types.renewal_pairs(), {"message": ""})

    def test_an_archived_type_is_not_offered_and_what_was_said_holds(self):
        self.named(REMAINING).active = False
        self.assertEqual(self.pairs(), {})
        self.named(REMAINING).active = True
        self.renewing.action_count_as_renewed()
        self.named(REMAINING).active = False
        older = self.bring_two()
        self.assertEqual(older.proposed_renewal_id, self.permit("2"))

    def test_offices_do_not_share_types(self):
        """One has the type, the other one its renewal."""
        office = self.another_office()
        own = {"config_id": office.id, "company_id": office.company_id.id}
        alone = "PERPANJANGAN IZIN APOTEK"
        self.env["sicantik.permit.type"].create(
            {**own, "name": alone, "name_key": alone}
        )
        self.manager.company_ids |= office.company_id
        both = (self.config.company_id | office.company_id).ids
        types = self.types.with_context(allowed_company_ids=both)
        found = types.search([("has_likely_renews", "=", True)])
        self.assertEqual(found.mapped("name"), [RENEWING])
        stranger = types.search([("name", "=", alone)])
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            stranger.action_count_as_renewed()
