from datetime import datetime, timedelta

from odoo.tests import tagged

from .notice_case import NoticeCase

NOTIFY = "sicantik_notice.mail_activity_notice"


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesStaff(NoticeCase):
    """Who answers for notices and who follows a permit hear of its new status."""

    def setUp(self):
        super().setUp()
        self.config.write({"notice_steps": "", "tell_staff": True})
        self.follower = self._user("follower", "sicantik_connector.group_viewer")
        self.follower.email = "pengikut@contoh.test"
        self.operator.email = "petugas@contoh.test"
        self.permit = self.followed()

    def followed(self, *more, **values):
        permit = self.permit_with(300, partner_id=self.partner().id, **values)
        users = self.follower.union(*more)
        permit.message_subscribe(partner_ids=users.partner_id.ids)
        return permit

    def staff(self, *permits):
        """What the office was told of them, in the order in which it was made."""
        domain = [
            ("permit_id", "in", [permit.id for permit in permits or [self.permit]]),
            ("recipient_type", "=", "staff"),
        ]
        return self.notices.search(domain, order="id")

    def end(self, *permits, user=None):
        for permit in permits or [self.permit]:
            permit.with_user(user or self.manager)._cancel("Keputusan 1", "revoked")

    def reopen(self, user=None):
        self.permit.with_user(user or self.manager)._reopen()

    def test_the_responsible_person_and_followers_are_told(self):
        self.end()
        self.run_action()
        told = self.staff()
        self.assertEqual(told.recipient_user_id, self.operator | self.follower)
        self.assertEqual(told.mapped("state"), ["sent", "sent"])
        for notice in told:
            body = notice.mail_id.body_html
            for words in (
                notice.recipient_user_id.name,
                "Pembaruan status perizinan",
                "dicabut",
                "PEMOHON CONTOH",
                self.permit.registration_number,
                f"res_id={self.permit.id}",
            ):
                self.assertIn(words, body)
            self.assertNotIn("Anda telah", body)
        applicant = self.about(self.permit) - told
        self.assertEqual(
            (applicant.recipient_type, applicant.state), ("applicant", "sent")
        )

    def test_many_at_once_take_few_queries(self):
        """What is looked up for fifty is looked up for five."""

        def statements(number, tell):
            permits = self.permits.union(*(self.followed() for _n in range(number)))
            permits.partner_id = self.permit.partner_id
            self.config.tell_staff = tell
            self.env.flush_all()
            self.env.invalidate_all()
            with self.statements() as sql:
                permits.with_user(self.manager)._cancel("Keputusan 1", "revoked")
                self.env.flush_all()
            self.assertEqual(len(self.staff(*permits)), 2 * number * tell)
            return len(sql)

        five, fifty = (
            statements(number, True) - statements(number, False) for number in (5, 50)
        )
        self.assertLess(fifty - five, 10, (five, fifty))

    def test_in_english(self):
        self.config.company_id.sicantik_notice_language = "en"
        self.end()
        self.run_action()
        for words in ("status of a permit has changed", "revoked", "Details"):
            self.assertIn(words, self.staff()[0].mail_id.body_html)

    def test_without_an_address_by_activity(self):
        self.follower.email = False
        self.end()
        self.run_action()
        activity = self.permit.activity_search([NOTIFY], user_id=self.follower.id)
        self.assertEqual(activity.summary, "Status Changed")
        self.assertIn("Revoked", activity.note)

    def test_nobody_twice(self):
        self.permit.message_subscribe(partner_ids=self.operator.partner_id.ids)
        self.end()
        self.assertEqual(self.staff().recipient_user_id, self.operator | self.follower)
        self.assertEqual(len(self.staff()), 2)

    def test_who_did_it_knows_it(self):
        self.end(user=self.operator)
        self.assertEqual(self.staff().recipient_user_id, self.follower)

    def test_who_is_asked_to_tell_the_applicant_is_asked_only(self):
        self.permit.partner_id.email = False
        self.end()
        self.run_action()
        self.assertEqual(self.activities(self.permit).user_id, self.operator)
        self.assertEqual(self.staff().recipient_user_id, self.follower)

    def test_a_user_who_is_the_applicant_hears_of_it_as_applicant(self):
        self.permit.partner_id = self.follower.partner_id
        self.end()
        self.assertEqual(self.staff().recipient_user_id, self.operator)

    def test_followers_who_may_not_see_the_permit(self):
        other = self.another_office().company_id
        elsewhere = self._user(
            "elsewhere",
            "sicantik_connector.group_operator",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        employee = self._user("employee", "base.group_user")
        visitor = self._user("visitor", "base.group_portal")
        gone = self._user("gone", "sicantik_connector.group_viewer")
        permit = self.followed(elsewhere, employee, visitor, gone)
        gone.active = False
        self.end(permit)
        told = self.staff(permit).recipient_user_id
        self.assertEqual(told, self.operator | self.follower)

    def test_who_may_not_see_it_any_more_is_not_told(self):
        self.end()
        self.follower.active = False
        self.run_action()
        mine = self.staff().filtered(lambda n: n.recipient_user_id == self.follower)
        self.assertEqual((mine.state, mine.reason_code), ("cancelled", "left"))

    def test_the_switch(self):
        office = self.env["sicantik.office"].with_user(self.manager)
        office = office.create(
            {"sicantik_notice_language": "id", "config_id": self.config.id}
        )
        self.assertTrue(office.tell_staff)
        office.tell_staff = False
        self.assertFalse(self.config.tell_staff)
        self.end()
        self.assertFalse(self.staff())
        self.assertTrue(self.about(self.permit), "the applicant is told all the same")

    def test_what_is_taken_back_at_once_is_told_to_nobody(self):
        self.end()
        self.reopen()
        self.run_action()
        self.assertEqual(set(self.staff().mapped("state")), {"cancelled"})

    def test_of_one_permit_once_a_day(self):
        self.end()
        self.run_action()
        self.deliver()
        self.clock.tick(timedelta(hours=1))
        self.reopen()
        self.run_action()
        waiting = self.staff()[2:]
        self.assertEqual(set(waiting.mapped("state")), {"due"})
        morning = datetime(2026, 3, 11, 2)
        self.assertEqual(set(waiting.mapped("date_due")), {morning})
        self.clock.tick(timedelta(hours=1))
        self.end()
        self.run_action()
        self.assertEqual(set(waiting.mapped("state")), {"cancelled"})
        self.assertEqual(len(self.staff()), 4, "they know that it is so")
        self.reopen()
        self.clock.move_to("2026-03-11 02:00:00")
        self.run_action()
        last = self.staff()[4:]
        self.assertEqual(set(last.mapped("state")), {"sent"})
        self.assertRegex(
            last[0].mail_id.body_html, "dicabut</t> menjadi|dicabut menjadi"
        )

    def test_several_at_once_are_one_message(self):
        second, third = self.followed(), self.followed()
        self.end(self.permit, second, third)
        self.run_action()
        for user in (self.operator, self.follower):
            told = self.staff(self.permit, second, third).filtered(
                lambda notice, user=user: notice.recipient_user_id == user
            )
            self.assertEqual(len(told), 3)
            mail = told.mail_id
            self.assertEqual(len(mail), 1)
            self.assertTrue(mail.subject.endswith("(+2)"))
            self.assertIn("lain yang statusnya juga berubah", mail.body_html)
            self.assertIn("berlaku menjadi dicabut", mail.body_html)
            self.assertNotIn("akan berakhir", mail.body_html)
            for permit in (self.permit, second, third):
                self.assertIn(permit.permit_number, mail.body_html)

    def test_several_at_once_are_one_activity(self):
        self.follower.email = False
        second = self.followed()
        self.end(self.permit, second)
        self.run_action()
        told = self.staff(self.permit, second).filtered(
            lambda notice: notice.recipient_user_id == self.follower
        )
        activity = told.activity_id
        self.assertEqual(len(activity), 1)
        self.assertIn("The same of these permits", activity.note)
        self.assertIn(second.permit_number, activity.note)
        self.assertEqual(activity.note.count("Revoked"), 2)

    def test_nobody_before_the_office_is_live(self):
        self.config.go_live_date = False
        self.end()
        self.assertFalse(self.staff())

    def test_what_follows_from_a_date_is_told_to_nobody(self):
        self.permit.status = "expired"
        self.assertFalse(self.staff())
