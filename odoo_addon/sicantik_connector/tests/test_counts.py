from freezegun import freeze_time

from odoo.tests import tagged

from .counts_case import TODAY, CountsCase

# Stat buttons without a figure, and what they open.
WITHOUT_FIGURE = {
    ("sicantik.permit", "action_view_contact"): lambda one: one.partner_id,
    ("sicantik.permit", "action_view_run"): lambda one: one.last_run_id,
    ("sicantik.permit.type", "action_permits_by_status"): lambda one: one.permit_ids,
    ("sicantik.permit.type", "action_permits_by_month"): lambda one: one.permit_ids,
    ("sicantik.sync.run", "action_view_permits"): lambda one: one.env[
        "sicantik.permit"
    ].search([("last_run_id", "=", one.id)]),
}
# Models of Odoo are looked at only where the case made something.
LOOKED_AT = {
    "res.partner": lambda case: [("id", "in", case.partners.ids)],
    "sicantik.config": lambda case: [("id", "in", case.configs.ids)],
}
BY_EXPIRY = ("critical", "warning")


@tagged("post_install", "-at_install", "sicantik")
@freeze_time(TODAY)
class TestCounts(CountsCase):
    """Every figure opens just what it counts, whoever looks."""

    def pressed(self, key, button):
        """``(record, figure or None, what opens)`` of each page that shows it."""
        model, method = key
        figure = button.find(".//field[@widget='statinfo']")
        for user in (self.of_both, self.of_one):
            records = self.as_user(user)[model].with_context(active_test=False)
            wanted = LOOKED_AT.get(model, lambda case: [])(self)
            for record in records.search(wanted).with_context(active_test=True):
                if not self.is_visible(button, record):
                    continue
                count = None if figure is None else record[figure.get("name")]
                action = getattr(record, method)()
                if action and action.get("target") == "new":
                    asked = record.env[action["res_model"]]
                    wizard = asked.with_context(**action["context"]).create({})
                    yield record, count, wizard[figure.get("name")]
                else:
                    yield record, count, self.listed(record.env, action)

    def test_every_stat_button_opens_what_it_counts(self):
        buttons = self.stat_buttons()
        self.assertGreater(len(buttons), 10)
        for key, button in buttons.items():
            counts = set()
            for record, count, found in self.pressed(key, button):
                told = (key, record.display_name, record.env.user.login)
                if isinstance(found, int):
                    self.assertEqual(count, found, told)
                elif count is not None:
                    self.assertEqual(count, len(found), told)
                    everything = found.with_context(active_test=False).search_count([])
                    self.assertLess(count, everything, f"{told}: it opens everything")
                else:
                    self.assertIn(key, WITHOUT_FIGURE, "a button nobody tests")
                    self.assertEqual(found, WITHOUT_FIGURE[key](record), told)
                    count = len(found)
                counts.add(count)
            self.assertGreater(max(counts, default=0), 0, f"{key}: FILLS lacks its own")

    def test_no_button_without_a_figure_is_expected_in_vain(self):
        self.assertLessEqual(WITHOUT_FIGURE.keys(), self.stat_buttons().keys())

    def test_every_figure_of_permit_types_opens_what_it_counts(self):
        for user in (self.of_both, self.of_one):
            env = self.as_user(user)
            types = env["sicantik.permit.type"].search([])
            statuses = env["sicantik.permit"]._fields["status"].get_values(env)
            keys = {
                **dict.fromkeys(statuses, "permit_status"),
                **dict.fromkeys(BY_EXPIRY, "permit_expiry_state"),
            }
            for name, key in keys.items():
                counts = types.mapped(f"{name}_count")
                for permit_type, count in zip(types, counts, strict=True):
                    asked = permit_type.with_context(**{key: name})
                    found = self.listed(env, asked.action_view_permits())
                    self.assertEqual(len(found), count, (permit_type.name, name))
                self.assertTrue(any(counts), name)

    def test_every_figure_of_the_dashboard_opens_what_it_counts(self):
        for user in (self.of_both, self.of_one):
            env = self.as_user(user)
            permits = env["sicantik.permit"]
            types = permits.search([]).permit_type_id.ids
            for filters in (
                {},
                {"year": 2026},
                {"type_id": types[0]},
                {"district": "Contoh"},
            ):
                answer = env["sicantik.dashboard"].figures(filters)
                figures = list(self.every_figure(answer))
                for figure in figures:
                    found = permits.search_count(figure["domain"])
                    self.assertEqual(figure["count"], found, (filters, figure))
                self.assertGreater(sum(bool(fig["count"]) for fig in figures), 10)

    def every_figure(self, answer):
        """Each FIGURE of the answer, wherever it stands."""
        if isinstance(answer, dict) and "domain" in answer:
            yield answer
        elif isinstance(answer, dict | list):
            parts = answer.values() if isinstance(answer, dict) else answer
            for part in parts:
                yield from self.every_figure(part)

    def test_every_figure_of_data_quality_opens_what_it_counts(self):
        for user in (self.of_both, self.of_one):
            env = self.as_user(user)
            configs = env["sicantik.config"].with_context(active_test=False).search([])
            self.assertIn(self.archived, configs)
            for config in configs & self.configs:
                page = env["sicantik.data.quality"].new({"config_id": config.id})
                report = page.report
                lines = [line for part in report["sections"] for line in part["lines"]]
                self.assertGreater(len(lines), 5)
                for line in lines:
                    for count, domain in (("count", "domain"), ("rest", "rest_domain")):
                        if domain in line:
                            found = env["sicantik.permit"].search_count(line[domain])
                            self.assertEqual(line[count], found, (config.name, line))

    def test_the_summary_of_calls_opens_what_it_counts(self):
        days = {"2026-03-10": 5, "2026-03-04": 7, "2026-03-03": 11}
        self.env["sicantik.api.call"].create(
            [
                {
                    "config_id": config.id,
                    "company_id": config.company_id.id,
                    "day": day,
                    "endpoint": "listpermohonanterbit",
                    "calls": calls,
                }
                for config in self.configs
                for day, calls in days.items()
            ]
        )
        env = self.as_user(self.of_both)
        for config in self.configs.with_env(env):
            calls = self.listed(env, config.action_view_calls())
            self.assertEqual(sum(calls.mapped("calls")), config.api_summary["calls"])
