from odoo.exceptions import UserError
from odoo.tests import tagged

from .type_case import OLD, OTHER, REMAINING, TypeCase, type_row


@tagged("post_install", "-at_install", "sicantik")
class TestTypesMergeRuns(TypeCase):
    """Merging and separating while syncs run."""

    def test_a_run_that_reads_names_begins_again_with_the_new_ones(self):
        expiry = self.start("expiry")
        self.bring("1", "503/1")
        self.merge(OLD)
        run = self.run_of(self.run_key)
        self.assertEqual((run.state, run.attempts), ("queued", 0))
        with self.assertRaisesRegex(UserError, "^stale_token"):
            self.bring("2", "503/2")
        refused = self.finish(self.run_key)["refused"]
        self.assertEqual(refused[0]["code"], "stale_token")
        self.assertEqual(self.run_of(expiry).state, "claimed")

        settings = self.go_on()
        self.assertEqual(list(settings["type_aliases"]), [OLD.casefold()])
        self.assertCounts(self.bring("1", "503/1", REMAINING), unchanged=1)

    def test_a_run_of_everything_goes_on_once_it_asks_for_expiry_dates(self):
        everything = self.start("all")
        self.runs("report", reports=[{**everything, "stage": "expiry"}])
        self.merge(OLD)
        self.assertEqual(self.run_of(everything).state, "claimed")

    def test_what_a_late_batch_left_behind_follows_before_the_next_run(self):
        """A batch from before the merge knows nothing of it and may land after it."""
        self.bring("1", "503/1", REMAINING)
        self.bring("2", None, REMAINING)
        self.merge(OLD)
        old = self.named(OLD)
        late = {"permit_type_id": old.id}
        self.permit("1").write({**late, "further_type_ids": [(6, 0, old.ids)]})
        self.permit("2").copy({**late, "identity": f"T\x1f2\x1f{OLD.casefold()}"})
        self.env.flush_all()
        self.start("compare")
        remaining = self.named(REMAINING)
        self.assertEqual(self.permit("1").permit_type_id, remaining)
        self.assertFalse(self.permit("1").further_type_ids)
        self.assertEqual(self.permit("2").identity, f"T\x1f2\x1f{remaining.name_key}")

    def test_separated_types_take_their_permits_back_in_the_next_pass(self):
        self.bring("1", "503/1")
        self.bring("2", "503/2", OTHER, further=[OLD])
        self.merge(OLD)
        old = self.named(OLD)
        compare = self.start("compare")
        old.with_user(self.manager).action_separate()
        self.assertTrue(old.active)
        self.assertFalse(old.merged_into_id)
        self.assertFalse(self.named(REMAINING).alias_ids)
        self.assertEqual(self.permit("1").permit_type_id, self.named(REMAINING))
        self.assertEqual(self.run_of(compare).state, "queued")

        self.go_on()
        self.assertCounts(self.bring("1", "503/1"), updated=1)
        self.assertCounts(self.bring("2", "503/2", OTHER, further=[OLD]), updated=1)
        self.assertEqual(self.permit("1").permit_type_id, old)
        self.assertEqual(self.permit("2").further_type_ids, old)

    def test_merging_costs_the_same_for_many_permits(self):
        counts = []
        for size in (1, 40):
            for number in range(size):
                self.bring(f"{size}-{number}", f"503/{size}-{number}")
                self.bring(f"{size}-{number}", f"504/{size}-{number}", OTHER, [OLD])
                self.bring(f"{size}-{number}d")
            with self.statements() as found:
                self.named(OLD).with_user(self.manager)._merge_into(
                    self.named(REMAINING).with_user(self.manager)
                )
            counts.append(len(found))
            self.named(OLD).with_user(self.manager).action_separate()
            self.go_on()
        self.assertLessEqual(counts[1], counts[0])

    def test_identities_that_were_swapped_are_put_right(self):
        """SICANTIK renamed two types into each other; each draft holds the identity
        that the other one gets."""
        self.send_types(type_row("Apotek", "9"))
        self.bring("1", None, REMAINING)
        self.bring("1", None, OTHER)
        drafts = self.permits.search([("registration_number", "=", "1")], order="id")
        identities = drafts.mapped("identity")
        self.merge(OLD)
        self.merge("Apotek", remaining=OTHER)
        drafts[0].identity = "aside"
        self.env.flush_all()
        for draft, identity in zip(drafts[::-1], identities, strict=True):
            draft.identity = identity
            self.env.flush_all()
        self.start("compare")
        self.assertEqual(drafts.mapped("identity"), identities)
