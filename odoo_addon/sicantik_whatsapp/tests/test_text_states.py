from odoo.tests import tagged

from .whatsapp_case import ACCOUNT, WhatsappCase

LOOK = "sicantik_whatsapp.mail_activity_text"


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappTextStates(WhatsappCase):
    """What Meta says of a text holds, and who answers for the office hears of it."""

    def setUp(self):
        super().setUp()
        self.mine = self.text()._registration("meta")
        self.events = 0

    def tells(self, kind, **values):
        self.events += 1
        event = {
            "id": f"event-{self.events}",
            "account": self.account.uuid,
            "kind": kind,
            "name": self.mine.name,
            "language": "id",
            **values,
        }
        return self.rpc(ACCOUNT, "hear", events=[event])

    def looks(self):
        return self.config.activity_search([LOOK])

    def test_the_approval_becomes_what_meta_says(self):
        for state in ("pending", "rejected", "disabled", "paused", "approved"):
            self.tells("text", state=state)
            self.assertEqual(self.mine.state, state)
        english = self.text(language="en").registration_ids
        self.assertEqual(english.state, "approved", "the other language stays")
        self.tells("text", state="paused", name="somebody_else_s")
        self.assertEqual(self.mine.state, "approved")
        answer = self.tells("text", state="lost")
        self.assertRefused(answer, **{answer["refused"][0]["key"]: "data"})

    def test_a_paused_text_is_told_and_not_used(self):
        self.tells("text", state="paused")
        [activity] = self.looks()
        self.assertEqual(activity.user_id, self.operator)
        self.assertIn("Meta: Paused", activity.note)
        permit = self.permit_told()
        self.assertEqual(self.told(permit).channel, "email")
        self.tells("text", state="paused", language="en")
        self.assertEqual(len(self.looks()), 1)
        self.tells("text", state="approved")
        self.assertTrue(self.looks(), "the English one is paused yet")
        self.tells("text", state="approved", language="en")
        self.assertFalse(self.looks())
        self.assertEqual(self.told(self.permit_told()).channel, "whatsapp")

    def test_a_text_that_counts_as_marketing_is_held(self):
        self.tells("category", category="MARKETING")
        self.assertEqual(
            (self.mine.state, self.mine.category), ("approved", "marketing")
        )
        self.assertIn("Marketing", self.looks().note)
        self.assertEqual(self.told(self.permit_told()).channel, "email")
        self.tells("text", state="approved")
        self.assertFalse(self.account._ways(self.text()))
        self.tells("category", category="something")
        self.assertEqual(self.mine.category, "marketing")
        self.tells("category", category="UTILITY")
        self.assertFalse(self.looks())
        self.assertEqual(self.told(self.permit_told()).channel, "whatsapp")

    def test_under_another_name_it_is_another_text(self):
        self.tells("category", category="MARKETING")
        self.mine.with_user(self.manager).name = "sicantik_permit_expiring_2"
        self.assertFalse(self.mine.category)

    def test_nothing_is_told_twice(self):
        self.tells("text", state="paused")
        self.looks().unlink()
        self.tells("text", state="paused")
        self.assertFalse(self.looks())
