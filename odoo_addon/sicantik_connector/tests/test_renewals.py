from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SicantikCase, row_of, type_of


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewals(SicantikCase):
    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        months = ("2019-02-01", "2022-02-01", "2025-02-01")
        ends = ("2022-02-28", "2025-02-28", "2028-02-28")
        rows = [
            row_of(
                f"00{number}",
                f"503/000{number}",
                registered_month=month,
                has_expiry=True,
                expiry_date=end,
            )
            for number, (month, end) in enumerate(zip(months, ends, strict=True), 1)
        ]
        self.upsert(self.run_key, *rows, row_of("004"))
        self.first, self.second, self.third, self.draft = (
            self.permit(f"00{number}").with_user(self.operator)
            for number in range(1, 5)
        )

    def notes(self, permit):
        self.env.flush_all()
        self.cr.precommit.run()
        return " ".join(permit.message_ids.mapped(lambda m: m.body or ""))

    def wizard(self, permit):
        action = permit.action_mark_renewed()
        wizards = self.env[action["res_model"]].with_user(permit.env.user)
        return Form(wizards.with_context(**action["context"]))

    def test_a_permit_is_renewed_by_a_newer_one(self):
        with self.wizard(self.second) as form:
            self.assertFalse(form.new_permit_id)
            form.new_permit_id = self.third
            self.assertEqual(form.new_applicant_name, "Contoh Pemohon")
        form.record.action_confirm()
        self.assertEqual(self.second.status, "renewed")
        self.assertEqual(self.second.renewed_by_id, self.third)
        self.assertEqual(self.third.renews_ids, self.second)
        self.assertIn("Renews 503/0002", self.notes(self.third))
        tracked = self.second.sudo().message_ids.tracking_value_ids.field_id
        self.assertEqual(set(tracked.mapped("name")), {"status", "renewed_by_id"})

    def test_the_new_permit_may_not_be_there_yet(self):
        with self.wizard(self.second) as form:
            form.mode = "not_listed"
        form.record.action_confirm()
        self.assertEqual(self.second.status, "renewed")
        self.assertFalse(self.second.renewed_by_id)
        self.assertEqual(self.second.renewal_count, 0)

    def test_something_must_be_chosen(self):
        wizards = self.env["sicantik.permit.renewal"].with_user(self.operator)
        wizard = wizards.create({"permit_id": self.second.id})
        with self.assertRaisesRegex(UserError, "Choose the new permit"):
            wizard.action_confirm()

    def test_reopening_empties_the_link(self):
        self.second._mark_renewed(self.third)
        self.second.action_reopen()
        self.assertEqual(self.second.status, "expired")
        self.assertFalse(self.second.renewed_by_id or self.third.renews_ids)
        self.assertIn("Does not renew 503/0002 any more", self.notes(self.third))

    def test_the_line_of_renewals_oldest_first(self):
        self.first._mark_renewed(self.second)
        self.second._mark_renewed(self.third)
        for permit in (self.first, self.second, self.third):
            self.assertEqual(permit.renewal_count, 3)
            action = permit.action_view_renewals()
            view = self.env.ref("sicantik_connector.sicantik_permit_view_list_renewals")
            self.assertEqual(action["views"][0], (view.id, "list"))
            order = view.sudo().arch.split('default_order="')[1].split('"')[0]
            found = self.permits.search(action["domain"], order=order)
            self.assertEqual(found.ids, (self.first | self.second | self.third).ids)
        self.assertEqual(self.draft.renewal_count, 0)

    def test_the_lines_of_many_permits_cost_one_query(self):
        self.first._mark_renewed(self.second)
        permits = self.permits.search([("config_id", "=", self.config.id)])
        with self.statements() as statements:
            counts = [permit.renewal_count for permit in permits]
        self.assertEqual(sorted(counts), [0, 0, 2, 2])
        lines = [s for s in statements if s.startswith("WITH RECURSIVE")]
        self.assertEqual(len(lines), 1)

    def test_two_permits_may_become_one(self):
        (self.first | self.second)._mark_renewed(self.third)
        self.assertEqual(self.third.renews_ids, self.first | self.second)
        self.assertIn("Renews 503/0001, 503/0002", self.notes(self.third))

    def test_what_cannot_be_a_renewal(self):
        self.second.sudo().registered_month = False
        self.first._mark_renewed(self.second)
        for newer, reason in (
            (self.second, "the same permit"),
            (self.draft, "no number yet. Say that it is not in"),
            (self.first, "belongs to the permits that this one renews"),
            (self.permit_of_another_office(), "another configuration"),
        ):
            with self.assertRaisesRegex(UserError, reason):
                self.second._mark_renewed(newer)
        self.second.sudo().registered_month = "2022-02-01"
        with self.assertRaisesRegex(UserError, "503/0002 cannot.*older of the two"):
            self.third._mark_renewed(self.second)
        self.third._cancel("Dicabut")
        with self.assertRaisesRegex(UserError, "it is cancelled"):
            self.second._mark_renewed(self.third)
        with self.assertRaisesRegex(UserError, "nothing to renew"):
            self.draft.action_mark_renewed()
        self.assertEqual(self.second.status, "expired")

    def permit_of_another_office(self):
        company = self.env["res.company"].create({"name": "Kantor Lain"})
        self.operator.company_ids |= company
        values = {"name": "Lain", "company_id": company.id}
        office = self.config.create({**values, "api_url": "https://lain.example.test"})
        self.upsert(self.start(config=office), row_of("9", "503/9"))
        found = self.permits.search([("config_id", "=", office.id)])
        companies = (company | self.config.company_id).ids
        return found.with_user(self.operator).with_context(
            allowed_company_ids=companies
        )

    def test_of_another_company_nothing_is_seen_or_linked(self):
        here = {"allowed_company_ids": self.config.company_id.ids}
        stranger = self.permit_of_another_office().with_context(**here)
        with self.assertRaises(AccessError):
            self.second._mark_renewed(stranger)
        wizards = self.env["sicantik.permit.renewal"].with_user(self.operator)
        values = {"permit_id": self.second.id, "new_permit_id": stranger.id}
        wizard = wizards.with_context(**here).create(values)
        wizard.invalidate_recordset()
        with self.assertRaises(AccessError):
            wizard.read(["new_applicant_name"])

    def test_which_of_two_is_the_newer(self):
        self.assertTrue(self.third._is_later_than(self.second))
        self.assertIs(self.first._is_later_than(self.second), False)
        self.third.sudo().issue_date = "2020-01-01"
        self.assertTrue(self.third._is_later_than(self.second))
        self.second.sudo().issue_date = "2022-03-03"
        self.assertIs(self.third._is_later_than(self.second), False)
        self.upsert(self.run_key, row_of("8", "503/8", registered_month=None))
        self.assertIsNone(self.permit("8")._is_later_than(self.draft))

    def test_the_choice_shows_the_applicant(self):
        permit = self.third.with_context(sicantik_with_applicant=True)
        self.assertEqual(permit.display_name, "503/0003 · Contoh Pemohon")
        self.assertEqual(self.third.display_name, "503/0003")

    def test_the_type_of_a_renewal_may_have_another_name(self):
        other = row_of(
            "7",
            "503/7",
            permit_type=type_of("Izin Praktik Dokter Umum"),
            registered_month="2025-03-01",
        )
        self.upsert(self.run_key, other)
        self.second._mark_renewed(self.permit("7").with_user(self.operator))
        self.assertEqual(self.second.status, "renewed")
