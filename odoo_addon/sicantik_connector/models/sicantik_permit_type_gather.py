"""The permits of merged types come to the type that remains.

In few statements, whatever their number. Called when types are merged, and before a run
gets the names: a batch that was under way at the merge may have left permits behind.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.landing import quietly


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    @api.model
    def _gather_permits(self, config):
        """Give the permits of the merged types of ``config`` the types that remain.

        Returns how many permits got another type. Where none is merged, or everything
        is in place, nothing is written. To be called in the worker's environment.
        """
        remaining = self.search(
            [("config_id", "=", config.id), ("merged_into_id", "!=", False)]
        ).merged_into_id
        if not remaining:
            return 0
        permits = self.env["sicantik.permit"]
        self.env.flush_all()
        moved = self._replace_main_types(config)
        moved |= self._replace_further_types(config)
        permits.invalidate_model()
        permits._rekey_unnumbered(config, remaining)
        permits._join_numbered(remaining)
        return len(moved)

    @api.model
    def _replace_main_types(self, config):
        """Ids of the permits whose main type was a merged one."""
        query = SQL(
            """
            UPDATE sicantik_permit p
               SET permit_type_id = t.merged_into_id, write_date = %s, write_uid = %s
              FROM sicantik_permit_type t
             WHERE t.config_id = %s AND t.merged_into_id IS NOT NULL
               AND p.permit_type_id = t.id
         RETURNING p.id
            """,
            fields.Datetime.now(),
            self.env.uid,
            config.id,
        )
        return self._ids_written(query)

    @api.model
    def _replace_further_types(self, config):
        """Ids of the permits that had a merged type as a further one."""
        moved = self._ids_written(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM sicantik_permit_further_type f
                          USING sicantik_permit_type t
                          WHERE t.config_id = %s AND t.merged_into_id IS NOT NULL
                            AND f.type_id = t.id
                      RETURNING f.permit_id, t.merged_into_id AS type_id
                ), kept AS (
                    INSERT INTO sicantik_permit_further_type (permit_id, type_id)
                         SELECT DISTINCT permit_id, type_id FROM gone
                    ON CONFLICT DO NOTHING
                )
                SELECT permit_id FROM gone
                """,
                config.id,
            )
        )
        # A main type is no further one.
        self._ids_written(
            SQL(
                """
                DELETE FROM sicantik_permit_further_type f
                      USING sicantik_permit p, sicantik_permit_type t
                      WHERE t.config_id = %s AND t.merged_into_id IS NOT NULL
                        AND f.type_id = t.merged_into_id
                        AND p.id = f.permit_id AND p.permit_type_id = f.type_id
                  RETURNING f.permit_id
                """,
                config.id,
            )
        )
        return moved

    @api.model
    def _ids_written(self, query):
        """The ids that a statement returns, as a set. Meeting a batch of the worker is
        no error: Odoo repeats the call."""
        quietly(self.env.cr, query)
        return {permit_id for (permit_id,) in self.env.cr.fetchall()}
