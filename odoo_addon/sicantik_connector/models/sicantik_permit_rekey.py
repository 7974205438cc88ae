"""Permits whose types were merged: their identities, and those that are one by now."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.constants import SEPARATOR, UNNUMBERED
from ..tools.landing import quietly


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _rekey_unnumbered(self, config, types):
        """Give permits without a number the identity that goes with their type; of
        several that are one by now, one takes over the others."""
        wanted = defaultdict(list)
        for permit_id, identity in self._misnamed_unnumbered(types):
            wanted[identity].append(permit_id)
        moving = {permit_id for ids in wanted.values() for permit_id in ids}
        holders = self._stored_by_identity(config, set(wanted))
        changes = {}
        for identity, ids in wanted.items():
            holder = holders.get(identity)
            if holder and holder.id not in moving:
                first, others = holder.id, ids
            else:
                first, *others = ids
                changes[first] = identity
            if others:
                self.browse(first)._absorb(self.browse(others))
        if changes:
            self._write_identities(changes)

    @api.model
    def _misnamed_unnumbered(self, types):
        """``[(id, identity that it should have)]`` of permits without a number."""
        return self.env.execute_query(
            SQL(
                """
                SELECT p.id, w.identity
                  FROM sicantik_permit p
                  JOIN sicantik_permit_type t ON t.id = p.permit_type_id,
                       LATERAL (SELECT %(mark)s || split_part(p.identity, %(sep)s, 2)
                                    || %(sep)s || t.name_key AS identity) w
                 WHERE t.id = ANY(%(types)s) AND p.permit_number IS NULL
                   AND p.identity <> w.identity
              ORDER BY p.id
                """,
                mark=UNNUMBERED,
                sep=SEPARATOR,
                types=types.ids,
            )
        )

    @api.model
    def _write_identities(self, changes):
        """``changes`` is ``{permit id: identity}``."""
        self.env.flush_all()
        # Put aside first: one may hold the identity that another one gets.
        aside = SQL(
            "UPDATE sicantik_permit SET identity = id::text WHERE id = ANY(%s)",
            list(changes),
        )
        named = SQL(
            "UPDATE sicantik_permit p SET identity = w.identity"
            " FROM unnest(%s, %s) AS w (id, identity) WHERE p.id = w.id",
            list(changes),
            list(changes.values()),
        )
        for query in (aside, named):
            quietly(self.env.cr, query)
        self.invalidate_model(["identity"])

    @api.model
    def _join_numbered(self, types):
        """A permit without a number is the past of the numbered one of its application
        and type, and becomes part of it."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(n.id) AS numbered, d.id
                  FROM sicantik_permit d
                  JOIN sicantik_permit n
                    ON n.config_id = d.config_id
                   AND n.registration_number = d.registration_number
                   AND n.permit_number IS NOT NULL
                 WHERE d.permit_type_id = ANY(%s) AND d.permit_number IS NULL
                   AND (n.permit_type_id = d.permit_type_id OR EXISTS (
                           SELECT FROM sicantik_permit_further_type f
                            WHERE f.permit_id = n.id
                              AND f.type_id = d.permit_type_id))
              GROUP BY d.id
                """,
                types.ids,
            )
        )
        joined = defaultdict(list)
        for numbered, draft in rows:
            joined[numbered].append(draft)
        for numbered, drafts in joined.items():
            self.browse(numbered)._absorb(self.browse(drafts))
