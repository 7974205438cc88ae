"""What the detail calls brought: ``apply_details``."""

from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import DETAIL_ERROR_HOURS, DETAIL_MISS_DAYS
from ..tools.landing import land
from ..tools.permit_row import RowError

Step = namedtuple("Step", ["key", "permit_id", "values", "changed", "with_expiry"])


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

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
