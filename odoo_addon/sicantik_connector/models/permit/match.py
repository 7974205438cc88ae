"""Which permit a row of the list means: looked up in as few queries as can be, found
where its identity is not there yet, and made one where there were several unnumbered
ones.
"""

from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.constants import SEPARATOR, UNNUMBERED
from ...tools.permit_row import named_keys

Stored = namedtuple(
    "Stored",
    ["id", "hash", "type_id", "applicant", "further_types", "further_applicants"],
)

# What a row means: ``permit_id`` 0 is a new permit, ``count`` names the counter of the
# answer, ``absorbs`` are ids of unnumbered permits that become part of it.
Match = namedtuple("Match", ["row", "permit_id", "count", "absorbs"])

DATES = [("expiry_date", "expiry_source"), ("issue_date", "issue_source")]


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

    def _absorb(self, others):
        """Take over what people left on ``others``, which then go.

        An application for two types has two unnumbered permits; when SICANTIK gives
        both the same number they become one permit with two types. Nothing else removes
        a permit.

        An addon moves its own records to this permit before it calls ``super()``: what
        still belongs to the others afterwards goes with them, and who keeps their ids
        elsewhere hears of it nowhere else. It runs in superuser mode, inside the
        savepoint of a batch, which may be undone and done again: so it has effects in
        the database only.
        """
        self.ensure_one()
        self._take_notes(others)
        self._take_dates(others)
        self._take_reasons(others)
        self._take_contact(others)
        self.message_subscribe(partner_ids=others.message_partner_ids.ids)
        for model, name in (
            ("mail.message", "model"),
            ("mail.activity", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            domain = [(name, "=", self._name), ("res_id", "in", others.ids)]
            self.env[model].search(domain).write({"res_id": self.id})
        others.unlink()

    def _take_notes(self, others):
        notes = [permit.notes for permit in self | others if permit.notes]
        if notes and notes != [self.notes]:
            self.write({"notes": "".join(notes)})

    def _take_dates(self, others):
        """A date by hand wins over SICANTIK's, on this record, too, and the status
        follows from it."""
        for name, source in DATES:
            if dated := self._with_date_by_hand(others, source):
                self.write({name: dated[name], source: "manual"})
                self._follow_date()

    def _with_date_by_hand(self, others, source="expiry_source"):
        """The one of ``others`` whose date by hand this permit takes over, if any."""
        if self[source] == "manual":
            return others.browse()
        return others.filtered(lambda permit: permit[source] == "manual")[:1]

    def _take_reasons(self, others):
        """What was cancelled is a permit now; why it was stays readable."""
        for permit in others.filtered("cancel_reason"):
            body = self.env._(
                "An application that became part of this permit had been ended "
                "(%(ending)s): %(reason)s",
                ending=permit._status_words(),
                reason=permit.cancel_reason,
            )
            self._message_log(body=body)

    def _take_contact(self, others):
        """A person's choice of contact outlives the record on which it was made."""
        chosen = others.filtered(lambda p: p.partner_source == "manual")[:1]
        if chosen and self.partner_source != "manual":
            self.write(
                {
                    "partner_id": chosen.partner_id.id,
                    "partner_source": "manual",
                    "proposed_partner_id": False,
                }
            )
