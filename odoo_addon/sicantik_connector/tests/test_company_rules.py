from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestCompanyRules(SicantikCase):
    """What keeps the offices of one database apart, beside their people's rights."""

    def setUp(self):
        super().setUp()
        run = self.start()
        self.upsert(run, row_of("1", "503/1"))
        self.finish(run)

    def test_a_configuration_with_permits_stays_with_its_company(self):
        company = self.env["res.company"].create({"name": "Kantor Ketiga"})
        with self.assertRaisesRegex(ValidationError, "already has permits"):
            self.config.company_id = company

    def test_a_run_writes_only_its_own_configuration_s_permits(self):
        run = self.start("expiry", config=self.another_office())
        permit = self.permit("1")
        rows = [{"id": permit.id, "outcome": "no_data"}]
        answer = self.rpc("sicantik.permit", "apply_details", rows=rows, **run)
        self.assertEqual(answer["refused"][0]["code"], "unknown")
        self.assertEqual(permit.detail_state, "never")
