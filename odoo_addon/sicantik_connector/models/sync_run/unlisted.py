"""Permits that a complete reading of the list did not meet, too many at once to mark
them: kept on the configuration until the next reading, or a person with the button of
the run, says the same.
"""

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.rights import nothing_for_none

NOTHING = {
    "unlisted_count": 0,
    "unlisted_digest": False,
    "unlisted_confirmed": False,
    "unlisted_run_id": False,
}


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    unlisted_count = fields.Integer(
        "Permits Not Marked Yet",
        readonly=True,
        copy=False,
        help="Permits that the last complete reading of SICANTIK's list did not meet, "
        "too many at once to mark them as missing.",
    )
    unlisted_digest = fields.Char(readonly=True, copy=False)
    unlisted_confirmed = fields.Boolean(
        "May Be Marked",
        readonly=True,
        copy=False,
        help="A person has looked at SICANTIK and lets so many permits be marked.",
    )
    unlisted_run_id = fields.Many2one(
        "sicantik.sync.run",
        "Run That Did Not Mark Them",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    def _forget_source(self):
        """Another SICANTIK has a list of its own."""
        self.write(NOTHING)
        return super()._forget_source()

    def _unlisted(self):
        """UNLISTED of docs/interfaces.md."""
        self.ensure_one()
        return {
            "count": self.unlisted_count,
            "digest": self.unlisted_digest or "",
            "confirmed": self.unlisted_confirmed,
        }

    def _keep_unlisted(self, run, unlisted):
        """Keep what the complete reading of ``run`` did not meet. A person's word stays
        while no more permits than that are missing."""
        self.ensure_one()
        count = max(int(unlisted.get("count") or 0), 0)
        if not count:
            self.write(NOTHING)
            return
        self.write(
            {
                "unlisted_count": count,
                "unlisted_digest": unlisted.get("digest") or False,
                "unlisted_confirmed": self.unlisted_confirmed
                and count <= self.unlisted_count,
                "unlisted_run_id": run.id,
            }
        )


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

    @nothing_for_none
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
