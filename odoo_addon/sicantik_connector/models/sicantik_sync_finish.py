"""The end of a run: its state, its lease, its probe, and word to who asked for it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

FINAL_STATES = ("done", "partial", "failed", "cancelled")


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

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
        if item.get("learnt") and self.kind != "preview":
            self.config_id._learn(item["learnt"])
        if item.get("unlisted"):
            self.config_id._keep_unlisted(self, item["unlisted"])
        if state == "queued" and not self.cancel_requested:
            self._hand_back()
        else:
            self._close("cancelled" if state == "queued" else state, item.get("read"))

    def _hand_back(self):
        """Back to the queue; what a worker gave back in order is no attempt."""
        attempts = max(self.attempts - 1, 0)
        self.write({"state": "queued", "lease_until": False, "attempts": attempts})
        self._push_progress()

    def _close(self, state, read=None):
        """Set a final state, note the date on the configuration, tell who asked.

        ``read``: what the run has read, by kind; only that counts as synchronised.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        self.write(
            {"state": state, "date_end": now, "lease_until": False, "eta_seconds": 0}
        )
        if state in ("done", "partial"):
            dates = {}
            if "permits" in (read or []):
                dates["last_sync_date"] = now
            if "expiry" in (read or []):
                dates["last_expiry_sync_date"] = now
            if dates:
                self.config_id.write(dates)
        self._push_progress()
        # Who makes a dry run sits at the terminal.
        if self.kind != "preview":
            self._tell_user()

    def _take_probe(self, probe):
        """Store the result of a connection test; PROBE of docs/interfaces.md."""
        self.config_id.write(
            {
                "connection_status": "connected" if probe.get("ok") else "error",
                "connection_checked": fields.Datetime.now(),
                "latency_ms": probe.get("latency_ms") or 0,
                "probe": probe,
            }
        )
