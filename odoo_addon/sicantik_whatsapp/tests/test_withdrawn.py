from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappWithdrawn(WhatsappCase):
    """What nobody got yet, and is not true any more, is stopped."""

    def test_a_message_that_waits_goes_with_its_notice(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        permit._cancel("x", "revoked")
        self.assertEqual((message.state, message.why), ("cancelled", "withdrawn"))
        notice = self.about(permit).filtered(
            lambda n: n.kind == "permit_expiring" and n.state != "skipped"
        )
        self.assertEqual((notice.state, notice.reason_code), ("cancelled", "changed"))

    def test_one_that_the_worker_has_is_asked_for(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.claim()
        self.hear(message, "waiting")
        permit._cancel("x", "revoked")
        self.assertEqual(self.claim()["cancel"], [{"uuid": message.uuid, "attempt": 1}])
        self.hear(message, "delivered")
        notice = message.notice_id
        self.assertEqual((message.state, notice.state), ("delivered", "cancelled"))
        self.assertTrue(notice.date_delivered)

    def test_one_that_went_out_stays(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        self.claim()
        self.hear(message, "sent")
        permit._cancel("x", "revoked")
        self.assertEqual((message.state, message.notice_id.state), ("sent", "sent"))

    def test_a_corrected_cancellation_is_said_instead(self):
        permit = self.permit_with(300, partner_id=self.agreed().id)
        permit._cancel("x", "revoked")
        self.run_action()
        first = self.about(permit).whatsapp_message_ids
        self.assertIn("dicabut", first.message)
        permit._correct_cancellation({"ending": "closed"})
        self.run_action()
        second = self.about(permit).whatsapp_message_ids - first
        self.assertEqual(first.state, "cancelled")
        self.assertIn("ditutup", second.message)
        self.assertNotEqual(first.key, second.key)
