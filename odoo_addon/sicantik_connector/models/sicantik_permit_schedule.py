"""The status that follows from the date, brought up to date when a day begins."""

from odoo import api, models
from odoo.tools import SQL

# Notes of one batch of inserts.
NOTES = 1000


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _update_expired(self, config):
        """Active → expired where the date lies before the office's today, and back.

        Two statements, whatever the number of permits. Drafts and what people decided
        (renewed, cancelled) stay. Call with sudo.
        """
        today = config._today()
        self.flush_model(["config_id", "expiry_date", "status"])
        past = SQL("expiry_date < %s", today)
        present = SQL("(expiry_date IS NULL OR expiry_date >= %s)", today)
        changes = {
            **self._turn(config, "active", "expired", past),
            **self._turn(config, "expired", "active", present),
        }
        self.invalidate_model(["status"])
        ids = sorted(changes)
        for start in range(0, len(ids), NOTES):
            part = ids[start : start + NOTES]
            self._note_changes({key: changes[key] for key in part})

    @api.model
    def _turn(self, config, old, new, condition):
        """Give the permits of ``config`` in status ``old`` the status ``new``; what
        deserves a note, as ``_note_changes`` takes it."""
        self.env.cr.execute(
            SQL(
                "UPDATE sicantik_permit SET status = %s, write_uid = %s,"
                " write_date = NOW() AT TIME ZONE 'UTC'"
                " WHERE config_id = %s AND status = %s AND %s RETURNING id",
                new,
                self.env.uid,
                config.id,
                old,
                condition,
            )
        )
        return {key: (old, new, False, False) for (key,) in self.env.cr.fetchall()}
