from datetime import date

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestPermitPages(SicantikCase):
    """What the pages of permits offer, and where their buttons lead."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        self.upsert(self.run_key, row_of("1", "503/1"), row_of("2"))
        self.one, self.two = self.permit("1"), self.permit("2")

    def test_every_kind_of_view_is_there_and_the_list_comes_first(self):
        action = self.env.ref("sicantik_connector.sicantik_permit_action")
        kinds = [kind for _view_id, kind in action.views]
        self.assertEqual(
            kinds,
            ["list", "kanban", "calendar", "pivot", "graph", "activity", "form"],
        )
        self.assertEqual(action.mobile_view_mode, "list")
        self.assertNotIn("search_default", action.context)
        views = self.permits.with_user(self.viewer).get_views(action.views)["views"]
        self.assertEqual(set(views), set(kinds))
        self.assertNotIn("default_order=", views["list"]["arch"])

    def test_the_form_says_what_can_be_entered_and_why_a_value_is_missing(self):
        arch = etree.fromstring(self.permits.get_view(view_type="form")["arch"])
        for name in ("issue_date", "expiry_date"):
            [date] = arch.xpath(f"//field[@name='{name}'][not(@invisible='1')]")
            self.assertEqual(date.get("placeholder"), "Enter the date")
        [banner] = arch.xpath("//div[@invisible='not is_flagged']")
        self.assertTrue(banner.xpath("field[@name='flag_text']"))
        titles = [node.tag for node in arch.iter("h1", "h2", "h3", "h4")]
        self.assertEqual(titles, ["h1", "h1", "h2"])

    def test_what_is_over_is_called_critical_nowhere(self):
        over = {"status": "renewed", "expiry_state": "critical", "expiry_date": "x"}
        for kind in ("form", "list"):
            arch = etree.fromstring(self.permits.get_view(view_type=kind)["arch"])
            for name in ("days_left", "expiry_state"):
                shown = [
                    node
                    for node in arch.xpath(f"//field[@name='{name}']")
                    if not safe_eval(node.get("invisible") or "False", dict(over))
                ]
                self.assertFalse(shown, (kind, name))

    def test_the_form_opens_for_everybody(self):
        for user in (self.viewer, self.operator, self.manager):
            for permit in (self.one, self.two):
                with Form(permit.with_user(user)) as form:
                    self.assertEqual(
                        form.registration_number, permit.registration_number
                    )

    def test_buttons_lead_to_what_belongs_to_the_permit(self):
        partner = self.env["res.partner"].create({"name": "Contoh Pemohon"})
        self.one.partner_id = partner
        issue = {"key": "1", "code": "data", "message": "x", "permit_id": self.one.id}
        self.runs("report", reports=[{**self.run_key, "issues": [issue]}])
        permit = self.one.with_user(self.viewer)
        self.assertEqual(permit.issue_count, 1)
        self.assertEqual(self.two.issue_count, 0)
        action = permit.action_view_issues()
        issues = self.env[action["res_model"]].with_user(self.viewer)
        self.assertEqual(issues.search(action["domain"]).permit_id, permit)
        for action, record in (
            (permit.action_view_contact(), partner),
            (permit.action_view_run(), self.run_of(self.run_key)),
        ):
            self.assertEqual(
                (action["res_model"], action["res_id"]), (record._name, record.id)
            )

    def test_expires_this_month_and_this_year(self):
        view = self.env.ref("sicantik_connector.sicantik_permit_view_search")
        arch = etree.fromstring(self.permits.get_view(view.id, "search")["arch"])
        ends = ("2026-01-01", "2026-01-31", "2026-02-01", "2026-12-31", "2027-01-01")
        rows = [
            row_of(f"3{n}", f"503/3{n}", has_expiry=True, expiry_date=end)
            for n, end in enumerate(ends)
        ]
        self.upsert(self.run_key, *rows)
        decided = self.permit("30").with_user(self.operator)
        decided.expiry_date = "2026-01-15"
        decided._cancel("Dicabut")
        for name, today, expected in (
            ("this_month", date(2026, 1, 31), ["2026-01-31"]),
            ("this_month", date(2026, 12, 1), ["2026-12-31"]),
            ("next_month", date(2026, 1, 31), ["2026-02-01"]),
            ("next_month", date(2025, 12, 5), ["2026-01-31"]),
            ("this_year", date(2026, 6, 1), list(ends[1:4])),
        ):
            names = {"context_today": lambda t=today: t, "relativedelta": relativedelta}
            domain = arch.find(f".//filter[@name='{name}']").get("domain")
            found = self.permits.search(safe_eval(domain, names))
            dates = sorted(str(permit.expiry_date) for permit in found)
            self.assertEqual(dates, expected, (name, today))
