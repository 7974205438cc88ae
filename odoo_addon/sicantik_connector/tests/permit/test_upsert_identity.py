from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import REMARK, SicantikCase, row_of, type_of


@tagged("post_install", "-at_install", "sicantik")
class TestUpsertIdentity(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def test_defect_25_the_database_itself_keeps_a_permit_single(self):
        """Without a unique key two syncs at once would make every permit twice. That
        the later of two is repeated, test_refused_rows shows."""
        self.upsert(self.run_key, row_of("1", "503/1"))
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.permit("1").copy()

    def test_a_number_takes_over_the_unnumbered_permit(self):
        self.upsert(self.run_key, row_of("1"))
        draft = self.permit("1")
        draft.with_user(self.operator).notes = "<p>kept</p>"
        answer = self.upsert(self.run_key, row_of("1", "503/1"))
        self.assertCounts(answer, rekeyed=1)
        permit = self.permit("1")
        self.assertEqual(permit, draft)
        self.assertEqual(permit.status, "active")
        self.assertEqual(permit.identity, "N\x1f1\x1f503/1")
        self.assertIn("kept", permit.notes)
        self.assertCounts(self.upsert(self.run_key, row_of("1", "503/1")), unchanged=1)

    def test_only_the_same_registration_and_type_is_taken_over(self):
        self.upsert(self.run_key, row_of("1", permit_type=type_of("Izin Lain")))
        answer = self.upsert(self.run_key, row_of("1", "503/1"), row_of("2", "503/2"))
        self.assertCounts(answer, created=2)

    def test_a_further_type_also_finds_the_unnumbered_permit(self):
        self.upsert(self.run_key, row_of("1", permit_type=type_of("Izin Lain")))
        row = row_of("1", "503/1", further_types=[type_of("Izin Lain")])
        self.assertCounts(self.upsert(self.run_key, row), rekeyed=1)

    def test_two_numbers_share_no_unnumbered_permit(self):
        self.upsert(self.run_key, row_of("1"))
        answer = self.upsert(self.run_key, row_of("1", "503/1"), row_of("1", "503/2"))
        self.assertCounts(answer, rekeyed=1, created=1)

    def test_unnumbered_permits_of_one_number_become_one(self):
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        self.upsert(
            self.run_key,
            *[row_of("1", permit_type=permit_type) for permit_type in types],
        )
        first, second = self.permits.search(
            [("registration_number", "=", "1")], order="id"
        )
        first.with_user(self.operator).notes = "<p>pertama</p>"
        second.with_user(self.operator).notes = "<p>kedua</p>"
        second.with_user(self.operator).message_post(body=REMARK)
        second.activity_schedule("mail.mail_activity_data_todo")
        row = row_of("1", "503/1", permit_type=types[0], further_types=types[1:])
        self.assertCounts(self.upsert(self.run_key, row), rekeyed=1)
        permit = self.permit("1")
        self.assertEqual(permit, first)
        self.assertFalse(second.exists())
        self.assertEqual(permit.further_type_ids.name, "Izin Restoran")
        self.assertIn("pertama", permit.notes)
        self.assertIn("kedua", permit.notes)
        self.assertIn("ditelepon", "".join(permit.message_ids.mapped("body")))
        self.assertEqual(len(permit.activity_ids), 1)
        self.assertCounts(self.upsert(self.run_key, row), unchanged=1)

    def test_a_numbered_permit_absorbs_one_when_a_type_is_added(self):
        types = [type_of("Izin Hotel"), type_of("Izin Restoran")]
        self.upsert(
            self.run_key,
            row_of("1", "503/1", permit_type=types[0]),
            row_of("1", permit_type=types[1]),
        )
        self.assertEqual(len(self.permits.search([])), 2)
        row = row_of("1", "503/1", permit_type=types[0], further_types=types[1:])
        self.assertCounts(self.upsert(self.run_key, row), updated=1)
        self.assertEqual(self.permit("1").further_type_ids.name, "Izin Restoran")

    def test_an_unnumbered_row_is_ignored_beside_its_numbered_permit(self):
        self.upsert(self.run_key, row_of("1", "503/1"))
        self.assertCounts(self.upsert(self.run_key, row_of("1")), ignored=1)
        self.assertEqual(len(self.permits.search([])), 1)
        other = row_of("1", permit_type=type_of("Izin Lain"))
        self.assertCounts(self.upsert(self.run_key, other), created=1)

    def test_both_in_one_call(self):
        answer = self.upsert(self.run_key, row_of("1"), row_of("1", "503/1"))
        self.assertCounts(answer, created=1, ignored=1)
        self.upsert(self.run_key, row_of("2"))
        changed = row_of("2", flags=["name"])
        answer = self.upsert(self.run_key, changed, row_of("2", "503/2"))
        self.assertCounts(answer, rekeyed=1, ignored=1)
        self.assertEqual(self.permit("2").permit_number, "503/2")

    def test_the_same_number_of_another_registration_is_another_permit(self):
        self.upsert(self.run_key, row_of("1", "503/1"), row_of("2", "503/1"))
        self.assertEqual(len(self.permits.search([])), 2)

    def test_two_configurations_have_their_own_permits(self):
        self.upsert(self.run_key, row_of("1", "503/1"))
        other = self.another_office()
        company = other.company_id
        run = self.start(config=other)
        self.assertCounts(self.upsert(run, row_of("1", "503/1")), created=1)
        types = self.env["sicantik.permit.type"].search([("config_id", "=", other.id)])
        self.assertEqual(types.company_id, company)

    def test_a_row_without_a_type(self):
        bare = {"permit_type": None, "identity": "T\x1f1\x1f"}
        self.assertCounts(self.upsert(self.run_key, row_of("1", **bare)), created=1)
        self.assertCounts(self.upsert(self.run_key, row_of("1", **bare)), unchanged=1)
        row = row_of("2", "503/2", permit_type=None)
        self.assertCounts(self.upsert(self.run_key, row), created=1)
        self.assertFalse(self.permit("2").permit_type_id)
        bare["identity"] = "T\x1f2\x1f"
        self.assertCounts(self.upsert(self.run_key, row_of("2", **bare)), ignored=1)
        self.assertCounts(self.upsert(self.run_key, row_of("2", "503/2")), updated=1)
        self.assertEqual(self.permit("2").permit_type_id.name, "Izin Praktik Dokter")
        self.assertCounts(self.upsert(self.run_key, row), updated=1)
        self.assertFalse(self.permit("2").permit_type_id)
