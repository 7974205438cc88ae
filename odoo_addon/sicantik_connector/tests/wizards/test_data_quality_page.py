from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import row_of
from .data_quality_case import DataQualityCase


@tagged("post_install", "-at_install", "sicantik")
class TestDataQualityPage(DataQualityCase):
    """Who may open the page, and what it costs."""

    def test_it_costs_the_same_few_statements_whatever_the_number(self):
        self.report()
        with self.statements() as few:
            self.report()
        run = self.start()
        rows = [row_of(f"8{n}", f"503/8{n}", flags=["type_missing"]) for n in range(90)]
        self.upsert(run, *rows)
        self.report()
        with self.statements() as many:
            self.report()
        self.assertEqual(len(few), len(many), "\n".join(many))
        self.assertLessEqual(len(many), 10)

    def test_an_office_without_permits(self):
        empty = self.other.copy({"active": False})
        self.assertEqual(self.report(empty), {"permits": 0, "sections": []})

    def test_the_page_opens_for_operators(self):
        wizards = self.env["sicantik.data.quality"]
        with Form(wizards.with_user(self.operator)) as form:
            self.assertEqual(form.config_id, self.config)
            self.assertEqual(form.display_name, "Data Quality")
            self.assertEqual(form.report["permits"], 7)
        self.assertEqual(form.record.display_name, "Data Quality")
        with self.assertRaises(AccessError):
            wizards.with_user(self.viewer).create({"config_id": self.config.id})
        neighbour = self._user(
            "neighbour",
            "sicantik_connector.group_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        wizard = wizards.with_user(neighbour).create({})
        self.assertEqual(wizard.config_id, self.other)
        with self.assertRaises(AccessError):
            wizards.with_user(neighbour).create({"config_id": self.config.id})
