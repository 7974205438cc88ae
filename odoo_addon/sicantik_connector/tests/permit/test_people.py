from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import REMARK, SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestPeople(SicantikCase):
    """What people may do with a permit, and with nothing else."""

    def setUp(self):
        super().setUp()
        run = self.start()
        listed = row_of("1", "503/1", has_expiry=True, expiry_date="2026-01-01")
        self.upsert(run, listed, row_of("2"))
        self.one = self.permit("1").with_user(self.operator)
        self.two = self.permit("2").with_user(self.operator)

    def test_a_date_by_hand_and_back(self):
        self.assertEqual(self.one.status, "expired")
        self.one.write({"expiry_date": "2027-01-01", "notes": "<p>Diperiksa</p>"})
        self.assertEqual(self.one.expiry_source, "manual")
        self.assertEqual(self.one.status, "active")
        self.assertIn("Diperiksa", self.one.notes)
        self.one.expiry_date = False
        self.assertEqual(self.one.expiry_date, date(2026, 1, 1))
        self.assertEqual(self.one.expiry_source, "list")
        self.assertEqual(self.one.status, "expired")
        self.two.expiry_date = "2020-01-01"
        self.assertEqual(self.two.status, "draft")
        self.two.expiry_date = False
        self.assertFalse(self.two.expiry_source)

    def tracked(self, permit):
        """The names of the fields whose changes the chatter tells."""
        self.env.flush_all()
        self.cr.precommit.run()
        messages = permit.sudo().message_ids
        return set(messages.tracking_value_ids.field_id.mapped("name"))

    def test_a_first_date_by_hand_leaves_no_note(self):
        self.two.expiry_date = "2027-01-01"
        self.assertEqual(self.tracked(self.two), set())
        self.two.expiry_date = "2028-01-01"
        self.assertEqual(self.tracked(self.two), {"expiry_date"})

    def test_a_first_date_that_changes_the_status_says_the_status(self):
        self.upsert(self.start(), row_of("3", "503/3"))
        permit = self.permit("3").with_user(self.operator)
        permit.expiry_date = "2026-01-01"
        self.assertEqual(permit.status, "expired")
        self.assertEqual(self.tracked(permit), {"status"})

    def test_a_change_by_hand_is_tracked_in_the_chatter(self):
        self.one.expiry_date = "2027-01-01"
        self.assertEqual(self.tracked(self.one), {"expiry_date", "status"})
        self.assertEqual(
            self.one.sudo().message_ids[0].author_id, self.operator.partner_id
        )

    def test_decisions_and_taking_them_back(self):
        self.one.status = "renewed"
        self.one.expiry_date = "2027-01-01"
        self.assertEqual(self.one.status, "renewed")
        self.one.status = "active"
        self.assertEqual(self.one.status, "active")
        for wrong in ("draft", "expired"):
            with self.assertRaisesRegex(UserError, "Active"):
                self.one.status = wrong
        with self.assertRaises(UserError):
            self.two.status = "active"

    def test_defect_28_every_status_can_be_reached_and_left(self):
        """There is no state that nothing ever sets."""
        reached = [self.two.status, self.one.status]
        for change in (
            {"expiry_date": "2027-01-01"},
            {"status": "renewed"},
            {"status": "active"},
            {"status": "cancelled", "cancel_reason": "Dicabut"},
        ):
            self.one.write(change)
            reached.append(self.one.status)
        statuses = dict(self.permits._fields["status"].selection)
        self.assertEqual(set(reached), set(statuses))
        self.one.status = "active"
        self.assertEqual(reached[-3:], ["renewed", "active", "cancelled"])

    def test_sicantik_s_fields_are_closed_to_everybody(self):
        people = self.permits._people_fields
        names = [
            name
            for name, field in self.permits._fields.items()
            if field.store and name != "id" and name not in people
            if not name.startswith(("message_", "activity_", "website_message_"))
        ]
        self.assertGreater(len(names), 40)
        for user in (self.operator, self.manager, self.env.ref("base.user_admin")):
            permit = self.one.with_user(user)
            for name in names:
                with self.assertRaises(AccessError, msg=name):
                    permit.write({name: False})
            with self.assertRaises(AccessError):
                permit.with_context(tracking_disable=True).write({"list_hash": "x"})
            with self.assertRaises(AccessError):
                permit.create({"registration_number": "3", "identity": "3"})
            with self.assertRaises(AccessError):
                permit.copy()
            with self.assertRaises(AccessError):
                permit.unlink()

    def test_viewers_only_look(self):
        permit = self.one.with_user(self.viewer)
        self.assertEqual(permit.permit_number, "503/1")
        for vals in (
            {"expiry_date": "2027-01-01"},
            {"issue_date": "2026-01-01"},
            {"status": "renewed"},
            {"cancel_reason": "x"},
            {"ending": "revoked"},
        ):
            with self.assertRaises(AccessError):
                permit.write(vals)
        with self.assertRaises(AccessError):
            permit.notes = "x"
        with self.assertRaises(AccessError):
            permit.read(["raw_values"])

    def test_who_mends_a_value_in_sicantik_sees_it(self):
        self.one.sudo().write({"raw_values": {"list": {"no_izin": "503/...../CTH"}}})
        permit = self.one.with_user(self.operator)
        self.assertEqual(permit.raw_values["list"]["no_izin"], "503/...../CTH")
        arch = permit.get_view(view_type="form")["arch"]
        self.assertIn("sicantik_raw_values", arch)

    def test_the_chatter_works(self):
        self.one.message_post(body=REMARK)
        self.one.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.operator.id
        )
        self.assertEqual(len(self.one.activity_ids), 1)
