"""What Odoo holds, for the worker to compare with SICANTIK's list: ``keys``."""

from odoo import api, fields, models

from ..tools.constants import MAX_ROWS

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
