"""Progress of a run, as its worker reports it, and its way to the browsers."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import COUNTERS, VIEWER


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def report(self, reports):
        """Store progress and renew leases; see docs/interfaces.md.

        ``{"accepted": [uuid], "cancel": [uuid], "refused": [{"key", "code",
        "message"}]}`` with the codes ``stale_token`` and ``unknown``.
        """
        self.env["sicantik.config"]._require_worker()
        self._check_batch(reports)
        accepted, cancel, refused = [], [], []
        for item, run in self._runs_of(reports):
            if not run._is_under_way(item.get("token")):
                refused.append(run._refused_report(item["uuid"]))
                continue
            run._take_report(item)
            run._push_progress()
            accepted.append(run.uuid)
            if run.cancel_requested:
                cancel.append(run.uuid)
        return {"accepted": accepted, "cancel": cancel, "refused": refused}

    @api.model
    def _runs_of(self, items):
        """``[(item, run or empty)]``, locked, in the worker's environment."""
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        runs = model.search([("uuid", "in", [item["uuid"] for item in items])])
        # Their configurations, too, in the order of a claim: leases and dates go there.
        runs.config_id._lock()
        runs._lock()
        by_uuid = {run.uuid: run for run in runs}
        return [(item, by_uuid.get(item["uuid"], model)) for item in items]

    def _refused_report(self, uuid):
        if not self:
            return {
                "key": uuid,
                "code": "unknown",
                "message": self.env._("There is no such run."),
            }
        return {
            "key": uuid,
            "code": "stale_token",
            "message": self.env._("The run was taken over, stopped or has ended."),
        }

    def _take_report(self, item):
        """Write counters and texts of ``item``, make its issues, count its calls, renew
        the leases."""
        self.write(
            {
                **self._report_values(item),
                "lease_until": fields.Datetime.now()
                + timedelta(seconds=self.lease_seconds),
            }
        )
        self._extend_config_lease()
        self._add_issues(item.get("issues") or [])
        self._take_calls(item.get("api") or [])

    def _report_values(self, item):
        """Field values of a report; what is missing or null stays as it is."""
        names = [*COUNTERS, "stage"]
        return {name: item[name] for name in names if item.get(name) is not None}

    def _add_issues(self, issues):
        """Write ``[ISSUE]`` of docs/interfaces.md as issues of the run."""
        self._check_batch(issues)
        if self.kind == "preview":
            # They are told to who asked, and nothing was done that could be retried.
            return
        permits = self.env["sicantik.permit"].browse(
            {issue["permit_id"] for issue in issues if issue.get("permit_id")}
        )
        known = set(
            permits.exists().filtered(lambda p: p.config_id == self.config_id).ids
        )
        vals_list = []
        for issue in issues:
            permit_id = issue.get("permit_id")
            vals_list.append(
                {
                    "key": str(issue.get("key") or "?"),
                    "code": str(issue.get("code") or "internal"),
                    "message": issue.get("message") or False,
                    "values": issue.get("values") or False,
                    "permit_id": permit_id in known and permit_id,
                }
            )
        own = {
            "run_id": self.id,
            "config_id": self.config_id.id,
            "company_id": self.company_id.id,
        }
        told = self._told_issues(vals_list)
        self.env["sicantik.sync.issue"].create(
            [{**own, **vals} for vals in vals_list if vals not in told]
        )

    def _told_issues(self, vals_list):
        """The run's issues with the same keys, as values: a report may come twice."""
        issues = self.env["sicantik.sync.issue"].search_fetch(
            [("run_id", "=", self.id), ("key", "in", [v["key"] for v in vals_list])],
            ["key", "code", "message", "values", "permit_id"],
        )
        return [
            {
                "key": issue.key,
                "code": issue.code,
                "message": issue.message,
                "values": issue["values"],
                "permit_id": issue.permit_id.id,
            }
            for issue in issues
        ]

    def _push_progress(self):
        """Tell the browsers of all viewers; sent with the commit, small by design."""
        self.ensure_one()
        self.env["bus.bus"]._sendone(
            self.env.ref(VIEWER),
            "sicantik.sync.run/progress",
            {
                "id": self.id,
                "uuid": self.uuid,
                "state": self.state,
                "stage": self.stage,
                "done": self.done,
                "total": self.total,
                "progress": self.progress,
                "rate": self.rate,
                "eta_seconds": self.eta_seconds,
            },
        )
