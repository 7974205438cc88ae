"""The list of permits comes in: ``upsert_batch``.

Unchanged rows cost their share of one query; everything new or changed lands in one
savepoint, which is halved only when the database refuses a row.
"""

from collections import namedtuple

from odoo import api, models

from ..tools.permit_row import PermitRow, RowError

# One thing to do: ``permit_id`` 0 creates. ``count`` names the counter of the answer.
Step = namedtuple("Step", ["key", "count", "permit_id", "values", "absorbs"])

# What a row raises that has another shape than docs/interfaces.md says.
BAD_ROW = (RowError, AttributeError, KeyError, TypeError)


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
