"""A day begins: what has expired by now, and what has not."""

import logging
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...tools.landing import land, quietly

# Permits of one savepoint.
AT_ONCE = 1000

_logger = logging.getLogger(__name__)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _update_expired(self, config):
        """Active → expired where the date lies before the office's today, and back.

        A few statements for every thousand that change, whatever the number of permits.
        Drafts and what people decided (renewed, cancelled) stay. Call with sudo.
        """
        today = config._today()
        self.flush_model(["config_id", "expiry_date", "status"])
        past = SQL("expiry_date < %s", today)
        present = SQL("(expiry_date IS NULL OR expiry_date >= %s)", today)
        self._turn_all(config, "active", "expired", past)
        self._turn_all(config, "expired", "active", present)

    @api.model
    def _turn_all(self, config, old, new, condition):
        """Give the permits of ``config`` in status ``old`` the status ``new``."""
        query = SQL(
            "SELECT id FROM sicantik_permit"
            " WHERE config_id = %s AND status = %s AND %s ORDER BY id",
            config.id,
            old,
            condition,
        )
        ids = [permit_id for (permit_id,) in self.env.execute_query(query)]
        turn = partial(self._turn, old, new)
        for start in range(0, len(ids), AT_ONCE):
            for permit_id, (code, _message) in land(
                self.env, ids[start : start + AT_ONCE], turn
            ):
                _logger.error("Permit %s stays %s: %s", permit_id, old, code)

    @api.model
    def _turn(self, old, new, ids):
        """The same for permits of which ``old`` is known, with a note for each."""
        quietly(
            self.env.cr,
            SQL(
                "UPDATE sicantik_permit SET status = %s, write_uid = %s,"
                " write_date = NOW() AT TIME ZONE 'UTC' WHERE id = ANY(%s)",
                new,
                self.env.uid,
                ids,
            ),
        )
        permits = self.browse(ids)
        permits.invalidate_recordset(["status", "write_uid", "write_date"])
        permits.fetch(["status"])
        permits._after_status_change(old)
        self._note_changes(dict.fromkeys(ids, (old, new, False, False)))
