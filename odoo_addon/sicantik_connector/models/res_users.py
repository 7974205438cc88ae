"""The worker's user and its keys: how it signs in, and how it is shut out; and who
works with SICANTIK alone.
"""

from odoo import models

from ..tools import compat
from ..tools.constants import WORKER


class ResUsers(models.Model):
    _inherit = "res.users"

    def _rpc_api_keys_only(self):
        """The worker signs in with its API key only.

        It has no password, and Odoo would try the key as one first: 420 ms of key
        derivation on a cold cache.
        """
        # sudo: asked before the user is signed in
        if self.sudo().has_group(WORKER):
            return True
        return super()._rpc_api_keys_only()

    def _has_no_app_but_sicantik(self):
        """Whether SICANTIK is the one app that this user was given; those that every
        employee has, as Discuss, do not count."""
        root = self.env.ref(
            "sicantik_connector.sicantik_menu_root", raise_if_not_found=False
        )
        if not root:
            # An administrator may delete any menu.
            return False
        # sudo: only the groups of menus are read
        everybody = self.env.ref("base.group_user")
        roots = self.env["ir.ui.menu"].with_user(self).get_user_roots().sudo()
        # Odoo shows a menu without groups to everybody, too.
        given = roots.filtered(compat.MENU_GROUPS_FIELD).filtered(
            lambda menu: everybody not in menu[compat.MENU_GROUPS_FIELD]
        )
        return given == root.sudo()


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def unlink(self):
        """Shut out at once whoever holds a removed key.

        Odoo remembers that a login and key were right until its caches are emptied;
        removing the key alone does not empty them.
        """
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
