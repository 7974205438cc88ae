from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from ...models.notice import keep
from .notice_case import EMAIL, NoticeCase


@tagged("post_install", "-at_install", "sicantik")
class TestNoticesKept(NoticeCase):
    """Addresses and texts go after a while; that somebody was told stays."""

    def setUp(self):
        super().setUp()
        self.permit = self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        self.notice = self.about(self.permit)

    def keep_house(self):
        self.env["sicantik.config"]._cron_housekeeping()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_the_address_and_the_text_are_erased(self):
        mail, message = self.notice.mail_id, self.notice.mail_id.mail_message_id
        self.notice._end("failed", "mail", f"550 <{EMAIL}> unknown")
        self.clock.tick(timedelta(days=90))
        self.keep_house()
        self.assertEqual(self.notice.address, EMAIL, "not a moment before")
        self.clock.tick(timedelta(seconds=1))
        self.keep_house()
        self.assertFalse(self.notice.address)
        self.assertNotIn(EMAIL, self.notice.reason)
        self.assertFalse(self.notice.message)
        self.assertFalse(mail.exists() or message.exists())
        self.assertEqual(self.notice.state, "failed")
        self.assertEqual(self.notice.partner_id.email, EMAIL, "the contact is its own")

    def test_the_days_are_a_setting(self):
        self.config.keep_addresses_days = 30
        self.config.active = False
        self.clock.tick(timedelta(days=30, seconds=1))
        self.keep_house()
        self.assertFalse(self.notice.address)
        with self.assertRaisesRegex(ValidationError, "30 or more"):
            self.config.keep_addresses_days = 29

    def test_what_still_waits_is_left_alone(self):
        late = self.permit_with(30, partner_id=self.partner().id)
        self.find()
        self.clock.tick(timedelta(days=91))
        self.keep_house()
        self.assertNotices(late, s30="due", s60="skipped", s90="skipped")

    def test_many_go_in_several_transactions(self):
        for _number in range(3):
            self.permit_with(90, partner_id=self.partner().id)
        self.run_action()
        self.clock.tick(timedelta(days=91))
        action = self.env.ref("sicantik_connector.cron_housekeeping")
        domain = [("cron_id", "=", action.id)]
        with patch.object(keep, "ERASED_AT_ONCE", 3):
            self.keep_house()
            left = self.notices.search_count([("address", "!=", False)])
            self.assertEqual(left, 1)
            self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), 1)
            self.keep_house()
        self.assertFalse(self.notices.search([("address", "!=", False)]))

    def test_a_neutralized_copy_writes_to_nobody(self):
        waiting = self.permit_with(90, partner_id=self.partner().id)
        self.find()
        neutralize_database(self.env.cr)
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertNotices(waiting, s90="cancelled")
        self.assertIn("copy", self.about(waiting).reason)
        self.assertEqual(self.notice.state, "sent")
