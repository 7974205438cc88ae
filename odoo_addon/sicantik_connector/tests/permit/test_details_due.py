from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import SicantikCase, fingerprint, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestDetailsDue(SicantikCase):
    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-10 03:00:00")
        self.clock = freezer.start()
        self.addCleanup(freezer.stop)
        self.list_run = self.start()

    def bring(self, *numbers, **values):
        rows = [row_of(number, f"503/{number}", **values) for number in numbers]
        self.upsert(self.list_run, *rows)

    def due(self, run, limit=100, exclude=()):
        """The registration numbers of what is due, in order."""
        answer = self.rpc(
            "sicantik.permit", "due_details", limit=limit, exclude=[*exclude], **run
        )
        self.total = answer["due_total"]
        self.ids = [item["id"] for item in answer["permits"]]
        for item in answer["permits"]:
            self.assertEqual(
                item["permit_number"], f"503/{item['registration_number']}"
            )
        return [item["registration_number"] for item in answer["permits"]]

    def answered(self, run, *numbers, expiry=None):
        """SICANTIK had a detail for these permits, with this expiry date."""
        detail = {"expiry_date": expiry}
        rows = [
            {
                "id": self.permit(number).id,
                "outcome": "found",
                "hash": fingerprint(detail),
                "detail": detail,
                "flags": [],
                "raw": {},
            }
            for number in numbers
        ]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **run)

    def restart(self, run, **values):
        self.finish(run)
        self.clock.tick(1)
        return self.start("expiry", **values)

    def test_never_asked_then_near_expiry_then_longest_overdue(self):
        self.bring("1", "2", "3", "4")
        run = self.start("expiry")
        self.answered(run, "1", expiry="2026-04-20")
        self.answered(run, "4", expiry="2026-03-20")
        self.clock.tick(10)
        self.answered(run, "3")
        self.clock.tick(10)
        self.answered(run, "2", expiry="2020-01-01")
        self.bring("5")
        self.clock.tick(timedelta(days=31))
        self.bring("6")
        # 1 has 9 days left by now, 4 is expired
        self.assertEqual(self.due(self.restart(run)), ["6", "5", "1", "4", "3", "2"])
        self.assertEqual(self.total, 6)

    def test_what_is_not_due(self):
        self.bring("1", "2", "3", "4")
        self.upsert(self.list_run, row_of("5"))
        self.bring("6", has_expiry=True, expiry_date="2027-01-01")
        self.permit("2").with_user(self.operator)._cancel("Dicabut")
        self.permit("3").with_user(self.operator).status = "renewed"
        run = self.start("expiry")
        self.answered(run, "4", expiry="2030-01-01")
        self.assertEqual(self.due(self.restart(run)), ["1"])
        self.assertEqual(self.config.due_count, 1)

    def test_a_date_by_hand_is_still_asked_but_not_beside_the_list(self):
        self.bring("1")
        self.bring("2", has_expiry=True, expiry_date="2027-01-01")
        for number in ("1", "2"):
            self.permit(number).with_user(self.operator).expiry_date = "2031-01-01"
        self.assertEqual(self.due(self.start("expiry")), ["1"])

    def test_a_full_run_asks_all_of_them_once(self):
        self.bring("1", "2")
        run = self.start("expiry")
        self.answered(run, "1", "2", expiry="2030-01-01")
        self.assertEqual(self.due(run), [])
        run = self.restart(run, full=True)
        self.assertEqual(self.due(run), ["1", "2"])
        self.answered(run, "1", expiry="2030-01-01")
        self.assertEqual(self.due(run), ["2"])

    def test_what_is_in_flight_is_left_out(self):
        self.bring("1", "2", "3")
        run = self.start("expiry")
        self.assertEqual(len(self.due(run, limit=2)), 2)
        self.assertEqual(len(self.due(run, limit=2, exclude=self.ids)), 1)
        self.assertEqual(self.total, 3)

    def test_a_limit_holds_over_the_whole_run(self):
        self.bring(*[str(n) for n in range(6)])
        run = self.start("expiry", limit=3)
        first = self.due(run, limit=2)
        self.assertEqual((len(first), self.total), (2, 3))
        self.assertEqual(len(self.due(run, exclude=self.ids)), 1)
        self.answered(run, *first)
        third = self.due(run)
        self.assertEqual((len(third), self.total), (1, 1))
        self.answered(run, *third)
        self.assertEqual((self.due(run), self.total), ([], 0))
        # also when another worker takes the run over
        self.finish(self.list_run)
        self.clock.tick(61)
        [claimed] = self.claim(run["uuid"], worker="worker-2")["claimed"]
        run["token"] = claimed["token"]
        self.assertEqual(self.due(run), [])
        self.assertEqual(len(self.due(self.restart(run))), 3)
