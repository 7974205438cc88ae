"""A worker takes runs: which it gets, with what token, and why not."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import COUNTERS, LEASE_MAX, LEASE_MIN, MAX_ATTEMPTS


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def claim(self, uuids, worker, lease_seconds):
        """Take runs for the worker instance ``worker``; see docs/interfaces.md.

        ``{"claimed": [{**RUN, "token", "settings"}], "refused": [{"key", "code",
        "message"}]}``; codes ``leased``, ``not_open``, ``lost``, ``inactive``,
        ``unknown``.
        """
        self.env["sicantik.config"]._require_worker()
        self._check_batch(uuids)
        seconds = min(max(int(lease_seconds), LEASE_MIN), LEASE_MAX)
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        runs = model.search([("uuid", "in", uuids)])
        # Those of the same host, too: who claims one of them must not claim beside it.
        runs.config_id._of_same_host()._lock()
        runs._lock()
        by_uuid = {run.uuid: run for run in runs}
        claimed, refused = [], []
        for uuid in uuids:
            run = by_uuid.get(uuid, model)
            code = run._claim_refusal(worker)
            if code == "lost":
                run._give_up_tried()
            if code:
                refused.append(self._refused_claim(uuid, code))
            else:
                claimed.append(run._claim(worker, seconds))
        return {"claimed": claimed, "refused": refused}

    def _claim_refusal(self, worker):
        """The code why ``worker`` cannot claim the run, or None."""
        if not self:
            return "unknown"
        if self.state not in ("queued", "claimed"):
            return "not_open"
        if not self.config_id.active:
            return "inactive"
        # The same instance asks again when the first answer was lost on its way.
        other = self.worker_name != worker
        if self.state == "claimed" and self._lease_lives() and other:
            return "leased"
        if self._config_held_by_other(worker):
            return "leased"
        return "lost" if self.attempts >= MAX_ATTEMPTS else None

    @api.model
    def _refused_claim(self, uuid, code):
        messages = {
            "unknown": self.env._("There is no such run."),
            "not_open": self.env._("The run has ended already."),
            "lost": self.env._(
                "The run was begun %(count)s times without an end and is given up.",
                count=MAX_ATTEMPTS,
            ),
            "inactive": self.env._("The configuration of the run is archived."),
            "leased": self.env._(
                "Another worker holds the lease of the run or of its SICANTIK."
            ),
        }
        return {"key": uuid, "code": code, "message": messages[code]}

    def _claim(self, worker, seconds):
        """Give the run to ``worker``; returns ``{**RUN, "token", "settings"}``."""
        token = secrets.token_hex(16)
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write(
            {
                **dict.fromkeys(COUNTERS, 0),
                "state": "claimed",
                "lease_token": token,
                "lease_seconds": seconds,
                "lease_until": until,
                "worker_name": worker,
                "date_start": self.date_start or fields.Datetime.now(),
                "date_end": False,
                "attempts": self.attempts + 1,
                "claims": self.claims + 1,
                "stage": False,
                "message": False,
                "error_code": False,
                "error_message": False,
            }
        )
        self._extend_config_lease()
        if self._reads_types():
            self.env["sicantik.permit.type"]._gather_permits(self.config_id)
        return {
            **self._order_values(),
            "token": token,
            "settings": self.config_id._worker_values(),
        }
