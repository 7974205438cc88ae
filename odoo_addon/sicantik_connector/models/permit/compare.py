"""What Odoo holds, for the worker to compare with SICANTIK's list (``keys``); permits
that the list has no more are marked, never deleted (``mark_missing``).
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.constants import MAX_ROWS
from ...tools.landing import quietly

KEY_FIELDS = ("identity", "status", "missing_since")
VALUE_FIELDS = (
    "registration_number",
    "permit_number",
    "permit_type_id",
    "further_type_ids",
    "applicant_key",
    "applicant_ids",
    "registered_month",
    "source_expiry_date",
    "source_expiry_origin",
    "list_flags",
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    missing_since = fields.Datetime(
        index="btree_not_null",
        help="SICANTIK's list has not had this permit since then.",
    )

    @api.model
    def keys(self, uuid, token, after=0, limit=MAX_ROWS, values=False):
        """The permits of the run's configuration in order of id, from ``after`` on;
        every status. ``values``: also what the list said; see docs/interfaces.md.

        ``{"permits": [KEY], "last": id}``, ``last`` 0 at the end. UserError with a
        stale token.
        """
        self.env["sicantik.config"]._require_worker()
        run = self.env["sicantik.sync.run"]._run_of_data(uuid, token, ())
        limit = min(max(int(limit), 1), MAX_ROWS)
        permits = run.env[self._name].search_fetch(
            [("config_id", "=", run.config_id.id), ("id", ">", int(after))],
            KEY_FIELDS + VALUE_FIELDS if values else KEY_FIELDS,
            limit=limit,
            order="id",
        )
        return {
            "permits": [
                {**permit._key(), "values": permit._list_values()}
                if values
                else permit._key()
                for permit in permits
            ],
            "last": permits[-1].id if len(permits) == limit else 0,
        }

    def _key(self):
        """KEY of docs/interfaces.md."""
        return {
            "id": self.id,
            "identity": self.identity,
            "status": self.status,
            "missing": bool(self.missing_since),
        }

    def _list_values(self):
        """``values`` of a KEY: the columns of the list as they are stored."""
        return {
            "registration_number": self.registration_number,
            "permit_number": self.permit_number or None,
            "permit_type": self.permit_type_id.name_key or None,
            "further_types": sorted(self.further_type_ids.mapped("name_key")),
            "applicant": self.applicant_key or None,
            "further_applicants": sorted(self.applicant_ids.mapped("name_key")),
            "registered_month": fields.Date.to_string(self.registered_month) or None,
            "source_expiry_date": fields.Date.to_string(self.source_expiry_date)
            or None,
            "source_expiry_origin": self.source_expiry_origin or None,
            "flags": self.list_flags.split(",") if self.list_flags else [],
        }

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
