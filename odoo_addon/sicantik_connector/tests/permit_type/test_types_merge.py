from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import REMARK, row_of, type_of
from .type_case import OLD, OTHER, REMAINING, TypeCase, type_row


@tagged("post_install", "-at_install", "sicantik")
class TestTypesMerge(TypeCase):
    """Two names of one permit type become one type with an old name."""

    def test_the_permits_follow_and_the_old_name_stays(self):
        self.bring("1", "503/1")
        self.bring("2", "503/2", REMAINING)
        self.bring("3", "503/3", OTHER, further=[OLD])
        self.assertEqual(self.merge(OLD), 2)
        old, remaining = self.named(OLD), self.named(REMAINING)
        self.assertEqual(self.permit("1").permit_type_id, remaining)
        self.assertEqual(self.permit("2").permit_type_id, remaining)
        self.assertEqual(self.permit("3").permit_type_id, self.named(OTHER))
        self.assertEqual(self.permit("3").further_type_ids, remaining)
        self.assertEqual(old.merged_into_id, remaining)
        self.assertFalse(old.active)
        self.assertEqual((old.name, old.code), (OLD, "2"))
        self.assertEqual(remaining.alias_ids, old)

    def test_a_type_stands_once_in_a_permit(self):
        self.bring("1", "503/1", REMAINING, further=[OLD, OTHER])
        self.bring("2", "503/2", OLD, further=[REMAINING])
        self.bring("3", "503/3", OTHER, further=[OLD, REMAINING])
        self.merge(OLD)
        remaining, other = self.named(REMAINING), self.named(OTHER)
        for registration, main, further in (
            ("1", remaining, other),
            ("2", remaining, remaining.browse()),
            ("3", other, remaining),
        ):
            permit = self.permit(registration)
            self.assertEqual(permit.permit_type_id, main)
            self.assertEqual(permit.further_type_ids, further)

    def test_a_permit_without_a_number_keeps_its_record(self):
        self.bring("1")
        draft = self.permit("1")
        self.merge(OLD)
        self.go_on()
        self.assertEqual(draft.identity, f"T\x1f1\x1f{REMAINING.casefold()}")
        self.assertCounts(self.bring("1", name=REMAINING), unchanged=1)
        self.assertCounts(self.bring("1", "503/1", REMAINING), rekeyed=1)
        self.assertEqual(self.permit("1"), draft)

    def test_two_drafts_that_are_one_by_now_become_one(self):
        self.bring("1", name=REMAINING)
        kept = self.permit("1")
        self.bring("1", name=OLD)
        gone = self.permits.search([("registration_number", "=", "1")]) - kept
        gone.with_user(self.operator).notes = "<p>dari nama lama</p>"
        gone.with_user(self.operator).message_post(body=REMARK)
        self.merge(OLD)
        self.go_on()
        self.assertEqual(self.permit("1"), kept)
        self.assertIn("dari nama lama", kept.notes)
        self.assertIn("ditelepon", "".join(kept.message_ids.mapped("body")))
        self.assertCounts(self.bring("1", name=REMAINING), unchanged=1)

    def test_two_old_names_of_one_draft_become_one(self):
        self.bring("1", name=OLD)
        self.bring("1", name=OTHER)
        first = self.permits.search([("registration_number", "=", "1")], order="id")[0]
        self.merge(OLD, OTHER)
        self.assertEqual(self.permit("1"), first)
        self.assertEqual(first.identity, f"T\x1f1\x1f{REMAINING.casefold()}")

    def test_a_draft_becomes_part_of_the_numbered_permit_of_its_type(self):
        """On either side, and whether the type is the main one or a further one."""
        for registration, names in (("1", (REMAINING, OLD)), ("2", (OLD, REMAINING))):
            numbered, draft = names
            self.bring(registration, f"503/{registration}", numbered)
            self.bring(registration, name=draft)
        self.bring("3", "503/3", OTHER, further=[OLD])
        self.bring("3", name=REMAINING)
        self.assertEqual(self.permits.search_count([]), 6)
        self.merge(OLD)
        self.go_on()
        for registration in "123":
            permit = self.permit(registration)
            self.assertTrue(permit.permit_number)
            answer = self.bring(registration, name=REMAINING)
            self.assertCounts(answer, ignored=1)

    def test_the_next_pass_writes_nothing(self):
        rows = [("1", "503/1"), ("2", "503/2"), ("3", None)]
        for registration, number in rows:
            self.bring(registration, number)
        self.merge(OLD)
        self.go_on()
        rows = [row_of(*row, permit_type=type_of(REMAINING)) for row in rows]
        with self.statements() as found:
            self.assertCounts(self.upsert(self.run_key, *rows), unchanged=3)
        written = [one for one in found if one.startswith(("INSERT", "UPDATE"))]
        self.assertFalse(written)

    def test_a_worker_that_does_not_know_of_it_brings_no_type_back(self):
        self.merge(OLD)
        self.go_on()
        self.assertCounts(self.bring("1", "503/1"), created=1)
        self.assertCounts(self.bring("1", "503/1"), unchanged=1)
        self.assertEqual(self.permit("1").permit_type_id, self.named(REMAINING))

    def test_the_list_of_types_leaves_an_old_name_alone(self):
        self.merge(OLD)
        self.types_run = self.start("types")
        self.assertCounts(
            self.send_types(type_row(OLD, "2", 9), type_row(REMAINING, "1")),
            unchanged=2,
        )
        self.assertFalse(self.named(OLD).active)
        self.assertFalse(self.named(OLD).processing_days)
        # Its code under another name is another type, and stays known here, too.
        renamed = type_row("Izin Optikal Baru", "2")
        self.assertCounts(self.send_types(renamed), created=1)
        self.assertEqual((self.named(OLD).name, self.named(OLD).code), (OLD, "2"))
        self.assertCounts(self.send_types(renamed), unchanged=1)

    def test_there_are_no_chains(self):
        self.bring("1", "503/1")
        self.merge(OLD)
        self.merge(REMAINING, remaining=OTHER)
        other = self.named(OTHER)
        self.assertEqual(other.alias_ids, self.named(OLD) | self.named(REMAINING))
        self.assertEqual(self.permit("1").permit_type_id, other)
        with self.assertRaisesRegex(UserError, f"an old name of “{OTHER}” itself"):
            self.merge(OTHER, remaining=OLD)

    def test_the_worker_is_told_the_names(self):
        self.merge(OLD)
        [claimed] = self.claim(self.order("compare"))["claimed"]
        self.assertEqual(
            claimed["settings"]["type_aliases"],
            {OLD.casefold(): {"name": REMAINING, "key": REMAINING.casefold()}},
        )

    def test_old_names_are_found(self):
        self.bring("1", "503/1")
        self.merge(OLD)
        types = self.env["sicantik.permit.type"].with_user(self.viewer)
        self.assertEqual(types.name_search(OLD)[0][0], self.named(REMAINING).id)
        found = self.permits.search([("permit_type_id", "ilike", OLD)])
        self.assertEqual(found, self.permit("1"))
