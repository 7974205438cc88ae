from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import GROUP

from ...models.notice import send
from .notice_case import NoticeCase

FAILED = "sicantik_notice.mail_activity_failed_notices"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesLeave(NoticeCase):
    """Whoever was asked to tell an applicant leaves: somebody else is asked."""

    def setUp(self):
        super().setUp()
        self.next = self._user("next", f"{GROUP}operator")
        self.permit = self.permit_with(90)
        self.run_action()
        self.notice = self.about(self.permit)
        self.assertEqual(self.activities(self.permit).user_id, self.operator)

    def ways_to_leave(self):
        """``{how: call}``: each takes the operator away, as an administrator does."""
        user, groups = self.operator, self.env["res.groups"]
        # Odoo 18 gives people the groups that a group implies, too.
        given = self.env.ref(f"{GROUP}operator") | self.env.ref(f"{GROUP}viewer")
        members = "user_ids" if "user_ids" in groups._fields else "users"
        own = "group_ids" if "group_ids" in user._fields else "groups_id"
        company = self.another_office().company_id
        return {
            "archived by the button": user.action_archive,
            "archived by a write": lambda: user.write({"active": False}),
            "deleted": user.unlink,
            "taken out of the group": lambda: user.write(
                {own: [(3, group.id) for group in given]}
            ),
            "taken out on the group": lambda: given.write({members: [(3, user.id)]}),
            "moved to another company": lambda: user.write(
                {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
            ),
        }

    def leaves(self):
        """Each way in turn, as if it were the only one."""
        for how, leave in self.ways_to_leave().items():
            with self.subTest(how), self.cr.savepoint() as savepoint:
                leave()
                self.env.flush_all()
                self.env.invalidate_all()
                yield how
                savepoint.rollback()
                self.env.registry.clear_cache()
                self.env.invalidate_all()

    def test_the_next_one_is_asked_at_once(self):
        self.config.user_id = self.next
        for how in self.leaves():
            self.assertEqual(self.activities(self.permit).user_id, self.next, how)
            self.assertEqual(
                (self.notice.state, self.notice.user_id.id), ("sent", self.next.id)
            )
            self.assertEqual(self.notice.activity_id, self.activities(self.permit))

    def test_where_nobody_answers_it_waits_and_then_says_so(self):
        for how in self.leaves():
            self.assertFalse(self.activities(self.permit), how)
            self.assertEqual(self.notice.state, "due", how)
            self.run_action()
            self.assertEqual(
                (self.notice.state, self.notice.reason_code),
                ("failed", "no_responsible"),
            )
            asked = self.config.activity_search([FAILED])
            self.assertTrue(asked and asked.user_id.active)
            self.config.user_id = self.next
            self.assertEqual(self.notice.state, "due", "by itself")
            self.run_action()
            self.assertEqual(self.activities(self.permit).user_id, self.next)
            self.assertFalse(self.config.activity_search([FAILED]))

    def test_the_next_one_may_be_chosen_before_the_next_morning(self):
        self.operator.action_archive()
        self.config.user_id = self.next
        self.run_action()
        self.assertEqual(self.activities(self.permit).user_id, self.next)
        self.assertEqual(self.notice.state, "sent")

    def test_housekeeping_finds_what_no_change_of_a_user_told(self):
        self.config.user_id = self.next
        self.env.cr.execute(
            "UPDATE res_users SET active = false WHERE id = %s", [self.operator.id]
        )
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.keep_house()
        self.assertEqual(self.activities(self.permit).user_id, self.next)

    def test_what_was_done_or_cancelled_is_not_asked_again(self):
        other = self.permit_with(90)
        self.run_action()
        self.activities(self.permit).action_feedback(feedback="Sudah ditelepon")
        self.activities(other).unlink()
        self.config.user_id = self.next
        self.operator.action_archive()
        self.run_action()
        self.assertFalse(self.activities(self.permit) | self.activities(other))
        self.assertEqual(self.notice.state, "delivered")
        self.assertEqual(self.about(other).state, "sent")

    def test_what_is_not_true_any_more_is_not_asked_for(self):
        self.config.user_id = self.next
        self.permit.status = "renewed"
        self.operator.action_archive()
        self.assertEqual(
            (self.notice.state, self.notice.reason_code), ("cancelled", "changed")
        )
        self.assertFalse(self.activities(self.permit))

    def test_other_changes_of_a_user_move_nothing(self):
        activity = self.activities(self.permit)
        self.config.user_id = self.next
        self.operator.write({"name": "Nama Baru"})
        self.operator.partner_id.write({"phone": "0800 000 0000"})
        self.assertEqual(self.activities(self.permit), activity)
        self.assertEqual(activity.user_id, self.operator)

    def test_who_is_told_himself_and_leaves_hears_nothing_more(self):
        self.viewer.email = False
        told = self.notices._tell_people(self.config, "status_update", "x", self.viewer)
        self.run_action()
        self.assertEqual(told.activity_id.user_id, self.viewer)
        own = "group_ids" if "group_ids" in self.viewer._fields else "groups_id"
        self.viewer.write({own: [(3, self.env.ref(f"{GROUP}viewer").id)]})
        self.assertFalse(told.activity_id)
        self.assertEqual((told.state, told.reason_code), ("cancelled", "left"))

    def test_of_a_configuration_that_is_archived_it_waits(self):
        self.config.user_id = self.next
        self.config.active = False
        self.operator.action_archive()
        self.assertEqual(self.notice.state, "due")
        self.config.active = True
        self.run_action()
        self.assertEqual(self.activities(self.permit).user_id, self.next)

    def test_the_page_says_that_the_responsible_person_left(self):
        self.assertTrue(self.config.is_answered)
        self.operator.action_archive()
        self.assertFalse(self.config.with_user(self.manager).is_answered)

    def test_an_officer_leaves_in_the_middle_of_a_morning_of_200(self):
        """Half by e-mail, half by telephone: each applicant is told once, or stands in
        somebody's list."""
        permits = [
            self.permit_with(
                30,
                partner_id=number % 2 == 1
                and self.partner(f"p{number}@contoh.test").id,
                applicant_name=f"PEMOHON {number}",
            )
            for number in range(200)
        ]
        self.find()
        with patch.object(send, "SENT_AT_ONCE", 100):
            self.assertTrue(self.send())
            self.operator.action_archive()
            while self.send():
                pass
        self.config._tell_of_failures()
        mails = [len(self.mails(permit)) for permit in permits]
        self.assertEqual(mails, [0, 1] * 100)
        by_phone = self.told(*permits[::2])
        self.assertEqual(set(by_phone.mapped("reason_code")), {"no_responsible"})
        listed = self.config.activity_search([FAILED])
        self.assertTrue(listed.user_id.active)
        self.assertIn("101", listed.note)
        self.config.user_id = self.next
        self.clock.tick(timedelta(minutes=1))
        self.run_action()
        for permit, mail in zip(permits, mails, strict=True):
            asked = self.activities(permit)
            self.assertEqual(len(asked), 1 - mail)
            self.assertEqual(len(self.mails(permit)), mail)
            self.assertEqual(asked.user_id, self.next if asked else asked.user_id)
