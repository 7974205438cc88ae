"""Which permit a row of the list means, when its identity is not there yet."""

from collections import namedtuple

from odoo import api, models

from ..tools.constants import SEPARATOR, UNNUMBERED

# What a row means: ``permit_id`` 0 is a new permit, ``count`` names the counter of the
# answer, ``absorbs`` are ids of unnumbered permits that become part of it.
Match = namedtuple("Match", ["row", "permit_id", "count", "absorbs"])


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _match(self, config, rows, stored, type_ids):
        """``([Match], number of ignored rows)``.

        A numbered row without a match takes over the unnumbered permit of its
        registration and type; those of its further types become part of it. An
        unnumbered row is ignored when a numbered permit of
        that registration and type exists, here or in the same call.
        """
        taken = self._taken_over(config, [row for row in rows if row.numbered])
        gone = {permit_id for ids in taken.values() for permit_id in ids}
        covered = self._covered(
            config,
            [row for row in rows if not row.numbered and row.identity not in stored],
        )
        covered |= {
            (row.registration, type_ids.get(key, False))
            for row in rows
            if row.numbered
            for key in row.types or (None,)
        }
        matches, ignored = [], 0
        for row in rows:
            found = stored.get(row.identity)
            if row.numbered:
                matches.append(self._match_numbered(row, found, taken[row.identity]))
                continue
            main = type_ids.get(next(iter(row.types), None), False)
            if found and found.id not in gone:
                matches.append(Match(row, found.id, "updated", ()))
            elif found or (row.registration, main) in covered:
                ignored += 1
            else:
                matches.append(Match(row, 0, "created", ()))
        return matches, ignored

    @api.model
    def _match_numbered(self, row, found, unnumbered):
        if found:
            return Match(row, found.id, "updated", unnumbered)
        if unnumbered:
            return Match(row, unnumbered[0], "rekeyed", unnumbered[1:])
        return Match(row, 0, "created", ())

    @api.model
    def _taken_over(self, config, rows):
        """``{identity of a numbered row: ids of the unnumbered permits it takes}``."""
        candidates = {
            row.identity: [
                f"{UNNUMBERED}{row.registration}{SEPARATOR}{key}" for key in row.types
            ]
            for row in rows
        }
        unnumbered = self._stored_by_identity(
            config, {key for keys in candidates.values() for key in keys}
        )
        taken = {}
        for identity, keys in candidates.items():
            found = [unnumbered.pop(key, None) for key in keys]
            taken[identity] = [permit.id for permit in found if permit]
        return taken

    @api.model
    def _covered(self, config, rows):
        """``{(registration number, type id)}`` of the numbered permits that are there
        for the registrations of ``rows``."""
        if not rows:
            return set()
        permits = self.search_fetch(
            [
                ("config_id", "=", config.id),
                (
                    "registration_number",
                    "in",
                    list({row.registration for row in rows}),
                ),
                ("permit_number", "!=", False),
            ],
            ["registration_number", "permit_type_id", "further_type_ids"],
        )
        return {
            (permit.registration_number, type_id)
            for permit in permits
            for type_id in (permit.permit_type_id | permit.further_type_ids).ids
            or [False]
        }

    @api.model
    def _with_types(self, config, rows, type_ids, refused):
        """The rows whose types all exist, after making the unknown ones.

        ``type_ids`` gets the new types; rows with a type that the database refused go
        to ``refused``.
        """
        missing = {
            key: name
            for row in rows
            for key, name in row.types.items()
            if key not in type_ids
        }
        if not missing:
            return list(rows)
        types = self.env["sicantik.permit.type"]
        made, reasons = types._create_named(config, missing)
        type_ids.update(made)
        taken = []
        for row in rows:
            reason = next((reasons[key] for key in row.types if key in reasons), None)
            if reason:
                refused.append(self._refused_row(row.raw, *reason))
            else:
                taken.append(row)
        return taken
