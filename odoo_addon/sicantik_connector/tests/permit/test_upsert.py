from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import SicantikCase, row_of, type_of

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")


@tagged("post_install", "-at_install", "sicantik")
class TestUpsert(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()

    def test_a_first_pass_creates(self):
        answer = self.upsert(
            self.run_key,
            row_of("00012", "503/7/2025", flags=["date"], raw={"no_surat": "503//7"}),
            row_of("00013", applicant=None),
        )
        self.assertCounts(answer, created=2)
        permit = self.permit("00012")
        self.assertEqual(permit.permit_number, "503/7/2025")
        self.assertEqual(permit.permit_type_id.name, "Izin Praktik Dokter")
        self.assertEqual(permit.applicant_name, "Contoh Pemohon")
        self.assertEqual(permit.registered_month, date(2025, 7, 1))
        self.assertEqual(permit.status, "active")
        self.assertEqual(permit.detail_state, "never")
        self.assertEqual((permit.flag_codes, permit.is_flagged), ("date", True))
        self.assertEqual(permit.raw_values, {"list": {"no_surat": "503//7"}})
        self.assertEqual(permit.company_id, self.config.company_id)
        self.assertEqual(permit.last_run_id, self.run_of(self.run_key))
        self.assertFalse(permit.message_ids)
        self.assertFalse(permit.message_follower_ids)
        self.assertEqual(self.permit("00013").status, "draft")
        self.assertFalse(self.permit("00013").applicant_name)

    def test_a_second_pass_writes_nothing(self):
        rows = [row_of(f"{n:05}", f"503/{n}") for n in range(50)]
        rows.append(row_of("00100"))
        rows.append(row_of("00101", further_types=[type_of("Izin Lain")]))
        self.assertCounts(self.upsert(self.run_key, *rows), created=52)
        before = self.permits.search([]).mapped("write_date")
        with self.statements() as statements:
            answer = self.upsert(self.run_key, *rows)
        self.assertCounts(answer, unchanged=52)
        self.assertFalse([s for s in statements if s.startswith(WRITES)], statements)
        self.assertEqual(self.permits.search([]).mapped("write_date"), before)

    def test_unchanged_rows_cost_one_look_up_whatever_their_number(self):
        def count(rows):
            self.upsert(self.run_key, *rows)
            with self.statements() as statements:
                self.upsert(self.run_key, *rows)
            return len(statements)

        few = count([row_of(f"1{n}", f"503/1{n}") for n in range(2)])
        many = count([row_of(f"2{n}", f"503/2{n}") for n in range(200)])
        self.assertEqual(few, many)

    def test_a_changed_hash_writes_the_columns(self):
        self.upsert(self.run_key, row_of("00012", "503/7", flags=["date"]))
        answer = self.upsert(
            self.run_key,
            row_of("00012", "503/7", registered_month="2025-08-01"),
        )
        self.assertCounts(answer, updated=1)
        permit = self.permit("00012")
        self.assertEqual(permit.registered_month, date(2025, 8, 1))
        self.assertFalse(permit.is_flagged)
        self.assertFalse(permit.raw_values)

    @freeze_time("2026-01-10 20:00:00")
    def test_the_office_s_day_decides_what_is_expired(self):
        # 03:00 of the 11th in Jakarta
        rows = [
            row_of("1", "503/1", has_expiry=True, expiry_date="2026-01-10"),
            row_of("2", "503/2", has_expiry=True, expiry_date="2026-01-11"),
        ]
        self.upsert(self.run_key, *rows)
        self.assertEqual(self.permit("1").status, "expired")
        self.assertEqual(self.permit("2").status, "active")
        self.assertEqual(self.permit("2").expiry_source, "list")

    def test_the_list_s_date_yields_to_one_entered_by_hand(self):
        row = row_of("1", "503/1", has_expiry=True, expiry_date="2030-01-10")
        self.upsert(self.run_key, row)
        self.permit("1").with_user(self.operator).expiry_date = "2031-05-05"
        row = row_of("1", "503/1", has_expiry=True, expiry_date="2030-02-20")
        self.upsert(self.run_key, row)
        permit = self.permit("1")
        self.assertEqual(permit.expiry_date, date(2031, 5, 5))
        self.assertEqual(permit.expiry_source, "manual")
        self.assertEqual(permit.source_expiry_date, date(2030, 2, 20))

    def test_decisions_of_people_stay(self):
        self.upsert(self.run_key, row_of("1", "503/1"), row_of("2", "503/2"))
        self.permit("1").with_user(self.operator)._cancel("Dicabut")
        self.permit("2").with_user(self.operator).status = "renewed"
        old = {"has_expiry": True, "expiry_date": "2020-01-01"}
        rows = [row_of("1", "503/1", **old), row_of("2", "503/2", **old)]
        self.assertCounts(self.upsert(self.run_key, *rows), updated=2)
        self.assertEqual(self.permit("1").status, "cancelled")
        self.assertEqual(self.permit("2").status, "renewed")

    def test_a_changed_status_and_date_leave_one_note(self):
        """The old status is read before the write: after it no change would ever be
        noticed."""
        old = {"has_expiry": True, "expiry_date": "2030-01-01"}
        new = {"has_expiry": True, "expiry_date": "2020-01-01"}
        self.upsert(self.run_key, row_of("1", "503/1", **old), row_of("2", "503/2"))
        self.upsert(
            self.run_key,
            row_of("1", "503/1", **new),
            row_of("2", "503/2", has_expiry=True, expiry_date="2040-01-01"),
        )
        [note] = self.permit("1").message_ids
        self.assertIn("Active → Expired", note.body)
        self.assertIn("2030", note.body)
        self.assertFalse(self.permit("2").message_ids, "a first fill leaves no note")

    def test_too_many_rows_and_a_stale_token_are_refused_as_a_whole(self):
        with self.assertRaisesRegex(UserError, "2001"):
            self.upsert(self.run_key, *[row_of("1")] * 2001)
        stale = {**self.run_key, "token": "0" * 32}
        with self.assertRaisesRegex(UserError, "^stale_token:"):
            self.upsert(stale, row_of("1"))
        self.finish(self.run_key)
        with self.assertRaisesRegex(UserError, "^stale_token:"):
            self.upsert(self.run_key, row_of("1"))
