from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .renewal_case import HolderCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewalAnswers(HolderCase):
    """What people answer to the proposal of a renewal."""

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
