from odoo.tests import tagged

from .common import SicantikCase

# What the one client action asks for.
DASHBOARD = "sicantik.dashboard"


@tagged("post_install", "-at_install", "sicantik")
class TestMenus(SicantikCase):
    def menus(self):
        data = self.env["ir.model.data"].search(
            [("module", "=like", "sicantik\\_%"), ("model", "=", "ir.ui.menu")]
        )
        return self.env["ir.ui.menu"].browse(data.mapped("res_id"))

    def test_defect_22_every_menu_hangs_under_the_root(self):
        """A menu whose parent does not exist is seen by nobody."""
        root = self.env.ref("sicantik_connector.sicantik_menu_root")
        menus = self.menus()
        self.assertGreater(len(menus), 4)
        self.assertFalse(root.parent_id)
        under = self.env["ir.ui.menu"].search([("id", "child_of", root.id)])
        self.assertFalse(menus - under)

    def test_every_menu_opens_for_who_sees_it(self):
        opened = 0
        for user in (self.viewer, self.operator, self.manager):
            visible = self.menus().with_user(user)._filter_visible_menus()
            for action in [menu.action for menu in visible.sudo() if menu.action]:
                opened += 1
                if action.type == "ir.actions.client":
                    self.env[DASHBOARD].with_user(user).figures()
                    continue
                model = self.env[action.res_model].with_user(user)
                views = [(False, mode) for mode in action.view_mode.split(",")]
                model.get_views([*views, (False, "search")])
                model.search([], limit=1)
        self.assertGreaterEqual(opened, 4 + 5 + 5)
