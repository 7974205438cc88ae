"""What a worker tells of its run: progress, and its way to the browsers; the end, with
state, lease and probe; and one sentence to the person who ordered it.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import COUNTERS, VIEWER

FINAL_STATES = ("done", "partial", "failed", "cancelled")

TYPES = {"done": "success", "partial": "warning", "failed": "danger", "lost": "danger"}


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
        the lease."""
        self.write(
            {
                **self._report_values(item),
                "retry": self._retry_of(item),
                "lease_until": fields.Datetime.now()
                + timedelta(seconds=self.lease_seconds),
            }
        )
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

    @api.model
    def finish(self, results):
        """End runs, or hand them back with the state ``queued``; idempotent.

        ``{"accepted": [uuid], "refused": [{"key", "code", "message"}]}`` with the codes
        ``stale_token`` and ``unknown``.
        """
        self.env["sicantik.config"]._require_worker()
        self._check_batch(results)
        accepted, refused = [], []
        for item, run in self._runs_of(results):
            state = item.get("state")
            if state not in (*FINAL_STATES, "queued"):
                raise UserError(
                    self.env._("A run cannot end as “%(state)s”.", state=state)
                )
            if run._ended_as(item.get("token"), state):
                accepted.append(run.uuid)
            elif run._is_under_way(item.get("token")):
                run._finish(item, state)
                accepted.append(run.uuid)
            else:
                refused.append(run._refused_report(item["uuid"]))
        return {"accepted": accepted, "refused": refused}

    def _ended_as(self, token, state):
        """Whether this very result was taken already."""
        handed_back = state == "queued" and self.cancel_requested
        wanted = "cancelled" if handed_back else state
        return bool(self) and self.state == wanted and self._holds(token)

    def _finish(self, item, state):
        waited = self.retry if state == "cancelled" else False
        self._take_report(item)
        if item.get("error_code") or item.get("error_message"):
            self.write(
                {
                    "error_code": item.get("error_code") or False,
                    "error_message": item.get("error_message") or False,
                }
            )
        if item.get("remarks"):
            self.remarks = item["remarks"]
        if item.get("probe"):
            self._take_probe(item["probe"])
        elif self.kind == "probe" and state == "failed":
            # The worker could not even begin, and says no more than why.
            error = {name: item.get(name) for name in ("error_code", "error_message")}
            self._take_probe({"ok": False, **error})
        if item.get("unlisted"):
            self.config_id._keep_unlisted(self, item["unlisted"])
        if state == "queued" and not self.cancel_requested:
            self._hand_back()
            return
        if self.kind != "probe":
            self.config_id._note_end_of(self, item.get("read"), waited)
        self._close("cancelled" if state == "queued" else state, item.get("read"))

    def _hand_back(self):
        """Back to the queue; what a worker gave back in order is no attempt."""
        attempts = max(self.attempts - 1, 0)
        self.write(
            {
                "state": "queued",
                "lease_until": False,
                "attempts": attempts,
                "retry": False,
            }
        )
        self._push_progress()

    def _close(self, state, read=None):
        """Set a final state, note the date on the configuration, tell who asked.

        ``read``: what the run has read, by kind; only that counts as synchronised.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.write(
            {
                "state": state,
                "date_end": now,
                "lease_until": False,
                "eta_seconds": 0,
                "retry": False,
            }
        )
        if state in ("done", "partial"):
            dates = {}
            if "permits" in (read or []):
                dates["last_sync_date"] = now
            if "expiry" in (read or []) and self.kind != "ask":
                dates["last_expiry_sync_date"] = now
            if dates:
                self.config_id.write(dates)
        self.config_id._note_result(self)
        self._push_progress()
        # Who makes a dry run sits at the terminal.
        if self.kind != "preview":
            self._tell_user()

    def _take_probe(self, probe):
        """Store the result of a connection test; PROBE of docs/interfaces.md."""
        config = self.config_id
        config.write({"latency_ms": probe.get("latency_ms") or 0, "probe": probe})
        if probe.get("ok"):
            config._note_reached()
        else:
            config._note_not_reached(
                probe.get("error_code"), probe.get("error_message")
            )

    def _tell_user(self):
        """A pop-up in the browser of who ordered the run, in that person's language."""
        self.ensure_one()
        user = self.user_id
        if not self.config_id._may_answer(user, "base.group_user"):
            return
        run = self.with_context(lang=user.lang or self.env.lang)
        labels = dict(run._fields["kind"]._description_selection(run.env))
        self.env["bus.bus"]._sendone(
            user.partner_id,
            "simple_notification",
            {
                "type": TYPES.get(run.state, "info"),
                "title": f"SICANTIK: {labels[run.kind]}",
                "message": run._sentence(),
                "sticky": run.state in ("failed", "lost"),
            },
        )

    def _result(self):
        """What came of the run, to be read beside its state; empty for a connection
        that was good, because what is known of it is the last test's."""
        if self.state == "done" and self.kind == "probe":
            return ""
        if self._asked_nothing():
            return self.message
        if self.state == "done" and self.kind != "compare":
            return self._counts_sentence()
        return self._sentence()

    def _sentence(self):
        """What came of the run, with counts or the error."""
        if self.kind == "ask":
            return self._ask_told()
        if self.state == "cancelled":
            return self.env._("The sync was stopped. What was done until then stays.")
        if self.state in ("failed", "lost"):
            reason = self.error_text or self.env._("Unknown error.")
            return self.env._("The sync failed: %(reason)s", reason=reason)
        if self.kind == "probe":
            return self._probe_sentence()
        if self.kind == "compare" and not self.error_text:
            return self._comparison_sentence()
        counts = self._counts_sentence()
        if self.state == "partial":
            reason = self.error_text or self.env._("See the issues of the run.")
            return self.env._(
                "Partly done: %(counts)s %(failed)s refused. %(reason)s",
                counts=counts,
                failed=self.failed,
                reason=reason,
            )
        return self.env._("Done: %(counts)s", counts=counts)

    def _counts_sentence(self):
        return self.env._(
            "%(created)s new, %(updated)s changed, %(unchanged)s unchanged.",
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
        )

    def _comparison_sentence(self):
        if self.state == "done":
            return self.env._(
                "Odoo is as SICANTIK says: %(count)s permits.", count=self.unchanged
            )
        return self.env._("Odoo and SICANTIK differ. See the issues of the run.")

    def _probe_sentence(self):
        config = self.config_id
        if config.connection_status == "connected":
            return self.env._(
                "SICANTIK answered in %(latency)s ms.", latency=config.latency_ms
            )
        return self.env._(
            "SICANTIK could not be reached: %(reason)s",
            reason=config.last_error or self.env._("Unknown error."),
        )
