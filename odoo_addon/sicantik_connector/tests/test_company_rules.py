from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import SicantikCase, applicant_of, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestCompanyRules(SicantikCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.another_office()
        cls.company = cls.other.company_id
        cls.neighbour = cls._user(
            "neighbour",
            "sicantik_connector.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        further = [applicant_of("Orang Kedua")]
        for config in (self.config, self.other):
            run = self.start(config=config)
            self.upsert(run, row_of("1", "503/1", further_applicants=further))
            issue = {"key": "1", "code": "data", "message": "x"}
            call = {"endpoint": "listpermohonanterbit", "calls": 1}
            self.finish(run, issues=[issue], api=[call])

    def test_people_see_the_records_of_their_companies(self):
        paths = {
            "sicantik.config": "company_id",
            "sicantik.permit": "company_id",
            "sicantik.permit.type": "company_id",
            "sicantik.permit.applicant": "permit_id.company_id",
            "sicantik.sync.run": "company_id",
            "sicantik.sync.issue": "company_id",
            "sicantik.api.call": "company_id",
        }
        for model, path in paths.items():
            for user, company in (
                (self.manager, self.config.company_id),
                (self.neighbour, self.company),
            ):
                records = self.env[model].with_user(user).search([])
                self.assertTrue(records, model)
                self.assertEqual(records.sudo().mapped(path), company, model)

    def test_buttons_of_another_company_s_configuration(self):
        with self.assertRaises(AccessError):
            self.config.with_user(self.neighbour).action_sync_now()
        run = self.env["sicantik.sync.run"].search(
            [("config_id", "=", self.config.id)], limit=1
        )
        with self.assertRaises(AccessError):
            run.with_user(self.neighbour).action_cancel()
        with self.assertRaises(AccessError):
            self.permit("1").with_user(self.neighbour)._cancel("Dicabut")
        wizard = self.env["sicantik.expiry.sync"].with_user(self.neighbour)
        with self.assertRaises(AccessError):
            wizard.create({"config_id": self.config.id}).action_start()

    def test_a_configuration_with_permits_stays_with_its_company(self):
        company = self.env["res.company"].create({"name": "Kantor Ketiga"})
        with self.assertRaisesRegex(ValidationError, "already has permits"):
            self.config.company_id = company

    def test_a_run_writes_only_its_own_configuration_s_permits(self):
        run = self.start("expiry", config=self.other)
        permit = self.permit("1")
        rows = [{"id": permit.id, "outcome": "no_data"}]
        answer = self.rpc("sicantik.permit", "apply_details", rows=rows, **run)
        self.assertEqual(answer["refused"][0]["code"], "unknown")
        self.assertEqual(permit.detail_state, "never")
