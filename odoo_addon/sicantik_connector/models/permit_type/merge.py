"""Double names: people merge permit types, and separate them again.

A merged type stays as an archived record, so that its name and code stay known. It
names the type that remains, which is never a merged one itself: there are no chains.

The permits of merged types come to the type that remains, in few statements, whatever
their number, with the identity that goes with it; those that are one by now become one.
That is done when types are merged, and before a run gets the names: a batch that was
under way at the merge may have left permits behind.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.actions import dialog
from ...tools.constants import MANAGER, SEPARATOR, UNNUMBERED
from ...tools.landing import quietly
from ...tools.rights import nothing_for_none, require_group


class SicantikPermitType(models.Model):
    _inherit = "sicantik.permit.type"

    @api.model
    def _aliases_of(self, config):
        """``{name_key of a merged type: {"name", "key"} of the one that remains}``."""
        merged = self.with_context(active_test=False).search_fetch(
            [("config_id", "=", config.id), ("merged_into_id", "!=", False)],
            ["name_key", "merged_into_id"],
        )
        return {
            permit_type.name_key: {
                "name": permit_type.merged_into_id.name,
                "key": permit_type.merged_into_id.name_key,
            }
            for permit_type in merged
        }

    @nothing_for_none
    def action_open_merge(self):
        """Open the wizard that merges these types; managers only."""
        self._require_manager()
        return dialog(
            self.env._("Merge Permit Types"),
            "sicantik.permit.type.merge",
            {"default_type_ids": self.ids},
        )

    def action_separate(self):
        """Let these merged types be types of their own again; managers only.

        Their permits stay where they are until the list of SICANTIK is next read
        completely: only SICANTIK knows which permits have which name.
        """
        self._require_manager()
        # sudo: people write no types; the group was checked above
        merged = self.sudo().filtered("merged_into_id")
        merged.config_id._begin_new_names()
        # Without a hash the next list of types brings what was missed meanwhile.
        merged.write({"merged_into_id": False, "active": True, "hash": False})
        return True

    def _merge_into(self, remaining):
        """Make these types old names of ``remaining``; their permits get it.

        Returns the number of those permits. AccessError, UserError.
        """
        self._require_manager()
        remaining._require_manager()
        # Types and permits are written by methods only; the group was checked above.
        remaining, merged = remaining._worker_env(), self._worker_env() - remaining
        merged |= merged.alias_ids
        remaining._check_remains(merged)
        config = remaining.config_id
        config._begin_new_names()
        merged.write({"merged_into_id": remaining.id, "active": False})
        return merged.browse()._gather_permits(config)

    def _check_remains(self, merged):
        """UserError unless ``merged`` can become old names of this type."""
        if not merged:
            raise UserError(self.env._("Choose at least two permit types."))
        if self.merged_into_id:
            raise UserError(
                self.env._(
                    "“%(name)s” is an old name of “%(remaining)s” itself. Choose "
                    "“%(remaining)s” as the type that remains.",
                    name=self.name,
                    remaining=self.merged_into_id.name,
                )
            )
        if (merged | self).mapped("config_id") != self.config_id:
            raise UserError(
                self.env._(
                    "These permit types belong to several configurations. Merge those "
                    "of one configuration at a time."
                )
            )

    def _worker_env(self):
        """These types where the worker's methods work: with archived types, and
        without mail's own notes. See ``sicantik.config._worker_env``."""
        env = self.env["sicantik.config"]._worker_env().env
        return self.with_env(env)

    def _require_manager(self):
        """AccessError unless the user is a manager who may see these types."""
        require_group(
            self,
            MANAGER,
            self.env._(
                "Only members of the group SICANTIK / Manager may decide about permit "
                "types. Ask an administrator for it."
            ),
        )

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
        doubled = self._ids_written(
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
        # Another further type is a change of the permit, though of no column of it.
        self._ids_written(
            SQL(
                "UPDATE sicantik_permit SET write_date = %s, write_uid = %s"
                " WHERE id = ANY(%s) RETURNING id",
                fields.Datetime.now(),
                self.env.uid,
                list(moved | doubled),
            )
        )
        return moved

    @api.model
    def _ids_written(self, query):
        """The ids that a statement returns, as a set. Meeting a batch of the worker is
        no error: Odoo repeats the call."""
        quietly(self.env.cr, query)
        return {permit_id for (permit_id,) in self.env.cr.fetchall()}


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _begin_new_names(self):
        """Before names of types change: runs that read them begin again with the new
        names, and other transactions on them are repeated."""
        self._lock()
        for config in self:
            config._announce()
            config.env["sicantik.sync.run"]._restart_readers(config)


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
