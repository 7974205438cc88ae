from odoo import models


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
