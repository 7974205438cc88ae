from odoo import models
from odoo.exceptions import AccessError


def _is_ours(action):
    """Whether an action, of a server or scheduled, works on a model of SICANTIK."""
    return (action.model_name or "").startswith("sicantik.")


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """Scheduled actions of SICANTIK work for every office, so that only system
        administrators start them. Odoo asks for the right to change the action's model,
        which managers of one office have."""
        # sudo: who runs an action need not be allowed to read it
        scheduled = self.sudo().filtered(
            lambda action: action.usage == "ir_cron" and _is_ours(action)
        )
        system = self.env.su or self.env.user.has_group("base.group_system")
        if scheduled and not system:
            raise AccessError(
                self.env._(
                    "Only system administrators may start SICANTIK's scheduled actions."
                )
            )
        return super().run()


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _add_progress(self, **options):
        """Before each start, by the clock or by hand: SICANTIK's actions work with
        every right, whichever user an administrator gave them."""
        cron, progress = super()._add_progress(**options)
        return (cron.sudo() if _is_ours(self.sudo()) else cron), progress
