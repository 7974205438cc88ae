"""The list of permits comes in: ``upsert_batch``.

Unchanged rows cost their share of one query. Everything new or changed becomes field
values, by the owner rules of docs/interfaces.md, and lands in one savepoint, which is
halved only when the database refuses a row.
"""

from collections import namedtuple

from odoo import api, fields, models

from ...tools.landing import land
from ...tools.permit_row import PermitRow, RowError, date_of

# One thing to do: ``permit_id`` 0 creates. ``count`` names the counter of the answer.
Step = namedtuple("Step", ["key", "count", "permit_id", "values", "absorbs"])

# What a row raises that has another shape than docs/interfaces.md says.
BAD_ROW = (RowError, AttributeError, KeyError, TypeError)

# The plan looked all of these up: a violation means that somebody was quicker.
RACES = (
    "sicantik_permit_config_identity_uniq",
    "sicantik_permit_applicant_permit_name_key_uniq",
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def upsert_batch(self, uuid, token, rows):
        """Create, update or leave permits; the shape of a row and the owner rules are
        in docs/interfaces.md.

        ``{"created", "updated", "unchanged", "rekeyed", "ignored", "refused": [{"key",
        "code", "message"}]}``; every row counts once. UserError with a stale token.
        """
        self.env["sicantik.config"]._require_worker()
        run = self.env["sicantik.sync.run"]._run_of_data(uuid, token, rows)
        return run.env[self._name]._upsert(run, rows)

    @api.model
    def _upsert(self, run, rows):
        config = run.config_id
        type_ids = self.env["sicantik.permit.type"]._ids_by_key(config)
        known = {str(row.get("identity")) for row in rows if isinstance(row, dict)}
        stored = self._stored_by_identity(config, known)
        counts = dict.fromkeys(
            ("created", "updated", "unchanged", "rekeyed", "ignored"), 0
        )
        refused, changed = [], {}
        for raw in rows:
            try:
                found = stored.get(raw["identity"])
                if found and self._is_unchanged(raw, found, type_ids):
                    counts["unchanged"] += 1
                    continue
                row = PermitRow(raw)
                if row.identity in changed:
                    refused.append(self._refused_twice(raw))
                else:
                    changed[row.identity] = row
            except BAD_ROW as error:
                refused.append(self._refused_row(raw, "data", str(error)))
        if changed:
            self._bring_in(run, changed, stored, type_ids, counts, refused)
        return {**counts, "refused": refused}

    @api.model
    def _bring_in(self, run, changed, stored, type_ids, counts, refused):
        """Plan every new or changed row, land the plan, count, and write the notes.

        ``changed`` is ``{identity: PermitRow}``; ``type_ids``, ``counts`` and
        ``refused`` are added to.
        """
        config = run.config_id
        rows = self._with_types(config, changed.values(), type_ids, refused)
        matches, ignored = self._match(config, rows, stored, type_ids)
        steps, today = [], config._today()
        known = self.browse([m.permit_id for m in matches if m.permit_id])
        permits = {permit.id: permit for permit in known}
        for row, permit_id, count, absorbs in matches:
            try:
                if not permit_id:
                    values = self._values_of_new(row, config, run, type_ids, today)
                else:
                    permit = permits[permit_id]
                    values = permit._values_of_known(row, run, type_ids, today)
                    if absorbs:
                        permit._keep_date_by_hand(values, self.browse(absorbs), today)
            except BAD_ROW as error:
                refused.append(self._refused_row(row.raw, "data", str(error)))
                continue
            if values or absorbs:
                step = Step(row.identity, count, permit_id, values, absorbs)
                steps.append(step)
            else:
                counts["unchanged"] += 1
        counts["ignored"] += ignored
        if steps:
            config._wait_for_twin(min(step.key for step in steps))
        self._land_steps(steps, known, counts, refused)

    @api.model
    def _refused_row(self, raw, code, message):
        key = raw.get("identity") if isinstance(raw, dict) else None
        key = key if isinstance(key, str) else "?"
        return {"key": key, "code": code, "message": message}

    @api.model
    def _refused_twice(self, raw):
        message = self.env._("The identity stands twice in the call.")
        return self._refused_row(raw, "duplicate", message)

    @api.model
    def _values_of_new(self, row, config, run, type_ids, today):
        """Values for ``create`` from a checked ``PermitRow``."""
        values = row.list_values()
        keys = list(row.types)
        applicants = list(row.applicants.items())
        values.update(
            config_id=config.id,
            company_id=config.company_id.id,
            permit_type_id=type_ids[keys[0]] if keys else False,
            last_run_id=run.id,
            detail_state="never",
        )
        if applicants:
            values["applicant_key"], values["applicant_name"] = applicants[0]
        if len(keys) > 1:
            values["further_type_ids"] = [
                fields.Command.set([type_ids[key] for key in keys[1:]])
            ]
        if len(applicants) > 1:
            values["applicant_ids"] = [
                fields.Command.create({"name": name, "name_key": key})
                for key, name in applicants[1:]
            ]
        self._add_flags(values, "list", values["list_flags"], row.raw.get("raw"))
        self._add_list_expiry(values, row)
        values["status"] = self._status_for(
            values["permit_number"], values.get("expiry_date"), today
        )
        return values

    def _values_of_known(self, row, run, type_ids, today):
        """Values for ``write`` on this permit; empty when the row says nothing new."""
        self.ensure_one()
        values = {}
        if self.list_hash != row.raw.get("hash") or self.identity != row.identity:
            values = row.list_values()
            self._add_flags(values, "list", values["list_flags"], row.raw.get("raw"))
            self._add_list_expiry(values, row)
            values["status"] = self._status_for(
                values["permit_number"],
                values.get("expiry_date", self.expiry_date),
                today,
                self.status,
            )
            name = row.applicants.get(self.applicant_key)
            if name and name != self.applicant_name:
                values["applicant_name"] = name
        self._add_types(values, row, type_ids)
        self._add_applicants(values, row)
        if values:
            values["last_run_id"] = run.id
        return values

    def _keep_date_by_hand(self, values, others, today):
        """``values`` of the list for a permit that takes over a date by hand from
        ``others``: it wins, as one of its own does."""
        dated = self._with_date_by_hand(others)
        if dated:
            for name in ("expiry_date", "expiry_source"):
                values.pop(name, None)
        if dated and "status" in values:
            number = values["permit_number"]
            values["status"] = self._status_for(
                number, dated.expiry_date, today, self.status
            )

    def _add_list_expiry(self, values, row):
        """What the list says of the expiry date; a date by hand stays."""
        if row.raw.get("has_expiry"):
            date = date_of(row.raw.get("expiry_date"), "expiry_date")
            values.update(source_expiry_date=date, source_expiry_origin="list")
            if self.expiry_source != "manual":
                values.update(expiry_date=date, expiry_source="list")
        elif self and self.source_expiry_origin == "list":
            # The list lost the column: the date stays, detail calls go on.
            origin = "detail" if self.source_expiry_date else False
            values["source_expiry_origin"] = origin
            if self.expiry_source == "list":
                values["expiry_source"] = origin

    def _add_flags(self, values, part, flags, raw):
        """Flags and untaken values of one part (``list`` or ``detail``); the other
        part's stay."""
        other, stored = False, {}
        if self:
            other = self.detail_flags if part == "list" else self.list_flags
            stored = self.raw_values or {}
        codes = {code for text in (flags, other) if text for code in text.split(",")}
        values[f"{part}_flags"] = flags
        values["flag_codes"] = ",".join(sorted(codes)) or False
        values["is_flagged"] = bool(codes)
        if raw or part in stored:
            merged = {**stored, part: raw} if raw else dict(stored)
            if not raw:
                del merged[part]
            values["raw_values"] = merged or False

    def _add_types(self, values, row, type_ids):
        """The first stored type stays the main one; others are further types."""
        named = [type_ids[key] for key in row.types]
        further = set(self.further_type_ids.ids)
        main = self.permit_type_id.id
        if (not main and named) or (row.complete and main and main not in named):
            main = named[0] if named else False
            values["permit_type_id"] = main
        gone = further - set(named) if row.complete else set()
        gone |= further & {main}
        new = [type_id for type_id in named if type_id not in further | {main}]
        commands = [fields.Command.unlink(type_id) for type_id in sorted(gone)]
        commands += [fields.Command.link(type_id) for type_id in new]
        if commands:
            values["further_type_ids"] = commands

    def _add_applicants(self, values, row):
        """The first stored applicant stays the main one; others are child rows."""
        further = {child.name_key: child.id for child in self.applicant_ids}
        main = self.applicant_key
        if (not main and row.applicants) or (
            row.complete and main and main not in row.applicants
        ):
            main = next(iter(row.applicants), False)
            values["applicant_key"] = main
            values["applicant_name"] = row.applicants.get(main, False)
        gone = set(further) - set(row.applicants) if row.complete else set()
        gone |= further.keys() & {main}
        new = [key for key in row.applicants if key != main and key not in further]
        commands = [fields.Command.delete(further[key]) for key in sorted(gone)]
        commands += [
            fields.Command.create({"name": row.applicants[key], "name_key": key})
            for key in new
        ]
        if commands:
            values["applicant_ids"] = commands

    @api.model
    def _land_steps(self, steps, known, counts, refused):
        changes = known._changes_of(steps)
        rejected = land(self.env, steps, self._apply_steps, RACES)
        for step, (code, message) in rejected:
            refused.append({"key": step.key, "code": code, "message": message})
        bad = {step.key for step, _reason in rejected}
        landed = [step for step in steps if step.key not in bad]
        for step in landed:
            counts[step.count] += 1
        self._note_changes(
            {step.permit_id: changes.get(step.permit_id) for step in landed}
        )

    @api.model
    def _apply_steps(self, steps):
        """Write a part of the plan: one create, and writes that one flush groups."""
        self._create_with_defaults([s.values for s in steps if not s.permit_id])
        known = [step for step in steps if step.permit_id]
        permits = self.browse([step.permit_id for step in known])
        for permit, step in zip(permits, known, strict=True):
            if step.absorbs:
                permit._absorb(self.browse(step.absorbs))
            permit.write(step.values)

    @api.model
    def _create_with_defaults(self, vals_list):
        """Create, working out the defaults once for all: Odoo asks every field of every
        row again, which is a quarter of the time of a first load."""
        if vals_list:
            defaults = self.default_get(list(self._fields))
            model = self.with_context(sicantik_defaults_given=True)
            model.create([{**defaults, **vals} for vals in vals_list])

    @api.model
    def _add_missing_default_values(self, values):
        if self.env.su and self.env.context.get("sicantik_defaults_given"):
            return dict(values)
        return super()._add_missing_default_values(values)
