from datetime import timedelta

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .whatsapp_case import WhatsappCase


@tagged("post_install", "-at_install", "sicantik")
class TestWhatsappKept(WhatsappCase):
    """What was written, and to where, is erased; a copy for tests writes to nobody."""

    def test_number_and_values_are_erased_with_the_address(self):
        permit = self.permit_told()
        message = self.message_of(permit)
        message.write(
            {"button": "x", "header": {"link": "https://x.test/", "name": "x"}}
        )
        self.claim()
        self.hear(message, "failed", why="other", detail="said")
        lost = self.message_of(self.permit_told())
        self.claim()
        waits = self.message_of(self.permit_told())
        waits.expires_at = False
        self.clock.tick(timedelta(days=91))
        self.keep_house()
        self.assertFalse(message.number or message.parameters or message.detail)
        self.assertFalse(message.message or message.button or message.header)
        self.assertEqual(message.state, "failed")
        self.assertEqual((waits.state, waits.number), ("expired", False))
        self.assertEqual((lost.state, lost.number), ("unknown", False))

    def test_the_night_ends_what_came_too_late_without_a_worker(self):
        permit = self.permit_told()
        self.clock.tick(timedelta(days=4))
        self.keep_house()
        self.assertEqual(self.message_of(permit).state, "expired")
        self.assertEqual(self.told(permit).state, "failed")

    def test_a_copy_for_tests_writes_to_nobody(self):
        permit, other = self.permit_told(), self.permit_told()
        ended = self.message_of(other)
        self.claim(limit=1)
        self.hear(ended, "read")
        self.env.flush_all()
        for query in get_neutralization_queries(["sicantik_whatsapp"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        message = self.message_of(permit)
        self.assertEqual((message.state, message.why), ("cancelled", "copy"))
        self.assertIn("copy for tests", message.reason)
        notice = self.told(permit)
        self.assertEqual((notice.state, notice.reason_code), ("cancelled", "copy"))
        self.assertEqual(ended.state, "read")
        self.assertFalse(self.account.active)
        self.assertEqual(self.claim()["claimed"], [])
