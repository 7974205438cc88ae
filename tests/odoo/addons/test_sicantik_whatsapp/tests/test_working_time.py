from datetime import datetime

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sicantik_whatsapp.tests.whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWorkingTime(WhatsappCase):
    """The office's hours are Odoo's working time of the company."""

    def setUp(self):
        super().setUp()
        # Of whoever installed it: the office has a clock of its own.
        self.calendar = self.env["resource.calendar"].create(
            {
                "name": "Jam kantor",
                "company_id": self.config.company_id.id,
                "tz": "UTC",
                "attendance_ids": [
                    fields.Command.create(
                        {
                            "name": f"{day}",
                            "dayofweek": day,
                            "day_period": "morning",
                            "hour_from": 8.0,
                            "hour_to": 14.5,
                        }
                    )
                    for day in "0123"  # Monday to Thursday
                ],
            }
        )
        self.config.company_id.resource_calendar_id = self.calendar

    def assertOpens(self, now, opens):
        self.clock.move_to(now)
        expected = datetime.fromisoformat(opens)
        self.assertEqual(self.config._office_time(), expected, now)

    def test_the_calendar_s_hours_by_the_office_s_clock(self):
        for now, opens in (
            ("2026-03-10 00:45:00", "2026-03-10 01:00:00"),  # Tuesday 7:45: 8:00
            ("2026-03-10 03:00:00", "2026-03-10 03:00:00"),  # 10:00
            ("2026-03-10 07:30:00", "2026-03-11 01:00:00"),  # 14:30
            ("2026-03-12 08:00:00", "2026-03-16 01:00:00"),  # Thursday 15:00: Monday
        ):
            self.assertOpens(now, opens)

    def test_holidays_count(self):
        """Of the company, of this calendar, and of none."""
        self.calendar.global_leave_ids = [
            fields.Command.create(
                {
                    "name": "Hari raya",
                    "date_from": "2026-03-10 17:00:00",  # the 11th in Jakarta
                    "date_to": "2026-03-29 16:59:59",
                }
            )
        ]
        self.assertOpens("2026-03-10 08:00:00", "2026-03-30 01:00:00")
        self.assertOpens("2026-03-20 03:00:00", "2026-03-30 01:00:00")

    def test_a_notice_waits_for_them(self):
        self.config.notice_steps = ""
        official = self.agreed(name="Pejabat Contoh")
        self.clock.move_to("2026-03-13 03:00:00")  # Friday 10:00: nobody works
        told = self.notices._tell_people(self.config, "document_pending", "x", official)
        self.run_action()
        opens = datetime(2026, 3, 16, 1)
        self.assertEqual((told.state, told.date_due), ("due", opens))
        self.clock.move_to("2026-03-16 01:00:00")
        self.run_action()
        self.assertEqual(told.state, "sent")

    def test_a_calendar_without_hours_says_nothing(self):
        self.calendar.attendance_ids.unlink()
        self.assertOpens("2026-03-10 00:00:00", "2026-03-10 00:30:00")

    def test_whoever_may_not_see_calendars_asks_as_well(self):
        employee = self._user("employee", "base.group_user")
        config = self.config.with_user(employee).sudo().with_user(self.operator)
        self.clock.move_to("2026-03-10 00:45:00")
        self.assertEqual(config._office_time(), datetime(2026, 3, 10, 1))
