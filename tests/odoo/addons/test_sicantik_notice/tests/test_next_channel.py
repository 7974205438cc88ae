from datetime import timedelta
from itertools import permutations
from unittest.mock import patch

from odoo.tests import tagged

from .pigeon_case import KIND, PigeonCase


@tagged("post_install", "-at_install", "sicantik")
class TestNextChannel(PigeonCase):
    """Who cannot be reached by one channel is told by the next one, each once."""

    def told_by(self, loft, **values):
        self.official.write({"pigeon_loft": loft, **values})
        notice = self.tell(self.official, about=self.document)
        self.send()
        return notice

    def unreachable(self, pigeon, minute=1):
        pigeon._report(
            "failed", self.minute(minute), code="loft_closed", unreachable=True
        )

    def test_what_the_hand_over_says_is_believed_at_once(self):
        notice = self.told_by("closed")
        self.assertEqual((notice.state, notice.channel), ("sent", "email"))
        self.assertEqual(notice.address, "pejabat@contoh.test")
        self.assertEqual((notice.attempts, notice.tried), (2, ["pigeon", "email"]))
        self.assertFalse(notice.reason)

    def test_a_channel_that_cannot_is_left_out(self):
        notice = self.told_by("closed", email=False)
        self.assertEqual(notice.tried, ["pigeon", "activity"])
        self.assertEqual(notice.activity_id.user_id, self.operator)

    def test_an_address_that_went_meanwhile(self):
        notice = self.tell(self.official)
        self.assertEqual(notice.channel, "email")
        self.official.email = False
        self.send()
        self.assertEqual((notice.state, notice.channel), ("sent", "activity"))

    def test_another_failure_stays_one(self):
        notice = self.told_by("storm")
        self.assertEqual((notice.state, notice.reason_code), ("failed", "loft_storm"))
        self.assertEqual((notice.channel, notice.tried), ("pigeon", ["pigeon"]))
        self.send()
        self.assertEqual(notice.attempts, 1)

    def test_what_is_heard_later_moves_it_on_in_the_next_run(self):
        notice, pigeon = self.by_pigeon()
        self.unreachable(pigeon)
        self.assertEqual((notice.state, notice.channel), ("due", "email"))
        self.assertIn("closed for good", notice.reason)
        action = self.env.ref("sicantik_notice.cron_notices")
        woken = self.env["ir.cron.trigger"].search([("cron_id", "=", action.id)])
        self.assertIn(notice.date_due, woken.mapped("call_at"))
        self.send()
        self.assertEqual(
            (notice.state, notice.address),
            (
                "sent",
                "pejabat@contoh.test",
            ),
        )
        self.assertEqual(len(self.pigeons(notice)), 1)

    def test_in_the_night_it_waits_for_the_morning(self):
        notice, pigeon = self.by_pigeon()
        self.clock.tick(timedelta(hours=12))  # 22:00
        self.unreachable(pigeon)
        self.send()
        self.assertEqual(notice.state, "due")
        self.assertEqual(notice.date_due.isoformat(), "2026-03-11T02:00:00")

    def test_heard_twice_it_moves_on_once(self):
        notice, pigeon = self.by_pigeon()
        self.unreachable(pigeon)
        first = notice.date_due
        self.clock.tick(timedelta(minutes=1))
        self.unreachable(pigeon)
        self.assertEqual(notice.date_due, first)
        self.unreachable(pigeon, 2)
        self.send()
        self.unreachable(pigeon, 3)
        self.send()
        self.assertEqual(notice.tried, ["pigeon", "email"])
        self.assertEqual(len(self.all_mails()), 1)

    def test_no_channel_comes_twice_and_the_last_one_s_failure_stays(self):
        notice, pigeon = self.by_pigeon()
        self.unreachable(pigeon)
        for channel in ("email", "activity"):
            self.assertEqual(notice.channel, channel)
            self.send()
            notice._note_outcome("failed", self.minute(9), unreachable=True)
        self.assertEqual((notice.state, notice.channel), ("failed", "activity"))
        self.assertEqual(notice.tried, ["pigeon", "email", "activity"])
        self.send()
        self.assertEqual(notice.attempts, 3)

    def test_of_what_nobody_knows_it_never_moves_on(self):
        notice, pigeon = self.by_pigeon()
        pigeon._report("unknown", self.minute(1), unreachable=True)
        self.send()
        self.assertEqual((notice.state, notice.tried), ("unknown", ["pigeon"]))

    def test_what_arrived_all_the_same_stops_the_next_channel(self):
        notice, pigeon = self.by_pigeon()
        self.unreachable(pigeon)
        pigeon._report("delivered", self.minute(2))
        self.send()
        self.assertEqual((notice.state, notice.channel), ("delivered", "pigeon"))
        self.assertFalse(self.all_mails())

    def test_what_arrived_all_the_same_stops_an_e_mail_in_the_queue(self):
        notice, pigeon = self.by_pigeon()
        self.unreachable(pigeon)
        self.send()
        mail = notice.mail_id
        self.assertEqual(mail.state, "outgoing")
        pigeon._report("delivered", self.minute(2))
        self.assertEqual((notice.state, notice.channel), ("delivered", "pigeon"))
        self.assertEqual(mail.state, "cancel")

    def test_the_order_in_which_it_is_heard_changes_nothing(self):
        """Until the next channel has it."""
        for said, ends in (
            ([("unreachable", 1), ("sent", 2)], ("sent", "pigeon")),
            ([("sent", 1), ("unreachable", 2)], ("due", "email")),
            ([("sent", 1), ("unreachable", 1)], ("due", "email")),
            ([("unreachable", 1), ("failed", 1)], ("due", "email")),
            ([("unreachable", 1), ("failed", 2)], ("failed", "pigeon")),
            ([("unreachable", 2), ("unknown", 1), ("sent", 1)], ("due", "email")),
            ([("unreachable", 2), ("read", 1)], ("read", "pigeon")),
        ):
            for order, heard in enumerate(permutations(said)):
                self.official = self.partner(f"{order}@contoh.test")
                notice, pigeon = self.by_pigeon()
                for outcome, minute in heard:
                    if outcome == "unreachable":
                        self.unreachable(pigeon, minute)
                    else:
                        pigeon._report(outcome, self.minute(minute))
                with self.subTest(heard=heard):
                    self.assertEqual((notice.state, notice.channel), ends)

    def test_send_again_begins_anew(self):
        notice = self.told_by("closed")
        notice._note_outcome("failed", self.minute(1), code="mail")
        self.official.pigeon_loft = "tower"
        self.again(notice)
        self.assertEqual((notice.channel, notice.tried), ("pigeon", False))
        self.send()
        self.assertEqual((notice.state, notice.attempts), ("sent", 3))
        self.assertEqual(self.pigeons(notice).attempt, 3)

    def test_for_another_contact_it_begins_anew(self):
        permit = self.permit_with(90, partner_id=self.partner(pigeon_loft="tower").id)
        self.config.notice_steps = "90"
        self.run_action()
        notice = self.about(permit)
        self.unreachable(self.pigeons(notice))
        self.assertEqual(notice.channel, "email")
        permit.partner_id = self.partner("lain@contoh.test", pigeon_loft="roof")
        self.send()
        self.assertEqual((notice.channel, notice.tried), ("pigeon", ["pigeon"]))
        self.assertEqual(notice.pigeon_ring, "ring of roof")

    def test_a_failure_of_the_e_mail_is_not_the_recipient_s(self):
        """As ever: who corrects the address sends it again."""
        notice = self.told_by("closed")
        notice.mail_id.state = "exception"
        notice._note_delivery(notice.mail_id, "550 unknown")
        self.assertEqual((notice.state, notice.reason_code), ("failed", "mail"))

    def test_without_any_channel_it_says_so(self):
        notice = self.tell(self.official)
        notice.channel = False
        with patch.object(type(notice), "_next_channel", lambda self: None):
            self.send()
        self.assertEqual((notice.state, notice.reason_code), ("failed", "no_channel"))

    def two_of_one(self, loft):
        """Notices about two permits of an applicant, sent."""
        holder = self.partner("pemohon@contoh.test", pigeon_loft=loft)
        permits = self.permit_with(300, partner_id=holder.id)
        permits |= self.permit_with(301, partner_id=holder.id)
        told = self.notices._tell(permits, KIND, "x")
        self.send()
        self.assertEqual(told.mapped("state"), ["sent", "sent"])
        return told

    def test_a_channel_that_tells_of_one_only_is_called_for_each(self):
        told = self.two_of_one("tower")
        self.assertEqual([len(self.pigeons(notice)) for notice in told], [1, 1])
        self.assertFalse(told.further_ids)

    def test_a_channel_that_tells_of_several_is_called_once(self):
        several = patch.object(
            type(self.notices), "_channels_together", lambda self: {"pigeon"}
        )
        with several:
            told = self.two_of_one("tower")
        self.assertEqual([len(self.pigeons(notice)) for notice in told], [1, 0])
        self.assertEqual(told[0]._together(), told)

    def test_whom_one_channel_does_not_reach_the_next_one_tells_of_all(self):
        told = self.two_of_one("closed")
        self.assertEqual(told.mapped("tried"), [["pigeon", "email"]] * 2)
        self.assertEqual(len(told.mail_id), 1)
        self.assertIn(told[1].permit_number, told.mail_id.body_html)

    def test_in_a_trial_a_channel_hears_where_to(self):
        self.config.write(
            {"all_notices_email": "uji@contoh.test", "all_notices_phone": "0812345678"}
        )
        notice = self.told_by("tower")
        self.assertEqual(notice._addresses(), ["uji@contoh.test"])
        self.assertEqual(notice._number("+6281399990000"), "+62812345678")
        self.assertTrue(notice.redirected)
