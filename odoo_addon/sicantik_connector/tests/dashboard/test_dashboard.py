import json
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dashboard_case import NOW, DashboardCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(NOW)
class TestDashboard(DashboardCase):
    def test_every_figure_is_what_its_records_are(self):
        """With every filter, two companies, and two zones in which it is not the same
        day."""
        self.many()
        choices = self.dashboard()["choices"]
        self.assertEqual(choices["years"], list(range(2026, 2015, -1)))
        self.assertEqual(len(choices["types"]), 4)
        self.assertEqual(choices["districts"], ["Contoh Barat", "Contoh Timur"])
        ids = [choice["id"] for choice in choices["types"]]
        every = [
            {},
            *({"year": year} for year in choices["years"]),
            *({"type_id": key} for key in ids),
            *({"district": name} for name in choices["districts"]),
            {"year": 2026, "type_id": ids[0]},
            {"year": 2020, "type_id": ids[-1], "district": "Contoh Timur"},
        ]
        seen, counted = 0, 0
        for filters in every:
            answer = self.dashboard(**filters)
            for figure in self.every_figure(answer):
                seen += 1
                counted += bool(figure["count"])
                self.assertEqual(self.found(figure), figure["count"], (filters, figure))
        self.assertGreater(seen, 40 * len(every))
        self.assertGreater(counted, seen / 4)

    def test_a_figure_is_its_own_facet_and_those_of_the_filters(self):
        """Each can be taken away: what is left finds what it says."""
        self.many()
        type_id = self.dashboard()["choices"]["types"][0]["id"]
        chosen = {"year": 2020, "district": "Contoh Timur", "type_id": type_id}
        for filters in ({}, *({name: value} for name, value in chosen.items()), chosen):
            answer = self.dashboard(**filters)
            facets = {facet["key"]: facet["terms"] for facet in answer["chosen"]}
            self.assertEqual(set(facets), set(filters))
            together = [term for domain in facets.values() for term in domain]
            self.assertEqual(self.found({"domain": together}), answer["total"]["count"])
            self.assertEqual(answer["total"]["own"], [])
            for figure in self.every_figure(answer):
                domain = [*together, *figure["own"]]
                self.assertEqual(self.found({"domain": domain}), figure["count"])
        labels = {facet["key"]: facet["label"] for facet in answer["chosen"]}
        self.assertEqual((labels["year"], labels["district"]), ("2020", "Contoh Timur"))

    def test_each_block_counts_every_permit_once(self):
        self.many()
        for filters in ({}, {"year": 2024}, {"district": "Contoh Barat"}):
            answer = self.dashboard(**filters)
            total = answer["total"]["count"]
            self.assertGreater(total, 5)
            for block in ("status", "types", "districts"):
                counts = sum(figure["count"] for figure in answer[block])
                self.assertEqual(counts, total, (filters, block))
            states = self.counts(answer["status"])
            ended = states.get("renewed", 0) + states.get("cancelled", 0)
            counts = sum(figure["count"] for figure in answer["expiry"])
            self.assertEqual(counts, total - ended, filters)
            for name, chart in answer["charts"].items():
                counts = sum(self.counts(chart["years"]).values())
                self.assertEqual(
                    counts + chart["without"]["count"], total, (filters, name)
                )

    def test_the_figure_of_what_has_ended_says_of_which_kinds(self):
        for kind in ("revoked", "cancelled", "revoked"):
            self.permit_in(self.config, status="cancelled", ending=kind)
        self.permit_in(self.config)
        notes = {f["key"]: f.get("note") for f in self.dashboard()["status"]}
        self.assertEqual(notes.pop("cancelled"), "Cancelled 1, Revoked 2")
        self.assertFalse(any(notes.values()))
        permits = self.permits.search([("status", "=", "cancelled")])
        permits.status = "active"
        [ended] = [f for f in self.dashboard()["status"] if f["key"] == "cancelled"]
        self.assertNotIn("note", ended)

    def test_defect_27_a_year_counts_its_own_permits_whatever_else_is_so(self):
        """A ``|`` at the wrong place of a year's domain would count permits of other
        years, and a cache of each process would keep what was counted."""
        first = self.permit_in(self.config, registered_month=date(2025, 1, 1))
        self.permit_in(self.config, registered_month=date(2025, 12, 1))
        self.permit_in(self.config, registered_month=date(2026, 1, 1))
        self.permit_in(self.config, issue_date=date(2025, 6, 1))
        self.permit_in(self.east, status="draft")
        years = self.dashboard()["charts"]["registered"]["years"]
        self.assertEqual(self.counts(years), {"2025": 2, "2026": 1})
        self.assertEqual(self.dashboard(year=2025)["total"]["count"], 2)
        issued = self.dashboard()["charts"]["issued"]
        self.assertEqual(self.counts(issued["years"]), {"2025": 1})
        self.assertEqual(issued["without"]["count"], 4)
        first.registered_month = date(2026, 2, 1)
        years = self.dashboard()["charts"]["registered"]["years"]
        self.assertEqual(self.counts(years), {"2025": 1, "2026": 2})

    def test_a_company_s_figures_are_its_own(self):
        self.many()
        both = self.dashboard()["total"]["count"]
        west = self.dashboard(self.config.company_id)
        east = self.dashboard(self.company)
        self.assertEqual(west["total"]["count"] + east["total"]["count"], both)
        self.assertEqual(len(east["choices"]["types"]), 2)
        self.assertEqual([w["name"] for w in east["workers"]], ["Timur"])
        for figure in self.every_figure(east):
            self.assertEqual(self.found(figure, self.company), figure["count"], figure)

    def test_types_of_one_name_are_told_apart(self):
        for config in (self.config, self.east):
            for name in ("Izin Contoh", f"Izin {config.name}"):
                type_id = self.type_of_office(config, name).id
                self.permit_in(config, permit_type_id=type_id)
        names = {choice["name"] for choice in self.dashboard()["choices"]["types"]}
        expected = {"Izin Kantor Contoh", "Izin Timur"}
        expected |= {"Izin Contoh (Kantor Contoh)", "Izin Contoh (Timur)"}
        self.assertEqual(names, expected)

    def test_what_is_chosen_stays_a_choice(self):
        type_id = self.type_of_office(self.config, "Izin Contoh").id
        self.permit_in(self.config, registered_month=date(2025, 1, 1))
        answer = self.dashboard(year=2024, type_id=type_id, district="Contoh Barat")
        self.assertEqual(answer["total"]["count"], 0)
        self.assertEqual(answer["choices"]["years"], [2024])
        self.assertEqual(
            answer["choices"]["types"], [{"id": type_id, "name": "Izin Contoh"}]
        )
        self.assertEqual(answer["choices"]["districts"], ["Contoh Barat"])
        elsewhere = self.dashboard(self.company, type_id=type_id)
        self.assertEqual(elsewhere["choices"]["types"], [])

    def test_it_is_for_viewers(self):
        employee = self._user("employee", "base.group_user")
        for user in (employee, self.worker):
            with self.assertRaisesRegex(AccessError, "Viewer"):
                self.env["sicantik.dashboard"].with_user(user).figures()
        may = self.dashboard()["may"]
        self.assertEqual(may, {"sync": False, "connect": False, "configure": False})
        admin = self.dashboard(
            self.config.company_id, user=self.env.ref("base.user_admin")
        )
        self.assertTrue(all(admin["may"].values()))

    def test_a_filter_that_is_none_is_refused(self):
        for filters in (
            {"year": "2025"},
            {"year": True},
            {"year": 12025},
            {"type_id": [1]},
            {"district": {"a": 1}},
            {"status": "active"},
            ["year"],
        ):
            with self.assertRaisesRegex(UserError, "Reload the page"):
                self.env["sicantik.dashboard"].with_user(self.viewer).figures(filters)

    def test_its_answer_can_be_sent(self):
        self.many()
        answer = json.loads(json.dumps(self.dashboard(year=2024)))
        for figure in self.every_figure(answer):
            self.assertEqual(self.found(figure), figure["count"])
