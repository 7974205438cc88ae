from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import SicantikCase, row_of
from ..permit_type.type_case import type_row
from ..sync_run.api_call_case import LIST, calls_of

# Called with the test: an addon makes what it has of a configuration without permits.
FILLS = []


@tagged("post_install", "-at_install", "sicantik")
class TestCompany(SicantikCase):
    """The company of a configuration changes with all that belongs to it, or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Kantor Lain"})
        cls.manager.company_ids |= cls.company
        cls.neighbour = cls._user(
            "neighbour",
            "sicantik_connector.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.run_key = self.start("types")
        self.rpc(
            "sicantik.permit.type",
            "upsert_batch",
            rows=[type_row("Izin Optik"), type_row("Izin Optikal")],
            **self.run_key,
        )

    def end(self):
        issue = {"key": "1", "code": "data", "message": "x"}
        self.finish(self.run_key, issues=[issue], api=[calls_of(LIST, 1, 10)])

    def move(self):
        self.config.with_user(self.manager).company_id = self.company
        self.env.flush_all()
        self.env.invalidate_all()

    def models(self):
        """The models of all addons whose records have a configuration and a company."""
        for name, model in sorted(self.env.registry.items()):
            known = {"config_id", "company_id"} <= set(model._fields)
            if known and not (model._abstract or model._transient):
                yield name

    def records(self, name):
        model = self.env[name].with_context(active_test=False)
        return model.search([("config_id", "=", self.config.id)])

    def needs_permit(self, name):
        field = self.env[name]._fields.get("permit_id")
        return name == "sicantik.permit" or bool(field and field.required)

    def test_everything_moves_along(self):
        types = self.env["sicantik.permit.type"].with_user(self.manager)
        types = types.search([("config_id", "=", self.config.id)])
        wizard = types.env["sicantik.permit.type.merge"].create(
            {"type_ids": types.ids, "remaining_id": types[0].id}
        )
        wizard.action_merge()
        self.run_key = self.start("probe")
        self.end()
        for fill in FILLS:
            fill(self)
        self.move()
        moved = [name for name in self.models() if not self.needs_permit(name)]
        self.assertIn("sicantik.sync.run", moved)
        for name in moved:
            records = self.records(name)
            self.assertTrue(records, f"nothing of {name} was moved: make some of it")
            self.assertEqual(records.company_id, self.company, name)
        seen = self.config.with_user(self.neighbour)
        self.assertTrue(seen.env["sicantik.permit.type"].search([]))
        self.assertTrue(seen.env["sicantik.sync.run"].search([]))

    def test_with_permits_nothing_moves(self):
        self.end()
        self.upsert(self.start(), row_of("1", "503/1"))
        before = self.config.company_id
        with self.assertRaisesRegex(ValidationError, "already has permits"):
            with self.cr.savepoint():
                self.move()
        for name in ("sicantik.permit", "sicantik.permit.type", "sicantik.sync.run"):
            self.assertEqual(self.records(name).company_id, before, name)

    def test_nothing_moves_while_a_worker_writes(self):
        with self.assertRaisesRegex(ValidationError, "under way"):
            with self.cr.savepoint():
                self.move()
        self.end()
        self.move()
        self.assertEqual(self.config.company_id, self.company)
