from odoo.exceptions import AccessError
from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappSeen(WhatsappCase):
    """What became of messages stands on the permit, the notice and the dashboard."""

    def figures(self, user=None):
        board = self.env["sicantik.whatsapp.dashboard"].with_user(user or self.viewer)
        return board.figures()

    def counts(self, key):
        [span] = [span for span in self.figures()["spans"] if span["key"] == key]
        return {fig["key"]: fig["count"] for fig in span["figures"] if fig["count"]}

    def test_a_permit_says_what_became_of_its_last_message(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        seen = permit.with_user(self.viewer)
        self.assertEqual(seen.whatsapp_message_state, "queued")
        self.assertIn("No worker", seen.whatsapp_message_reason)
        self.claim()
        self.hear(message, "read", at="2026-03-10 03:07:00")
        seen.invalidate_recordset()
        self.assertEqual(seen.whatsapp_message_state, "read")
        self.assertEqual(str(seen.whatsapp_message_date), "2026-03-10 03:07:00")
        self.assertEqual(str(message.notice_id.whatsapp_date), "2026-03-10 03:07:00")
        action = seen.action_view_whatsapp_messages()
        self.assertEqual(self.messages.search(action["domain"]), message)
        self.assertEqual(seen.whatsapp_message_count, 1)

    def test_a_permit_without_a_message_says_nothing(self):
        permit = self.permit_with(300).with_user(self.viewer)
        self.assertFalse(permit.whatsapp_message_id or permit.whatsapp_message_date)
        self.assertEqual(permit.whatsapp_message_count, 0)

    def test_each_figure_finds_what_it_counts(self):
        for state in ("accepted", "delivered", "read", "failed", "expired", "unknown"):
            message = self.message_of(self.another_told())
            self.claim()
            self.hear(message, state)
        self.another_told()
        found = self.counts("today")
        self.assertEqual(
            found,
            {
                **dict.fromkeys(("sent", "delivered", "read", "unknown"), 1),
                "failed": 2,
                "waiting": 1,
            },
        )
        messages = self.messages.with_user(self.viewer)
        for span in self.figures()["spans"]:
            for figure in span["figures"]:
                count = messages.search_count(figure["terms"])
                self.assertEqual(count, figure["count"], figure["key"])

    def test_a_day_begins_at_the_office_s_midnight(self):
        self.permit_told()
        self.messages.search([]).date_queued = "2026-03-09 16:59:00"
        self.assertEqual(self.counts("today"), {})
        self.assertEqual(self.counts("month"), {"waiting": 1})
        self.messages.search([]).date_queued = "2026-03-09 17:00:00"
        self.assertEqual(self.counts("today"), {"waiting": 1})
        self.messages.search([]).date_queued = "2026-02-28 16:59:00"
        self.assertEqual(self.counts("month"), {})

    def test_accounts_that_are_held_say_why(self):
        self.account.held_why = "quality"
        self.account.held_until = "2026-03-10 09:00:00"
        [account] = [
            one for one in self.figures()["accounts"] if one["id"] == self.account.id
        ]
        self.assertEqual(account["state"], "held")
        self.assertIn("holds the number back", account["reason"])
        self.assertIn("Held until", account["reason"])
        self.assertIn("4:00", account["reason"], "by the office's clock")
        self.account.write({"held_why": False, "held_until": False})
        self.assertEqual(self.figures()["accounts"][0]["state"], "never")

    def test_how_many_agreed(self):
        self.env.cr.execute("UPDATE sicantik_permit SET partner_id = NULL")
        self.env.invalidate_all()
        self.assertIsNone(self.figures()["agreed"])
        for partner in (self.agreed(), self.partner(), self.partner()):
            self.permit_with(300, partner_id=partner.id)
        found = self.figures()
        self.assertEqual(found["agreed"], 33)
        self.assertEqual([fig["count"] for fig in found["answers"]], [1, 0, 2])
        share = self.env["sicantik.whatsapp.dashboard"]._share
        self.assertEqual([share(0, 9), share(1, 999), share(998, 999)], [0, 1, 99])
        self.assertEqual(share(9, 9), 100)

    def test_for_viewers(self):
        stranger = self._user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.figures(stranger)
