from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Who has no other app begins on the dashboard, unless the user's own *Home
        Action* says otherwise. Nothing is stored: it ends with the addon."""
        info = super().session_info()
        user = self.env.user
        is_free = user._is_internal() and not info.get("home_action_id")
        if is_free and user._has_no_app_but_sicantik():
            dashboard = "sicantik_connector.sicantik_dashboard_action"
            # An administrator may delete any action.
            if found := self.env.ref(dashboard, raise_if_not_found=False):
                info["home_action_id"] = found.id
        return info
