from odoo import models
from odoo.exceptions import AccessError


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """Scheduled actions of SICANTIK work for every office, so that only system
        administrators start them. Odoo asks for the right to change the action's model,
        which managers of one office have."""
        # sudo: who runs an action need not be allowed to read it
        scheduled = self.sudo().filtered(
            lambda action: (
                action.usage == "ir_cron" and action.model_name.startswith("sicantik.")
            )
        )
        system = self.env.su or self.env.user.has_group("base.group_system")
        if scheduled and not system:
            raise AccessError(
                self.env._(
                    "Only system administrators may start SICANTIK's scheduled actions."
                )
            )
        return super().run()
