"""Permits that a complete reading of the list did not meet, too many at once to mark
them: kept until the next reading, or a person, says the same."""

from odoo import fields, models

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
