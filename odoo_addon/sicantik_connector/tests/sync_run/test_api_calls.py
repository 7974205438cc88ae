from datetime import date, timedelta

from odoo.tests import tagged

from .api_call_case import DETAIL, LIST, ApiCallCase, calls_of


@tagged("post_install", "-at_install", "sicantik")
class TestApiCalls(ApiCallCase):
    """What the worker counts is stored once, and summed up for the last week."""

    def test_a_report_that_comes_twice_counts_once(self):
        told = [calls_of(LIST, 4, 800, 500), calls_of(DETAIL, 1, 90)]
        for _time in range(2):
            self.report(api=told)
        self.report(done=3)
        self.report(api=[calls_of(DETAIL, 10, 1000, 300, sicantik_unavailable=2)])
        page, detail = self.counted()
        self.assertEqual((page.calls, page.failed, page.total_ms), (4, 0, 800))
        self.assertEqual((page.purpose, page.endpoint), ("list", LIST))
        self.assertEqual((page.average_ms, page.success_rate), (200.0, 100.0))
        self.assertEqual((detail.calls, detail.failed, detail.slowest_ms), (10, 2, 300))
        self.assertEqual((detail.average_ms, detail.success_rate), (100.0, 80.0))
        self.assertEqual(detail.error_text, "No usable answer: 2")
        self.assertEqual((page.run_id, page.day), (self.stored, date(2026, 3, 10)))
        self.assertEqual(page.company_id, self.config.company_id)

    def test_the_end_of_a_run_counts_its_calls(self):
        self.finish(self.key, "failed", api=[calls_of("jumlahPerizinan", 2, 10)])
        self.finish(self.key, "failed", api=[calls_of("jumlahPerizinan", 2, 10)])
        call = self.counted()
        self.assertEqual((call.calls, call.purpose), (2, "type_count"))

    def test_each_claim_has_rows_of_its_own(self):
        self.report(api=[calls_of(LIST, 3, 30)])
        self.finish(self.key, "queued")
        self.clock.tick(timedelta(days=1))
        [claimed] = self.claim(self.key["uuid"], worker="worker-2")["claimed"]
        self.key["token"] = claimed["token"]
        self.report(api=[calls_of(LIST, 1, 10)])
        self.assertEqual(self.stored.attempts, 1, "what was handed back is no attempt")
        self.assertEqual(self.counted().mapped("calls"), [3, 1])
        self.assertEqual(
            self.counted().mapped("day"), [date(2026, 3, 10), date(2026, 3, 11)]
        )

    def test_the_day_is_the_office_s(self):
        self.config.tz = "Asia/Jayapura"
        self.clock.move_to("2026-03-10 15:30:00")
        self.claim(self.key["uuid"])
        [claimed] = self.claim(self.key["uuid"])["claimed"]
        self.key["token"] = claimed["token"]
        self.report(api=[calls_of("newEndpoint", 1, 10)])
        self.assertEqual(self.counted().day, date(2026, 3, 11))
        self.assertEqual(self.counted().purpose, "other")

    def test_averages_of_several_rows_weigh_by_calls(self):
        self.report(api=[calls_of(LIST, 1, 1000), calls_of(DETAIL, 9, 900, x=5)])
        [[average, rate, slowest]] = self.env["sicantik.api.call"]._read_group(
            [("config_id", "=", self.config.id)],
            [],
            ["average_ms:avg", "success_rate:avg", "slowest_ms:max"],
        )
        self.assertEqual((average, rate, slowest), (190.0, 50.0, 0))

    def test_the_configuration_sums_up_the_last_seven_days(self):
        config = self.config.with_user(self.viewer)
        self.assertFalse(config.api_summary)
        self.report(api=[calls_of(LIST, 100, 9000, 900)])
        self.clock.tick(timedelta(days=6))
        [claimed] = self.claim(self.key["uuid"], worker="worker-2")["claimed"]
        self.key["token"] = claimed["token"]
        errors = {"sicantik_unavailable": 3, "new_code": 1}
        self.report(
            api=[
                calls_of(LIST, 100, 3000, 100),
                calls_of(DETAIL, 20, 600, 80, **errors),
            ]
        )
        summary = config.api_summary
        self.assertEqual((summary["calls"], summary["failed"]), (220, 4))
        self.assertEqual(
            (summary["slowest_ms"], summary["average_ms"]), (900, 12600 / 220)
        )
        self.assertAlmostEqual(summary["success_rate"], 100 * 216 / 220)
        self.assertEqual(
            [(part["label"], part["calls"]) for part in summary["purposes"]],
            [("List of Permits", 200), ("Permit by Number", 20)],
        )
        first, second = summary["errors"]
        self.assertEqual((first["label"], first["calls"]), ("No usable answer", 3))
        self.assertIn("Try again later", first["meaning"])
        self.assertEqual((second["label"], second["meaning"]), ("new_code", False))

        self.clock.tick(timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual(config.api_summary["calls"], 120, "the first day is over")
