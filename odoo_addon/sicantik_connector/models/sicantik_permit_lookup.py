"""What is stored of the permits that a batch names, in as few queries as can be."""

from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.permit_row import named_keys

Stored = namedtuple(
    "Stored",
    ["id", "hash", "type_id", "applicant", "further_types", "further_applicants"],
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _stored_by_identity(self, config, identities):
        """``{identity: Stored}`` of what is there: one query over a unique index.

        Plain SQL, because most rows are looked up only to be left alone, and filling
        the ORM's cache for them would cost more than everything else.
        """
        if not identities:
            return {}
        self.flush_model()
        # A look-up for each key in a unique index. Without LATERAL and LIMIT the
        # planner reads every permit of the configuration, in each batch.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.*
                  FROM unnest(%s) AS wanted (identity),
                       LATERAL (SELECT identity, id, list_hash, permit_type_id,
                                       applicant_key
                                  FROM sicantik_permit
                                 WHERE config_id = %s AND identity = wanted.identity
                                 LIMIT 1) p
                """,
                [key for key in identities if "\x00" not in key],
                config.id,
            )
        )
        if not rows:
            return {}
        ids = [row[1] for row in rows]
        types = self._children_of("sicantik_permit_further_type", "type_id", ids)
        people = self._children_of("sicantik_permit_applicant", "name_key", ids)
        return {
            row[0]: Stored(*row[1:], types.get(row[1], ()), people.get(row[1], ()))
            for row in rows
        }

    @api.model
    def _children_of(self, table, column, ids):
        """``{permit id: values of its children}``, for permits that have any."""
        query = SQL(
            "SELECT permit_id, array_agg(%s) FROM %s"
            " WHERE permit_id = ANY(%s) GROUP BY permit_id",
            SQL.identifier(column),
            SQL.identifier(table),
            ids,
        )
        return dict(self.env.execute_query(query))

    @api.model
    def _is_unchanged(self, raw, found, type_ids):
        """Whether a row can be left alone without looking at anything else."""
        if found.hash != raw.get("hash"):
            return False
        applicants = named_keys(raw.get("applicant"), raw.get("further_applicants"))
        types = {
            # -1, which no record has, stands for a type not known yet.
            type_ids.get(key, -1)
            for key in named_keys(raw.get("permit_type"), raw.get("further_types"))
        }
        known_applicants = {found.applicant, *found.further_applicants} - {None}
        known_types = {found.type_id, *found.further_types} - {None}
        if raw.get("complete"):
            return applicants == known_applicants and types == known_types
        return applicants <= known_applicants and types <= known_types
