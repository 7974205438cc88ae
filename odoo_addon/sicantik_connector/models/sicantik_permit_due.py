"""Which permits are due for a detail call, in which order: ``due_details``."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import DECISIONS

# Ids of permits that a worker holds back: those in flight, and what was refused.
MAX_EXCLUDED = 20_000


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
