from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SicantikCase, row_of


@tagged("post_install", "-at_install", "sicantik")
class TestStrangers(SicantikCase):
    """What somebody without a group of SICANTIK learns by asking Odoo in general."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._user("portal", "base.group_portal")
        cls.employee = cls._user("employee", "base.group_user")
        cls.other = cls.another_office()

    def test_nobody_looks_for_contacts_that_hold_permits(self):
        self.upsert(self.start(), row_of("1", "503/1"))
        holder = self.env["res.partner"].create({"name": "PEMOHON CONTOH"})
        self.permit("1").partner_id = holder
        holder.parent_id = self.env["res.partner"].create({"name": "PT CONTOH"})
        for model, path in (
            ("res.partner", "sicantik_permit_ids"),
            ("res.partner", "child_ids.sicantik_permit_ids"),
            ("res.users", "partner_id.sicantik_permit_ids"),
        ):
            for domain in (
                [(path, "!=", False)],
                [(path, "=", False)],
                [(path, "ilike", "503")],
                [(f"{path}.status", "=", "active")],
            ):
                with self.assertRaises(AccessError, msg=str(domain)):
                    self.env[model].with_user(self.employee).search(domain)
                self.env[model].with_user(self.viewer).search(domain)
        partners = self.env["res.partner"].with_user(self.viewer)
        with_permits = [("sicantik_permit_ids", "!=", False)]
        self.assertEqual(partners.search(with_permits), holder)

    def test_nobody_makes_up_a_record_to_see_what_is_computed_from_it(self):
        for model, values, computed in (
            ("sicantik.expiry.sync", {"config_id": self.other.id}, "rate_limit"),
            ("sicantik.permit", {"config_id": self.other.id}, "company_id"),
        ):
            for user in (self.portal, self.employee):
                records = self.env[model].with_user(user)
                with self.assertRaises(AccessError, msg=(model, user.login)):
                    records.onchange(values, list(values), {computed: {}})

    def test_every_model_of_sicantik_asks_who_fills_in_its_form(self):
        asking = self.registry["sicantik.mixin"]
        open_ones = {
            name
            for name, model in self.registry.items()
            if name.startswith("sicantik.") and not issubclass(model, asking)
        }
        self.assertEqual(open_ones, {"sicantik.log.mixin"})

    def test_installing_looks_again_at_no_table_of_others(self):
        """Odoo does that for all models that inherit from one that is extended."""
        parts = [part.__module__ for part in self.registry["base"].__mro__]
        self.assertFalse([name for name in parts if "sicantik" in name])

    def test_nothing_is_read_for_people_past_their_own_rights(self):
        related = [
            field
            for model in self.env.values()
            if model._name.startswith("sicantik.")
            for field in model._fields.values()
            if field.related and field._module.startswith("sicantik")
        ]
        self.assertTrue(related)
        self.assertFalse([str(field) for field in related if field.compute_sudo])
