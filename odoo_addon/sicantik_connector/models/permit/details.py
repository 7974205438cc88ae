"""Detail calls: which permits are due for one, in which order (``due_details``), and
what they brought (``apply_details``).
"""

from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models

from ...tools.constants import (
    DECISIONS,
    DETAIL_CYCLE_DAYS,
    DETAIL_CYCLE_NEAR_DAYS,
    DETAIL_ERROR_HOURS,
    DETAIL_MISS_DAYS,
)
from ...tools.contacts import npwp_key
from ...tools.landing import land
from ...tools.permit_row import RowError, date_of, text_of

# Ids of permits that a worker holds back: those in flight, and what was refused.
MAX_EXCLUDED = 20_000

Step = namedtuple("Step", ["key", "permit_id", "values", "changed", "with_expiry"])

DATES = ("received_date", "company_founded")
TEXTS = (
    "applicant_address",
    "applicant_phone",
    "whatsapp_number",
    "whatsapp_state",
    "company_name",
    "company_npwp",
    "company_address",
    "company_phone",
    "district",
    "village",
    "regency",
    "province",
)
# Addresses are not indexed; this only keeps nonsense out.
MAX_DETAIL_TEXT = 2000


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def due_details(self, uuid, token, limit, exclude=()):
        """Permits to ask next: never asked, then near their expiry, then the longest
        overdue; see docs/interfaces.md. ``exclude``: ids in flight, or refused.

        ``{"permits": [{"id", "registration_number", "permit_number"}], "due_total"}``.
        UserError with a stale token.
        """
        self.env["sicantik.config"]._require_worker()
        run = self.env["sicantik.sync.run"]._run_of_data(
            uuid, token, exclude or (), most=MAX_EXCLUDED
        )
        model = run.env[self._name]
        domain = model._due_domain(run.config_id, full=run.full, run=run)
        total = model.search_count(domain)
        if run.limit:
            total = min(total, max(run.limit - model._asked_in(run), 0))
        # Permits in flight count against a limited run, too.
        room = total - len(exclude or ()) if run.limit else total
        count = min(max(int(limit), 0), max(room, 0))
        permits = model._search_due(run.config_id, domain, count, exclude)
        return {
            "permits": [
                {
                    "id": permit.id,
                    "registration_number": permit.registration_number,
                    "permit_number": permit.permit_number,
                }
                for permit in permits
            ],
            "due_total": total,
        }

    @api.model
    def _due_domain(self, config, full=False, run=None):
        """Domain of the permits due for a detail call.

        ``run``: the permits that it names count as due, or they alone; what was asked
        in it already is left out.
        """
        domain = [("config_id", "=", config.id), ("permit_number", "!=", False)]
        if not run:
            return domain + self._due_by_itself(full)
        domain.append(("detail_run_id", "!=", run.id))
        named = ("id", "in", run.permit_ids.ids)
        if run.restricted:
            return [*domain, named]
        return [*domain, "|", named, *self._due_by_itself(full)]

    @api.model
    def _due_by_itself(self, full):
        """One term: the permits that are asked without being named."""
        open_permits = [
            "&",
            ("status", "not in", DECISIONS),
            "|",
            ("source_expiry_origin", "=", False),
            ("source_expiry_origin", "!=", "list"),
        ]
        if full:
            return open_permits
        now = fields.Datetime.now()
        due = ["|", ("detail_next_check", "=", False), ("detail_next_check", "<=", now)]
        return ["&", *open_permits, *due]

    @api.model
    def _asked_in(self, run):
        """How many permits the run has asked so far."""
        return self.search_count([("detail_run_id", "=", run.id)])

    @api.model
    def _search_due(self, config, domain, count, exclude):
        """At most ``count`` due permits, in the order in which they are asked."""
        today = config._today()
        near = [
            ("expiry_date", ">=", today),
            ("expiry_date", "<=", today + timedelta(days=config.warning_days)),
        ]
        asked = [("detail_checked_at", "!=", False)]
        names = ["registration_number", "permit_number"]
        found = self.browse()
        for part, order in (
            ([("detail_checked_at", "=", False)], "registered_month desc, id desc"),
            (asked + near, "expiry_date, id"),
            (asked, "detail_next_check, id"),
        ):
            left = count - len(found)
            if left <= 0:
                break
            seen = [("id", "not in", [*found.ids, *(exclude or ())])]
            found |= self.search_fetch(
                domain + part + seen, names, limit=left, order=order
            )
        return found

    @api.model
    def apply_details(self, uuid, token, rows):
        """Store the outcomes of detail calls; shapes and rules in docs/interfaces.md.

        ``{"applied", "changed", "with_expiry", "refused": [{"key": id, "code",
        "message"}]}``. UserError with a stale token.
        """
        self.env["sicantik.config"]._require_worker()
        run = self.env["sicantik.sync.run"]._run_of_data(uuid, token, rows)
        return run.env[self._name]._apply_details(run, rows)

    @api.model
    def _apply_details(self, run, rows):
        permits = self.search(
            [
                ("config_id", "=", run.config_id.id),
                ("id", "in", [row.get("id") for row in rows]),
            ]
        )
        by_id = {permit.id: permit for permit in permits}
        steps, refused, issues = [], [], []
        for row in rows:
            key, permit = row.get("id"), by_id.pop(row.get("id"), None)
            if permit is None:
                message = self.env._("There is no such permit, or it stands twice.")
                refused.append({"key": key, "code": "unknown", "message": message})
                continue
            try:
                steps.append(permit._detail_step(row, run))
            except (RowError, AttributeError, TypeError) as error:
                refused.append({"key": key, "code": "data", "message": str(error)})
                continue
            if row["outcome"] == "error":
                issues.append(permit._issue_of(row))
        return self._land_details(run, permits, steps, refused, issues)

    @api.model
    def _land_details(self, run, permits, steps, refused, issues):
        changes = permits._changes_of(steps)
        rejected = land(self.env, steps, self._apply_detail_steps)
        for step, (code, message) in rejected:
            refused.append({"key": step.key, "code": code, "message": message})
        bad = {step.key for step, _reason in rejected}
        landed = [step for step in steps if step.key not in bad]
        issues = [issue for issue in issues if issue["permit_id"] not in bad]
        # A named permit may be retried because its contact was refused.
        named = set(run.permit_ids.ids)
        linked = self.browse(
            [s.permit_id for s in landed if s.changed or s.permit_id in named]
        )
        for permit, message in linked._link_contacts(run.config_id):
            issues.append(permit._issue_of({"code": "contact", "message": message}))
        self.browse([step.permit_id for step in landed])._propose_renewals(
            run.config_id
        )
        run._add_issues(issues)
        self._note_changes(
            {step.permit_id: changes.get(step.permit_id) for step in landed}
        )
        return {
            "applied": len(landed),
            "changed": sum(step.changed for step in landed),
            "with_expiry": sum(step.with_expiry for step in landed),
            "refused": refused,
        }

    @api.model
    def _apply_detail_steps(self, steps):
        permits = self.browse([step.permit_id for step in steps])
        for permit, step in zip(permits, steps, strict=True):
            permit.write(step.values)

    def _detail_step(self, row, run):
        """What one outcome changes on this permit; RowError."""
        outcome, now = row.get("outcome"), fields.Datetime.now()
        values = {"detail_checked_at": now, "detail_run_id": run.id}
        changed = with_expiry = False
        if outcome == "found":
            found, changed, with_expiry = self._found_values(row, run, now)
            values.update(found)
        elif outcome == "no_data":
            # A run asks once: what comes twice counts once.
            again = self.detail_run_id == run and self.detail_state == "no_data"
            misses = self.detail_misses + (not again)
            days = DETAIL_MISS_DAYS[min(misses, len(DETAIL_MISS_DAYS)) - 1]
            changed = self.detail_state != "no_data"
            values.update(
                detail_state="no_data",
                detail_misses=misses,
                detail_next_check=now + timedelta(days=days),
            )
        elif outcome == "error":
            values["detail_next_check"] = now + timedelta(hours=DETAIL_ERROR_HOURS)
        else:
            raise RowError("outcome is unknown")
        return Step(self.id, self.id, values, changed, with_expiry)

    def _found_values(self, row, run, now):
        """``(values, changed, with_expiry)`` of a detail; RowError.

        The columns are written only when the fingerprint differs; when it was asked
        and when it is due again are always written.
        """
        detail = row.get("detail") or {}
        fingerprint = text_of(row.get("hash"), "hash", required=True)
        expiry = date_of(detail.get("expiry_date"), "expiry_date")
        values = {
            "detail_state": "found" if expiry else "no_expiry",
            "detail_misses": 0,
        }
        changed = self.detail_hash != fingerprint
        if changed:
            values.update({name: date_of(detail.get(name), name) for name in DATES})
            values.update(
                {
                    name: text_of(detail.get(name), name, MAX_DETAIL_TEXT)
                    for name in TEXTS
                },
                detail_hash=fingerprint,
                last_run_id=run.id,
                detail_flags=text_of(",".join(row.get("flags") or ()), "flags"),
            )
            values["company_npwp_key"] = npwp_key(values["company_npwp"])
            self._add_flags(values, "detail", values["detail_flags"], row.get("raw"))
            self._add_issue_date(
                values, date_of(detail.get("issue_date"), "issue_date")
            )
            self._add_detail_expiry(values, expiry, run.config_id)
        effective = values.get("expiry_date", self.expiry_date)
        values["detail_next_check"] = now + self._detail_cycle(effective, run.config_id)
        return values, changed, bool(expiry)

    def _add_issue_date(self, values, date):
        """A date by hand stays the effective one."""
        values["source_issue_date"] = date
        if self.issue_source != "manual":
            values.update(issue_date=date, issue_source="detail" if date else False)

    def _add_detail_expiry(self, values, expiry, config):
        """The detail's date is SICANTIK's word unless the list carries dates; a date
        by hand stays the effective one."""
        if self.source_expiry_origin == "list":
            return
        origin = "detail" if expiry else False
        values.update(source_expiry_date=expiry, source_expiry_origin=origin)
        if self.expiry_source != "manual":
            values.update(
                expiry_date=expiry,
                expiry_source=origin,
                status=self._status_for(
                    self.permit_number, expiry, config._today(), self.status
                ),
            )

    def _detail_cycle(self, expiry, config):
        """Time until the next call: shorter when the permit expires soon."""
        days = DETAIL_CYCLE_DAYS
        if expiry and 0 <= (expiry - config._today()).days <= config.warning_days:
            days = DETAIL_CYCLE_NEAR_DAYS
        return timedelta(days=days)

    def _issue_of(self, row):
        """The issue of a detail call that failed."""
        return {
            "key": self.permit_number or self.registration_number,
            "code": row.get("code") or "error",
            "message": row.get("message"),
            "permit_id": self.id,
        }
