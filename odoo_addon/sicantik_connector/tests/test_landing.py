from odoo.tests import HttpCase, new_test_user, tagged

from ..tools import compat

DASHBOARD = "sicantik_connector.sicantik_dashboard_action"
PERMITS = "sicantik_connector.sicantik_permit_action"


@tagged("post_install", "-at_install", "sicantik")
class TestLanding(HttpCase):
    """Who has no other app begins on the dashboard; a choice of one's own stays."""

    def person(self, name, group):
        return new_test_user(
            self.env,
            f"landing.{name}",
            group,
            context={"no_reset_password": True},
        )

    def begins_with(self, user):
        """The id of the first page's action; False: Odoo's own."""
        self.authenticate(user.login, user.login)
        info = self.make_jsonrpc_request("/web/session/get_session_info")
        return info["home_action_id"]

    def test_the_first_page_is_the_dashboard_unless_the_user_chose_another(self):
        viewer = self.person("viewer", "sicantik_connector.group_viewer")
        self.assertEqual(self.begins_with(viewer), self.env.ref(DASHBOARD).id)
        self.assertFalse(viewer.action_id, "nothing is left when the addon goes")
        viewer.action_id = self.env.ref(PERMITS).id
        self.assertEqual(self.begins_with(viewer), self.env.ref(PERMITS).id)
        employee = self.person("employee", "base.group_user")
        self.assertFalse(self.begins_with(employee))

    def test_what_an_administrator_deletes_is_no_first_page(self):
        viewer = self.person("viewer", "sicantik_connector.group_viewer")
        for deleted in (DASHBOARD, "sicantik_connector.sicantik_menu_root"):
            self.env.ref(deleted).unlink()
            self.assertFalse(self.begins_with(viewer), deleted)

    def test_sicantik_is_one_app_of_several_where_another_one_was_given(self):
        for group in ("viewer", "operator", "manager"):
            user = self.person(group, f"sicantik_connector.group_{group}")
            self.assertTrue(user._has_no_app_but_sicantik(), group)
        worker = self.person("worker", "sicantik_connector.group_sicantik_worker")
        for other in (self.env.ref("base.user_admin"), worker):
            self.assertFalse(other._has_no_app_but_sicantik())
        group = self.env["res.groups"].create({"name": "Loket"})
        opened = f"ir.actions.act_window,{self.env.ref(PERMITS).id}"
        for name, groups in (("Loket", group), ("Untuk Semua", group.browse())):
            # The entry of another addon's app.
            page = {"name": name, "action": opened}
            self.env["ir.ui.menu"].create(
                {
                    "name": name,
                    compat.MENU_GROUPS_FIELD: [(6, 0, groups.ids)],
                    "child_id": [(0, 0, page)],
                }
            )
        self.assertTrue(user._has_no_app_but_sicantik())
        user.write({compat.USER_GROUPS_FIELD: [(4, group.id)]})
        self.assertFalse(user._has_no_app_but_sicantik())
