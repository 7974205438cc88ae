from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .type_case import OLD, OTHER, REMAINING, TypeCase


@tagged("post_install", "-at_install", "sicantik")
class TestTypesMergeWizard(TypeCase):
    def test_only_managers_merge_and_separate(self):
        types = self.named(OLD) | self.named(REMAINING)
        for user in (self.viewer, self.operator, self.worker):
            with self.assertRaises(AccessError):
                types.with_user(user).action_open_merge()
            with self.assertRaises(AccessError):
                types[0].with_user(user)._merge_into(types[1])
            with self.assertRaises(AccessError):
                types[0].with_user(user).action_separate()
            with self.assertRaises(AccessError):
                types.env["sicantik.permit.type.merge"].with_user(user).create({})
        with self.assertRaises(AccessError):
            types[0].with_user(self.manager).merged_into_id = types[1]

    def test_types_of_two_configurations_stay_apart(self):
        other = self.another_office()
        company = other.company_id
        stranger = self.env["sicantik.permit.type"].create(
            {
                "config_id": other.id,
                "company_id": company.id,
                "name": OLD,
                "name_key": OLD.casefold(),
            }
        )
        mine = self.named(REMAINING).with_user(self.manager)
        with self.assertRaises(AccessError):
            stranger.with_user(self.manager)._merge_into(mine)
        self.manager.company_ids |= company
        both = {"allowed_company_ids": [self.config.company_id.id, company.id]}
        with self.assertRaisesRegex(UserError, "one configuration at a time"):
            stranger.with_user(self.manager).with_context(**both)._merge_into(
                mine.with_context(**both)
            )

    def test_the_wizard_proposes_the_type_with_most_permits(self):
        self.bring("1", "503/1", OTHER)
        self.bring("2", "503/2", OTHER)
        self.bring("3", "503/3", OLD)
        types = (self.named(OLD) | self.named(OTHER)).with_user(self.manager)
        action = types.action_open_merge()
        wizards = types.env[action["res_model"]].with_context(**action["context"])
        with Form(wizards) as form:
            self.assertEqual(form.remaining_id, self.named(OTHER))
            self.assertEqual(form.moved_count, 1)
            form.remaining_id = self.named(OLD)
            self.assertEqual(form.moved_count, 2)

    def test_from_one_type_a_person_chooses_the_other(self):
        self.bring("1", "503/1", OLD)
        one = self.named(OLD).with_user(self.manager)
        action = one.action_open_merge()
        wizards = one.env[action["res_model"]].with_context(**action["context"])
        with Form(wizards) as form:
            self.assertFalse(form.remaining_id)
            form.remaining_id = self.named(REMAINING)
            self.assertEqual(form.moved_count, 1)
        wizard = form.record
        action = wizard.action_merge()
        self.assertEqual(action["params"]["next"]["res_id"], self.named(REMAINING).id)
        with self.assertRaisesRegex(UserError, "at least two"):
            one._merge_into(one)
