from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from odoo.addons.sicantik_connector.tests.common import SCHEDULE_LOG

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

    def test_the_address_and_the_text_are_erased(self):
        mail, message = self.notice.mail_id, self.notice.mail_id.mail_message_id
        self.notice._end("failed", "mail", f"550 <{EMAIL}> unknown")
        self.clock.tick(timedelta(days=90))
        self.keep_house()
        self.assertEqual(self.notice.address, EMAIL, "not a moment before")
        self.clock.tick(timedelta(seconds=1))
        self.keep_house()
        self.assertFalse(self.notice.address)
        self.assertFalse(self.notice.technical_detail)
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
        known = [("address", "!=", False)]
        with patch.object(keep, "ERASED_AT_ONCE", 3):
            left = self.left_after_each(
                "_erase_addresses", lambda: self.notices.search_count(known)
            )
        self.assertEqual(left, [1, 0])

    def test_a_fault_in_erasing_gives_up_silent_runs_all_the_same(self):
        silent = self.run_of(self.start())
        self.clock.tick(timedelta(days=2))
        fault = patch.object(
            type(self.notices), "_erase_addresses", side_effect=ValueError
        )
        with fault, self.assertLogs(SCHEDULE_LOG, "ERROR") as logs:
            self.keep_house()
        self.assertEqual(silent.state, "lost")
        told = f"_erase_addresses of configuration {self.config.id} failed"
        self.assertTrue([line for line in logs.output if told in line])

    def test_a_neutralized_copy_writes_to_nobody(self):
        waiting = self.permit_with(90, partner_id=self.partner().id)
        self.find()
        neutralize_database(self.env.cr)
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertNotices(waiting, s90="cancelled")
        self.assertIn("copy", self.about(waiting).reason)
        self.assertEqual(self.notice.state, "sent")
