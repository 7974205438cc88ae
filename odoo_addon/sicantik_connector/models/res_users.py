"""The worker's user and its keys: how it signs in, and how it is shut out."""

from odoo import models

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
