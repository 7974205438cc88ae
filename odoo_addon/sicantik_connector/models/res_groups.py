from odoo import api, models

from ..tools import compat


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _sicantik_setup_groups(self):
        """Put viewer, operator and manager under the heading SICANTIK.

        Called from ``security/sicantik_groups.xml``: Odoo 18 and 19 keep the heading
        in different fields and XML has no conditions.
        """
        names = ("viewer", "operator", "manager")
        groups = self.browse(
            self.env.ref(f"sicantik_connector.group_{name}").id for name in names
        )
        category = self.env.ref("sicantik_connector.module_category_sicantik")
        compat.classify_groups(self.env, category, groups)
