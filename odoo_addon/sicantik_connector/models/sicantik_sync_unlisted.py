"""The button of a run that found too many permits missing to mark them."""

from odoo import fields, models
from odoo.exceptions import UserError


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    has_unlisted = fields.Boolean(
        compute="_compute_has_unlisted",
        help="Permits that this run did not meet wait to be marked as missing.",
    )

    def _compute_has_unlisted(self):
        for run in self:
            # sudo: viewers may read a run, and only whether its permits wait
            waiting = run.sudo().config_id
            run.has_unlisted = (
                bool(waiting.unlisted_count)
                and not waiting.unlisted_confirmed
                and waiting.unlisted_run_id == run._origin
            )

    def action_mark_missing(self):
        """Let as many permits be marked as this run did not meet, and order a complete
        reading that does it; operators only.

        UserError when a later run has met them, or has another number of them.
        """
        self.ensure_one()
        self.check_access("read")
        self.config_id._require_operator()
        if not self.has_unlisted:
            raise UserError(
                self.env._(
                    "Nothing of this run waits to be marked any more. Look at the "
                    "newest run."
                )
            )
        # sudo: nobody may write these fields directly; the group was checked above
        self.config_id.sudo().unlisted_confirmed = True
        return self.config_id._order_by_button("permits", full=True)
