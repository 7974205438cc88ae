"""Permits that SICANTIK's list has no more: marked, never deleted."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.landing import quietly


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    missing_since = fields.Datetime(
        index="btree_not_null",
        help="SICANTIK's list has not had this permit since then.",
    )

    @api.model
    def mark_missing(self, uuid, token, missing, seen):
        """Mark the permits ``missing`` (ids), which a complete pass over the list did
        not meet, and clear the mark of those ``seen`` again; see docs/interfaces.md.

        ``{"missing", "seen"}``: how many records changed. UserError with a stale token.
        """
        self.env["sicantik.config"]._require_worker()
        runs = self.env["sicantik.sync.run"]
        run = runs._run_of_data(uuid, token, [*missing, *seen])
        permits = run.env[self._name]
        config, now = run.config_id, fields.Datetime.now()
        # Permits that people have closed are none of SICANTIK's business any more.
        unmarked = SQL(
            "missing_since IS NULL AND status IN ('draft', 'active', 'expired')"
        )
        marked = SQL("missing_since IS NOT NULL")
        return {
            "missing": permits._set_missing(config, missing, now, unmarked),
            "seen": permits._set_missing(config, seen, None, marked),
        }

    @api.model
    def _set_missing(self, config, ids, since, condition):
        """Write ``missing_since`` where ``condition`` holds; how many were written.

        One statement whatever their number: the ORM would look each of them up.
        """
        if not ids:
            return 0
        self.flush_model(["missing_since", "status"])
        query = SQL(
            "UPDATE sicantik_permit"
            " SET missing_since = %s, write_date = %s, write_uid = %s"
            " WHERE config_id = %s AND id = ANY(%s) AND %s",
            since,
            fields.Datetime.now(),
            self.env.uid,
            config.id,
            [int(permit_id) for permit_id in ids],
            condition,
        )
        quietly(self.env.cr, query)
        count = self.env.cr.rowcount
        self.invalidate_model(["missing_since", "write_date", "write_uid"])
        return count
