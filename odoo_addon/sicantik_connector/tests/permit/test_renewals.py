from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import row_of, type_of
from .renewal_case import LineCase


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 03:00:00")
class TestRenewals(LineCase):
    """A person marks a permit as renewed."""

    def wizard(self, permit):
        action = permit.action_mark_renewed()
        wizards = self.env[action["res_model"]].with_user(permit.env.user)
        return Form(wizards.with_context(**action["context"]))

    def test_a_permit_is_renewed_by_a_newer_one(self):
        with self.wizard(self.second) as form:
            self.assertFalse(form.new_permit_id)
            form.new_permit_id = self.third
            self.assertFalse(form.is_of_stranger or form.is_of_other_type)
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

    def test_when_the_new_permit_is_cancelled_the_older_one_says_so(self):
        self.first._mark_renewed(self.second)
        self.second._cancel("Dicabut")
        self.assertEqual(self.first.status, "renewed")
        self.assertIn("Reopen this permit if it still counts", self.notes(self.first))

    def test_reopening_empties_the_link(self):
        self.second._mark_renewed(self.third)
        self.second.action_reopen()
        self.assertEqual(self.second.status, "expired")
        self.assertFalse(self.second.renewed_by_id or self.third.renews_ids)
        self.assertIn("Does not renew 503/0002 any more", self.notes(self.third))

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
        with self.assertRaisesRegex(UserError, "it has ended"):
            self.second._mark_renewed(self.third)
        with self.assertRaisesRegex(UserError, "nothing to renew"):
            self.draft.action_mark_renewed()
        self.assertEqual(self.second.status, "expired")

    def permit_of_another_office(self):
        office = self.another_office()
        company = office.company_id
        self.operator.company_ids |= company
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
            wizard.read(["sides"])

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
