from odoo.tests import tagged

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesMerge(NoticeCase):
    """Odoo's own wizard merges contacts: nobody is told twice, nothing is lost."""

    def setUp(self):
        super().setUp()
        self.kept = self.partner("tetap@contoh.test")
        self.gone = self.partner("hilang@contoh.test")

    def merge(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [(6, 0, (self.kept | self.gone).ids)],
                "dst_partner_id": self.kept.id,
            }
        )
        wizard.action_merge()
        self.assertFalse(self.gone.exists())
        self.env.invalidate_all()

    def tell(self, permit, partner):
        return self.notices._tell(permit, "status_update", "x:1", partner)

    def test_what_waits_goes_to_the_contact_that_stays(self):
        permit = self.permit_with(30, partner_id=self.gone.id)
        self.find()
        self.merge()
        due = self.about(permit).filtered(lambda n: n.state == "due")
        self.assertEqual(due.partner_id, self.kept)
        self.assertEqual(due.recipient_key, f"partner:{self.kept.id}")
        self.run_action()
        self.assertEqual(self.mails(permit).recipient_ids, self.kept)

    def test_what_was_sent_is_not_sent_again(self):
        permit = self.permit_with(30, partner_id=self.gone.id)
        self.run_action()
        before = self.about(permit)
        self.merge()
        self.run_action()
        self.assertEqual(self.about(permit), before)
        self.assertEqual(len(self.mails(permit)), 1)

    def test_of_two_that_become_the_same_one_is_sent(self):
        permit = self.permit_with(300)
        both = self.tell(permit, self.kept) | self.tell(permit, self.gone)
        self.assertEqual(set(both.mapped("state")), {"due"})
        self.merge()
        self.assertEqual(both.exists(), both, "nothing is lost")
        self.assertEqual(both.partner_id, self.kept)
        self.run_action()
        self.assertEqual(sorted(both.mapped("state")), ["cancelled", "sent"])
        cancelled = both.filtered(lambda n: n.state == "cancelled")
        self.assertEqual(cancelled.reason_code, "merged")
        self.assertEqual(len(self.mails(permit)), 1)

    def test_what_the_contact_that_stays_was_told_is_not_told_again(self):
        self.told_before_the_merge(self.kept, self.gone)

    def test_what_the_contact_that_goes_was_told_is_not_told_again(self):
        self.told_before_the_merge(self.gone, self.kept)

    def told_before_the_merge(self, told, waiting):
        permit = self.permit_with(300)
        first = self.tell(permit, told)
        self.run_action()
        second = self.tell(permit, waiting)
        self.merge()
        self.assertEqual((first.state, second.state), ("sent", "cancelled"))
        self.assertEqual(first.recipient_key, f"partner:{self.kept.id}")
        self.assertNotEqual(second.recipient_key, first.recipient_key)
        self.run_action()
        self.assertEqual(len(self.mails(permit)), 1)

    def test_both_told_stay_as_they_are(self):
        permit = self.permit_with(300)
        both = self.tell(permit, self.kept) | self.tell(permit, self.gone)
        self.run_action()
        self.merge()
        self.assertEqual(both.mapped("state"), ["sent", "sent"])
        self.assertEqual(both.partner_id, self.kept)
        self.assertFalse(self.tell(permit, self.kept), "and no third one")

    def test_what_was_taken_back_keeps_out_of_the_way(self):
        """The same may be told again, now to the contact that stays."""
        permit = self.permit_with(300)
        notice = self.tell(permit, self.gone)
        notice._step_aside(notice.recipient_key)
        self.merge()
        self.assertEqual(notice.partner_id, self.kept)
        self.assertTrue(notice.recipient_key.endswith(f"#{notice.id}"))
        self.assertTrue(self.tell(permit, self.kept))

    def test_another_company_s_notices_follow_too(self):
        other = self.another_office(go_live_date="2025-01-01")
        there = self.permit_with(30, config=other, partner_id=self.gone.id)
        self.find()
        self.merge()
        notices = self.about(there)
        self.assertEqual(len(notices), 3)
        self.assertEqual(notices.partner_id, self.kept)

    def test_a_deleted_contact_leaves_the_notice_and_its_key(self):
        permit = self.permit_with(90, partner_id=self.gone.id)
        self.run_action()
        key = f"partner:{self.gone.id}"
        permit.partner_id = False
        self.gone.unlink()
        self.env.invalidate_all()
        notice = self.about(permit)
        self.assertEqual((notice.state, notice.recipient_key), ("sent", key))
        self.assertFalse(notice.partner_id)
        self.run_action()
        self.assertEqual(self.about(permit), notice)

    def test_permits_that_become_one_keep_their_notices(self):
        first, second = self.permit_with(300), self.permit_with(300)
        kept = self.notices._tell(first, "status_update", "x:1")
        moved = self.notices._tell(second, "status_update", "x:1")
        other = self.notices._tell(second, "status_update", "x:2")
        first._absorb(second)
        self.env.invalidate_all()
        self.assertEqual(self.about(first), kept | moved | other)
        states = [(kept | moved).mapped("state"), other.state]
        self.assertEqual(states, [["due", "cancelled"], "due"])
