from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import row_of

from .notice_case import NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesDue(NoticeCase):
    """Which notices are made before a permit expires."""

    def test_only_the_nearest_step_that_was_passed_is_due(self):
        for days, expected in (
            (91, {}),
            (90, {"s90": "due"}),
            (61, {"s90": "due"}),
            (60, {"s60": "due", "s90": "skipped"}),
            (30, {"s30": "due", "s60": "skipped", "s90": "skipped"}),
            (8, {"s30": "due", "s60": "skipped", "s90": "skipped"}),
            (0, {"s7": "due", "s30": "skipped", "s60": "skipped", "s90": "skipped"}),
            (-1, {}),
        ):
            permit = self.permit_with(days)
            self.find()
            self.assertNotices(permit, **expected)
        skipped = self.notices.search([("state", "=", "skipped")])
        self.assertEqual(set(skipped.mapped("reason_code")), {"nearer"})
        self.assertFalse(any(skipped.mapped("channel")), "none was chosen")

    def test_drafts_and_what_ended_get_none(self):
        for status in ("draft", "expired", "renewed", "cancelled"):
            permit = self.permit_with(30, status=status)
            self.find()
            self.assertFalse(self.about(permit), status)
        permit = self.permit_with()
        self.find()
        self.assertFalse(self.about(permit), "no date")

    def test_defect_16_a_missed_day_loses_no_notice(self):
        """A step counts from its day on, so that a day on which the action does not run
        loses no notice."""
        permit = self.permit_with(31, partner_id=self.partner().id)
        self.run_action()
        self.assertNotices(permit, s90="skipped", s60="sent")
        self.clock.tick(timedelta(days=4))  # three days without Odoo
        self.run_action()
        self.assertNotices(permit, s90="skipped", s60="sent", s30="sent")
        self.assertIn("27 hari", self.mails(permit).sorted("id")[-1].body_html)
        self.clock.tick(timedelta(days=1))
        self.run_action()
        self.assertEqual(len(self.mails(permit)), 2, "and it is sent once")

    def test_steps_that_were_passed_before_go_live_make_none(self):
        self.config.go_live_date = "2026-03-08"
        passed_before = self.permit_with(30 - 3)  # on the 7th
        passed_after = self.permit_with(30 - 2)  # on the 8th
        self.find()
        self.assertFalse(self.about(passed_before))
        self.assertNotices(passed_after, s30="due")
        self.clock.tick(timedelta(days=20))
        self.find()
        self.assertNotices(passed_before, s7="due")

    def test_nobody_gets_one_before_go_live_or_without_a_date(self):
        permit = self.permit_with(30)
        for begin in (False, "2026-03-11"):
            self.config.go_live_date = begin
            self.find()
            self.assertFalse(self.about(permit), begin)
        self.config.write({"go_live_date": "2026-03-10", "active": False})
        self.find()
        self.assertFalse(self.about(permit), "archived")

    def test_half_past_eleven_in_jakarta_is_not_yet_tomorrow(self):
        permit = self.permit_with(31)
        self.config.go_live_date = "2026-03-10"
        with freeze_time("2026-03-10 16:30:00"):  # 23:30
            self.find()
            self.assertFalse(self.about(permit))
        with freeze_time("2026-03-10 17:00:00"):  # 00:00
            self.find()
            self.assertNotices(permit, s30="due")

    def test_go_live_is_a_day_of_the_office_too(self):
        self.config.go_live_date = "2026-03-11"
        permit = self.permit_with(31)
        with freeze_time("2026-03-10 16:59:59"):
            self.find()
            self.assertFalse(self.about(permit))
        with freeze_time("2026-03-10 17:00:00"):
            self.find()
            self.assertNotices(permit, s30="due")

    def test_a_new_date_begins_anew_and_an_old_one_does_not_come_again(self):
        permit = self.permit_with(30, partner_id=self.partner().id)
        self.run_action()
        self.deliver()
        permit.expiry_date = self.TODAY + timedelta(days=55)
        self.run_action()
        self.deliver()
        sent = self.about(permit).filtered(lambda n: n.state == "sent")
        self.assertEqual(sorted(sent.mapped("step")), [30, 60])
        permit.expiry_date = self.TODAY + timedelta(days=30)
        self.run_action()
        self.assertEqual(len(self.mails(permit)), 2)

    def test_an_office_may_drop_a_step(self):
        self.config.notice_steps = "60, 30"
        near, far = self.permit_with(5), self.permit_with(80)
        self.find()
        self.assertNotices(near, s30="due", s60="skipped")
        self.assertFalse(self.about(far))
        self.config.notice_steps = "90, 60, 45, 30, 7"
        self.find()
        self.assertNotices(far, s90="due")
        self.assertNotices(near, s7="due", s30="due", s60="skipped")
        self.config.notice_steps = False
        other = self.permit_with(5)
        self.find()
        self.assertFalse(self.about(other))

    def test_the_first_load_and_the_first_details_are_no_flood(self):
        """On the day of the first connection an office has permits in every stage."""
        self.config.write({"go_live_date": False, "worker_seen": False})
        run = self.start("permits")
        self.runs("queued", worker="w", version="1")
        self.assertEqual(self.config.go_live_date, self.TODAY)
        rows = [
            row_of(
                f"{n:04}",
                f"503/{n:04}",
                has_expiry=True,
                expiry_date=str(self.TODAY + timedelta(days=n - 50)),
            )
            for n in range(200)
        ]
        self.upsert(run, *rows)
        self.find()
        made = self.notices.search([])
        self.assertEqual(sorted(made.mapped("step")), [7, 30, 60, 90])
        for notice in made:
            days = (notice.expiry_date - self.TODAY).days
            self.assertEqual(days, notice.step, "passed on this very day")
