from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from .whatsapp_case import WhatsappCase

# Tuesday, 10 March 2026; Jakarta is seven hours ahead.
CASES = (
    ("2026-03-10 03:00:00", "2026-03-10 03:00:00"),  # Tuesday 10:00
    ("2026-03-10 08:59:00", "2026-03-10 08:59:00"),  # 15:59
    ("2026-03-10 09:00:00", "2026-03-11 00:30:00"),  # 16:00: the next day at 7:30
    ("2026-03-10 23:00:00", "2026-03-11 00:30:00"),  # Wednesday 6:00
    ("2026-03-11 00:30:00", "2026-03-11 00:30:00"),  # 7:30
    ("2026-03-13 10:00:00", "2026-03-16 00:30:00"),  # Friday 17:00: Monday
    ("2026-03-14 03:00:00", "2026-03-16 00:30:00"),  # Saturday
)


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappOfficeHours(WhatsappCase):
    """People of the office and officials are written to in the office's hours."""

    def setUp(self):
        super().setUp()
        self.config.notice_steps = ""
        self.agreeing(self.operator.partner_id, "+6283601000201")
        self.official = self.agreed("+6283601000202", name="Pejabat Contoh")
        # Whatever calendar this Odoo gave the company.
        company = self.config.company_id
        if "resource_calendar_id" in company._fields:
            company.resource_calendar_id = False

    def tell(self, *people, event="x"):
        told = self.notices
        for person in people:
            told |= self.notices._tell_people(
                self.config, "document_pending", event, person
            )
        return told

    def test_the_usual_hours(self):
        for now, opens in CASES:
            self.clock.move_to(now)
            expected = datetime.fromisoformat(opens)
            self.assertEqual(self.config._office_time(), expected, now)

    def test_by_the_office_s_own_clock(self):
        self.config.tz = "Asia/Jayapura"
        self.clock.move_to("2026-03-10 07:00:00")  # 16:00 there
        opens = datetime(2026, 3, 10, 22, 30)
        self.assertEqual(self.config._office_time(), opens)

    def test_in_the_evening_it_waits_until_the_office_opens(self):
        self.clock.move_to("2026-03-10 10:00:00")  # 17:00
        told = self.tell(self.operator, self.official)
        opens = datetime(2026, 3, 11, 0, 30)
        self.assertEqual(set(told.mapped("date_due")), {opens})
        self.run_action()
        self.assertEqual(set(told.mapped("state")), {"due"})
        self.clock.move_to("2026-03-11 00:29:00")
        self.run_action()
        self.assertEqual(set(told.mapped("state")), {"due"})
        triggers = self.env["ir.cron.trigger"].search([])
        self.assertIn(opens, triggers.mapped("call_at"))
        self.clock.move_to(str(opens))
        self.run_action()
        self.assertEqual(set(told.mapped("state")), {"sent"})

    def test_of_many_the_hours_are_asked_for_once(self):
        self.config.write({"user_id": self.operator.id, "tell_staff": True})
        holder = {"partner_id": self.partner().id}
        permits = [self.permit_with(300, **holder) for _number in range(50)]
        permits = self.permits.union(*permits)
        config_class, asked = self.env.registry["sicantik.config"], []
        hours = config_class._office_time

        def counted(config):
            asked.append(config)
            return hours(config)

        with patch.object(config_class, "_office_time", counted):
            permits.with_user(self.manager)._cancel("Keputusan 1", "revoked")
        told = self.notices.search([("recipient_user_id", "=", self.operator.id)])
        self.assertEqual(len(told), 50)
        self.assertEqual(set(told.mapped("channel")), {"whatsapp"})
        self.assertEqual(len(asked), 1)

    def test_before_nine_the_worker_may_send_it_and_applicants_wait(self):
        self.clock.move_to("2026-03-11 00:45:00")  # 7:45
        told = self.tell(self.operator)
        permit = self.permit_with(300, partner_id=self.agreed().id)
        applicant = self.notices._tell(permit, "permit_ready", "x")
        self.run_action()
        self.assertEqual((told.state, applicant.state), ("sent", "due"))
        self.assertEqual(applicant.date_due, datetime(2026, 3, 11, 2))
        [claimed] = self.claim()["claimed"]
        self.assertTrue(claimed["at_night"])

    def test_what_may_go_out_early_does_not_go_out_at_night(self):
        """It is of use until the office closes, then it begins anew."""
        self.clock.move_to("2026-03-11 00:35:00")  # 7:35
        told = self.tell(self.operator)
        self.run_action()
        message = told.whatsapp_message_ids
        [claimed] = self.claim()["claimed"]
        self.assertEqual(claimed["expires_at"], "2026-03-11 09:00:00")
        self.hear(message, "waiting", "2026-03-11 00:36:00", why="limit_day")
        self.clock.move_to("2026-03-11 09:00:00")  # 16:00
        self.hear(message, "expired", "2026-03-11 09:00:00")
        self.assertEqual(told.state, "due")
        self.run_action()
        self.assertEqual(told.state, "due")
        self.clock.move_to("2026-03-12 00:30:00")
        self.run_action()
        anew = told.whatsapp_message_ids - message
        self.assertEqual((told.state, anew.key), ("sent", message.key))
        self.clock.move_to("2026-03-30 03:00:00")
        self.hear(anew, "expired", "2026-03-30 03:00:00")
        self.assertEqual(told.state, "failed", "a week is over")

    def test_applicants_are_written_to_until_the_evening(self):
        self.clock.move_to("2026-03-10 11:00:00")  # 18:00
        permit = self.permit_with(300, partner_id=self.agreed().id)
        told = self.notices._tell(permit, "permit_ready", "x")
        self.run_action()
        self.assertEqual(told.state, "sent")
        [claimed] = self.claim()["claimed"]
        self.assertFalse(claimed["at_night"])

    def test_e_mails_do_not_wait(self):
        self.official._set_whatsapp_consent("opted_out", "counter")
        self.clock.move_to("2026-03-10 11:00:00")  # 18:00
        told = self.tell(self.official)
        self.run_action()
        self.assertEqual((told.state, told.channel), ("sent", "email"))

    def test_who_agrees_meanwhile_is_not_written_to_in_the_evening(self):
        self.official._set_whatsapp_consent("opted_out", "counter")
        self.clock.move_to("2026-03-10 11:00:00")
        told = self.tell(self.official)
        self.official._set_whatsapp_consent("opted_in", "counter")
        self.run_action()
        self.assertEqual((told.state, told.channel), ("due", "whatsapp"))
        self.assertEqual(told.date_due, datetime(2026, 3, 11, 0, 30))

    def test_what_no_worker_took_waits_at_odoo(self):
        self.clock.move_to("2026-03-10 08:55:00")  # 15:55
        told = self.tell(self.official)
        self.run_action()
        self.assertEqual(told.state, "sent")
        self.clock.move_to("2026-03-10 12:00:00")
        self.assertFalse(self.claim()["claimed"])
        self.clock.move_to("2026-03-11 00:30:00")
        self.assertEqual(len(self.claim()["claimed"]), 1)

    def test_sent_again_it_waits_as_well(self):
        told = self.tell(self.official)
        self.run_action()
        self.claim()
        self.hear(told.whatsapp_message_ids, "failed", why="provider")
        self.clock.move_to("2026-03-10 10:00:00")
        told.with_user(self.operator).action_send_again()
        self.assertEqual(told.date_due, datetime(2026, 3, 11, 0, 30))

    def test_one_office_s_hours_are_not_the_other_s(self):
        east = self.another_office(
            "Timur", tz="Asia/Jayapura", go_live_date="2025-01-01"
        )
        self.account_of(east)
        self.clock.move_to("2026-03-10 08:00:00")  # 15:00 and 17:00
        west = self.tell(self.official)
        there = self.notices._tell_people(east, "document_pending", "x", self.official)
        self.run_action()
        self.assertEqual((west.state, there.state), ("sent", "due"))
