from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..common import SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
@freeze_time("2026-03-10 16:30:00")  # 23:30 in Jakarta
class TestDecisions(SicantikCase):
    """Cancel with a reason, reopen."""

    def setUp(self):
        super().setUp()
        self.run_key = self.start()
        dated = {"has_expiry": True, "expiry_date": "2026-01-01"}
        rows = row_of("1", "503/1"), row_of("2", "503/2", **dated), row_of("3")
        self.upsert(self.run_key, *rows)
        self.active, self.expired, self.draft = (
            self.permit(number).with_user(self.operator) for number in "123"
        )
        self.all = self.active | self.expired | self.draft
        self.told = []
        told = self.told

        def tell(permits, old_status):
            told.append((old_status, permits.mapped("status"), len(permits)))

        self.patch(type(self.permits), "_after_status_change", tell)

    def wizard(self, permits, **values):
        action = permits.action_cancel_permits()
        wizards = self.env[action["res_model"]].with_user(permits.env.user)
        return wizards.with_context(**action["context"]).create(values)

    def test_one_is_cancelled_with_a_reason(self):
        wizards = self.env["sicantik.permit.cancel"].with_user(self.operator)
        context = self.active.action_cancel_permits()["context"]
        with Form(wizards.with_context(**context)) as form:
            self.assertEqual(form.permit_count, 1)
            form.reason = "  Usaha tutup "
        form.record.action_confirm()
        self.assertEqual(self.active.status, "cancelled")
        self.assertEqual(self.active.cancel_reason, "Usaha tutup")
        self.assertEqual(self.active.cancel_date, date(2026, 3, 10))
        self.assertEqual(self.told, [("active", ["cancelled"], 1)])
        self.env.flush_all()
        self.cr.precommit.run()
        message = self.active.message_ids[0]
        self.assertEqual(message.author_id, self.operator.partner_id)
        tracked = set(message.sudo().tracking_value_ids.field_id.mapped("name"))
        self.assertEqual(tracked, {"status", "cancel_reason", "ending"})

    def test_what_the_office_calls_the_end_is_kept_and_can_be_corrected(self):
        self.wizard(self.active, reason="Dicabut", ending="revoked").action_confirm()
        self.draft._cancel("Tidak dilanjutkan")
        self.expired.write(
            {"status": "cancelled", "cancel_reason": "Habis", "ending": "closed"}
        )
        found = self.all.mapped("ending")
        self.assertEqual(found, ["revoked", "closed", "cancelled"])
        self.active.ending = "replaced"
        self.assertEqual(self.active.ending, "replaced")
        with self.assertRaisesRegex(UserError, "always has both"):
            self.active.ending = False
        self.active.action_reopen()
        self.assertFalse(self.active.ending)
        with self.assertRaisesRegex(UserError, "belong to a permit that was ended"):
            self.active.ending = "revoked"

    def test_the_wizard_offers_every_kind_and_takes_none_for_cancelled(self):
        offered = self.env["sicantik.permit.cancel"].fields_get(["ending"])
        kinds = self.permits.fields_get(["ending"])
        self.assertEqual(offered["ending"]["selection"], kinds["ending"]["selection"])
        self.wizard(self.active, reason="Usaha tutup").action_confirm()
        self.assertEqual(self.active.ending, "cancelled")

    def test_several_are_cancelled_with_one_reason(self):
        self.wizard(self.all, reason="Dicabut").action_confirm()
        self.assertEqual(set(self.all.mapped("status")), {"cancelled"})
        self.assertEqual(set(self.all.mapped("cancel_reason")), {"Dicabut"})
        olds = sorted(old for old, _new, _count in self.told)
        self.assertEqual(olds, ["active", "draft", "expired"])

    def test_without_a_reason_it_is_refused_and_the_remedy_named(self):
        for reason in (None, "", "  "):
            with self.assertRaisesRegex(UserError, "press Cancel Permit"):
                self.active._cancel(reason)
        with self.assertRaisesRegex(UserError, "press Cancel Permit"):
            self.active.status = "cancelled"
        with self.assertRaisesRegex(UserError, "press Cancel Permit"):
            self.active.write({"status": "cancelled", "cancel_reason": " "})
        self.active.write({"status": "cancelled", "cancel_reason": "Dicabut"})
        self.assertEqual(self.active.cancel_reason, "Dicabut")

    def test_a_reason_can_be_corrected_and_not_lost(self):
        with self.assertRaisesRegex(UserError, "belong to a permit that was ended"):
            self.active.cancel_reason = "Dicabut"
        self.active._cancel("Dicabt")
        self.active.cancel_reason = "Dicabut"
        self.assertEqual(self.active.cancel_reason, "Dicabut")
        with self.assertRaisesRegex(UserError, "always has both"):
            self.active.cancel_reason = False
        self.assertEqual(len(self.told), 1)

    def test_what_is_decided_is_reopened_first(self):
        self.active._cancel("Dicabut", "revoked")
        self.expired.status = "renewed"
        for permit, label in ((self.active, "Revoked"), (self.expired, "Renewed")):
            for action in (permit.action_cancel_permits, permit.action_mark_renewed):
                with self.assertRaisesRegex(UserError, f"“{label}” already. Reopen"):
                    action()
            with self.assertRaisesRegex(UserError, "Reopen it first"):
                permit._cancel("Lagi")
        with self.assertRaisesRegex(UserError, "Reopen it first"):
            self.active.status = "renewed"
        with self.assertRaisesRegex(UserError, "Choose the permits"):
            self.active.browse().action_cancel_permits()

    def test_reopening_follows_number_and_date(self):
        self.all._cancel("Dicabut")
        self.told.clear()
        self.all.action_reopen()
        found = self.all.mapped("status")
        self.assertEqual(found, ["active", "expired", "draft"])
        self.assertFalse(any(self.all.mapped("cancel_reason")))
        self.assertFalse(any(self.all.mapped("cancel_date")))
        self.assertFalse(any(self.all.mapped("ending")))
        self.assertEqual([old for old, _new, _count in self.told], ["cancelled"] * 3)
        with self.assertRaisesRegex(UserError, "nothing to take back"):
            self.active.action_reopen()

    def test_a_status_that_follows_takes_a_decision_back_or_is_refused(self):
        self.active._cancel("Dicabut")
        with self.assertRaisesRegex(UserError, "is “Active”; nobody has to set that"):
            self.active.status = "expired"
        self.active.status = "active"
        self.assertFalse(self.active.cancel_reason)
        self.active.status = "active"
        self.assertEqual(len(self.told), 2)

    def test_a_date_and_a_status_in_one_call(self):
        self.expired.status = "renewed"
        self.expired.write({"status": "active", "expiry_date": "2027-01-01"})
        self.assertEqual(self.expired.status, "active")

    def test_a_sync_leaves_what_was_decided(self):
        self.active._cancel("Dicabut")
        later = {"has_expiry": True, "expiry_date": "2030-01-01"}
        self.upsert(self.run_key, row_of("1", "503/1", **later))
        self.assertEqual(self.active.status, "cancelled")
        self.assertEqual(self.active.cancel_reason, "Dicabut")

    def test_decisions_are_operators_(self):
        employee = self._user("employee", "base.group_user")
        self.expired._cancel("Dicabut")
        for user in (self.viewer, employee, self.worker):
            for permit, method, arguments in (
                (self.active, "_cancel", ["x"]),
                (self.active, "_mark_renewed", [self.permits]),
                (self.active, "action_cancel_permits", []),
                (self.active, "action_mark_renewed", []),
                (self.expired, "action_reopen", []),
                (self.expired, "_reopen", []),
            ):
                with self.assertRaises(AccessError, msg=(user.login, method)):
                    getattr(permit.with_user(user), method)(*arguments)
            wizard = self.env["sicantik.permit.cancel"].with_user(user)
            with self.assertRaises(AccessError):
                wizard.create({"permit_ids": self.active.ids, "reason": "x"})
        self.assertEqual(self.active.status, "active")
