from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import SicantikCase, fingerprint, row_of

NOW = "2026-03-10 03:00:00"


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDetails(SicantikCase):
    def setUp(self):
        super().setUp()
        self.list_run = self.start()
        self.upsert(self.list_run, row_of("1", "503/1"), row_of("2", "503/2"))
        self.one, self.two = self.permit("1"), self.permit("2")
        self.run_key = self.start("expiry")

    def apply(self, *rows):
        return self.rpc(
            "sicantik.permit", "apply_details", rows=list(rows), **self.run_key
        )

    def found(self, permit, **detail):
        row = {"flags": detail.pop("flags", []), "raw": detail.pop("raw", {})}
        return {
            "id": permit.id,
            "outcome": "found",
            "hash": fingerprint(detail, row),
            "detail": detail,
            **row,
        }

    def missed(self, permit):
        return {"id": permit.id, "outcome": "no_data"}

    def assertDueIn(self, permit, **delta):
        expected = permit.detail_checked_at + timedelta(**delta)
        self.assertEqual(permit.detail_next_check, expected)

    def test_a_detail_brings_dates_and_people(self):
        row = self.found(
            self.one,
            expiry_date="2028-01-31",
            issue_date="2023-01-31",
            received_date="2023-01-02",
            company_name="PT Contoh",
            company_founded="1999-12-31",
            district="Kecamatan Contoh",
            applicant_phone="0800000000",
            endpoint="cekperizinanizin",
        )
        self.assertEqual(
            self.apply(row),
            {"applied": 1, "changed": 1, "with_expiry": 1, "refused": []},
        )
        self.assertEqual(self.one.expiry_date, date(2028, 1, 31))
        self.assertEqual(self.one.source_expiry_date, date(2028, 1, 31))
        self.assertEqual(self.one.expiry_source, "detail")
        self.assertEqual(self.one.detail_state, "found")
        self.assertEqual(self.one.company_founded, date(1999, 12, 31))
        self.assertEqual(self.one.applicant_phone, "0800000000")
        self.assertEqual(self.one.last_run_id, self.run_of(self.run_key))
        self.assertDueIn(self.one, days=30)

    def test_the_same_detail_changes_nothing_but_the_times(self):
        row = self.found(self.one, expiry_date="2028-01-31")
        self.apply(row)
        self.assertEqual(self.apply(row)["changed"], 0)
        self.assertEqual(self.apply(row)["with_expiry"], 1)
        self.assertDueIn(self.one, days=30)

    def test_near_its_expiry_a_permit_is_asked_weekly(self):
        self.apply(
            self.found(self.one, expiry_date="2026-05-09"),
            self.found(self.two, expiry_date="2026-05-10"),
        )
        self.assertDueIn(self.one, days=7)
        self.assertDueIn(self.two, days=30)

    def test_an_expired_date_makes_the_permit_expired(self):
        self.apply(self.found(self.one, expiry_date="2026-03-09"))
        self.assertEqual(self.one.status, "expired")
        self.assertFalse(self.one.message_ids.filtered("tracking_value_ids"))
        self.apply(self.found(self.one, expiry_date="2027-03-09"))
        self.assertEqual(self.one.status, "active")
        self.assertIn("2027", self.one.message_ids[0].body)

    def test_a_detail_without_expiry(self):
        answer = self.apply(self.found(self.one, company_name="PT Contoh"))
        self.assertEqual((answer["changed"], answer["with_expiry"]), (1, 0))
        self.assertEqual(self.one.detail_state, "no_expiry")
        self.assertFalse(self.one.expiry_source)
        self.assertDueIn(self.one, days=30)

    def test_defect_12_definite_misses_come_back_ever_later(self):
        for misses, days in ((1, 7), (2, 14), (3, 30), (4, 30)):
            self.finish(self.run_key)
            self.run_key = self.start("expiry")
            self.apply(self.missed(self.one))
            self.assertEqual(self.one.detail_state, "no_data")
            self.assertEqual(self.one.detail_misses, misses)
            self.assertDueIn(self.one, days=days)
        self.apply(self.found(self.one))
        self.assertEqual(self.one.detail_misses, 0)

    def test_outcomes_that_come_twice_count_once(self):
        """The worker sends again what it has no answer to."""
        error = {"id": self.two.id, "outcome": "error", "code": "timeout"}
        first = self.apply(self.missed(self.one), error)
        again = self.apply(self.missed(self.one), error)
        self.assertEqual((first["applied"], again["applied"]), (2, 2))
        self.assertEqual(self.one.detail_misses, 1)
        self.assertDueIn(self.one, days=7)
        self.assertEqual(len(self.run_of(self.run_key).issue_ids), 1)

    def test_an_error_keeps_the_state_and_leaves_an_issue(self):
        self.apply(self.missed(self.one))
        error = {"id": self.one.id, "outcome": "error", "code": "timeout"}
        answer = self.apply({**error, "message": "No answer within 30 s."})
        self.assertEqual((answer["applied"], answer["changed"]), (1, 0))
        self.assertEqual(self.one.detail_state, "no_data")
        self.assertEqual(self.one.detail_misses, 1)
        self.assertDueIn(self.one, hours=1)
        issue = self.env["sicantik.sync.issue"].search(
            [("permit_id", "=", self.one.id)]
        )
        self.assertEqual((issue.key, issue.code), ("503/1", "timeout"))
        self.assertEqual(issue.run_id, self.run_of(self.run_key))

    def test_a_date_by_hand_wins_and_shows_the_difference(self):
        self.one.with_user(self.operator).expiry_date = "2030-06-30"
        self.apply(self.found(self.one, expiry_date="2026-01-01"))
        self.assertEqual(self.one.expiry_date, date(2030, 6, 30))
        self.assertEqual(self.one.source_expiry_date, date(2026, 1, 1))
        self.assertEqual(self.one.status, "active")
        self.one.with_user(self.operator).expiry_date = False
        self.assertEqual(self.one.expiry_date, date(2026, 1, 1))
        self.assertEqual(self.one.expiry_source, "detail")
        self.assertEqual(self.one.status, "expired")

    def test_flags_of_list_and_detail_do_not_erase_each_other(self):
        run, raw = self.list_run, {"no_surat": "?"}
        self.upsert(run, row_of("1", "503/1", flags=["number"], raw=raw))
        self.apply(self.found(self.one, flags=["date"], raw={"d_berlaku_izin": "0"}))
        self.assertEqual(self.one.flag_codes, "date,number")
        self.upsert(run, row_of("1", "503/1"))
        self.assertEqual(self.one.flag_codes, "date")
        self.assertEqual(self.one.raw_values, {"detail": {"d_berlaku_izin": "0"}})

    def test_bad_rows_are_refused_alone(self):
        answer = self.apply(
            {"id": 0, "outcome": "no_data"},
            {"id": self.one.id, "outcome": "perhaps"},
            self.found(self.two, company_name="x" * 2001),
        )
        self.assertEqual(answer["applied"], 0)
        codes = [item["code"] for item in answer["refused"]]
        self.assertEqual(codes, ["unknown", "data", "data"])
