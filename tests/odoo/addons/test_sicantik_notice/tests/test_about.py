from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .pigeon_case import KIND, PigeonCase


@tagged("post_install", "-at_install", "sicantik")
class TestAbout(PigeonCase):
    """A notice is about a record of whatever model, and may tell of several permits."""

    def test_it_names_and_opens_its_record(self):
        notice = self.tell(self.operator, about=self.document)
        self.assertEqual(
            (notice.res_model, notice.res_id),
            (
                "test.sicantik.document",
                self.document.id,
            ),
        )
        self.assertFalse(notice.permit_id)
        mine = notice.with_user(self.viewer)
        self.assertEqual(mine.display_name, "Documents Wait – Surat 7")
        action = mine.action_open_record()
        self.assertEqual(action["res_model"], "test.sicantik.document")
        self.assertEqual(action["res_id"], self.document.id)

    def test_of_a_record_that_the_reader_may_not_see_it_tells_nothing(self):
        secret = self.env["ir.config_parameter"].create({"key": "x", "value": "y"})
        notice = self.tell(self.operator, about=secret)
        self.assertEqual(notice.record_name, "x")
        mine = notice.with_user(self.viewer)
        self.assertFalse(mine.record_name)
        self.assertFalse(mine.action_open_record())

    def test_without_a_record_it_is_about_the_permit_or_the_configuration(self):
        permits = self.permit_with(30) | self.permit_with(60)
        for told, about in ((permits[:1], permits[:1]), (permits, self.config)):
            notice = self.tell(self.operator, permits=told)
            self.assertEqual(notice._record(), about)
            self.assertEqual(notice._permits(), told)
        self.assertEqual(self.tell(self.viewer)._record(), self.config)

    def test_permits_of_another_office_are_none_of_its_business(self):
        other = self.another_office(go_live_date="2025-01-01")
        permits = self.permit_with(30) | self.permit_with(30, config=other)
        self.assertEqual(
            self.tell(self.operator, permits=permits)._permits(), permits[0]
        )

    def test_when_its_record_is_deleted_it_stays_and_is_not_sent(self):
        told = self.tell(self.operator, about=self.document)
        self.send()
        waiting = self.tell(self.operator, event="x", about=self.document)
        self.document.unlink()
        self.send()
        self.assertEqual(told.exists().state, "sent")
        self.assertEqual((waiting.state, waiting.reason_code), ("cancelled", "gone"))
        self.assertIn("was deleted", waiting.reason)
        self.assertFalse(told.record_name)
        self.assertFalse(told.action_open_record())

    def test_when_its_permit_is_deleted_it_goes(self):
        permit = self.permit_with(30)
        notice = self.tell(self.operator, permits=permit)
        summary = self.tell(self.operator, event="x", permits=permit | self.permits)
        several = self.tell(
            self.operator, event="y", permits=permit | self.permit_with(60)
        )
        permit.unlink()
        self.env.invalidate_all()
        self.assertFalse((notice | summary).exists())
        self.assertEqual(several.exists().permit_count, 1)

    def test_the_key_holds_where_the_permit_is_empty(self):
        values = {
            **self.notices._values_of_event(self.config, KIND, "x", self.document),
            **self.notices._person_values(self.operator),
        }
        self.notices.create(values)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self.notices.create(values)
        for changed in ({"event": "y"}, {"step": 1}, {"recipient_key": "staff:0"}):
            self.assertTrue(self.notices.create({**values, **changed}))

    def test_a_summary_follows_a_permit_that_becomes_part_of_another_one(self):
        first, second, third = (self.permit_with(30) for _n in range(3))
        summary = self.tell(self.operator, permits=second | third)
        about = self.tell(self.operator, event="x", about=second)
        belongs = self.tell(self.operator, about=self.document, permits=second)
        first._absorb(second)
        self.env.invalidate_all()
        self.assertEqual(summary.permit_ids, first | third)
        self.assertEqual(about._record(), first)
        self.assertEqual((belongs._record(), belongs.permit_id), (self.document, first))

    def test_of_two_about_permits_that_become_one_one_is_sent(self):
        first, second = self.permit_with(30), self.permit_with(60)
        both = self.tell(self.operator, about=first) | self.tell(
            self.operator, about=second
        )
        first._absorb(second)
        self.send()
        self.assertEqual(sorted(both.mapped("state")), ["cancelled", "sent"])

    def test_the_page_of_a_notice_says_what_it_is_about(self):
        notice = self.tell(self.operator, about=self.document)
        arch = notice.with_user(self.viewer).get_view(view_type="form")["arch"]
        self.assertIn("action_open_record", arch)
        found = self.notices.search([("kind", "=", KIND)])
        self.assertEqual(found, notice)
