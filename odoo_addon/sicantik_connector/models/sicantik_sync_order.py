"""Orders: made by people and schedules, looked up and claimed by a worker."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .constants import KINDS, LEASE_MAX, LEASE_MIN, OPEN_STATES


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def order(self, config_id, kind, limit=0, full=False, origin="command"):
        """Create a queued run, or join the open one of that kind and configuration.

        ``config_id`` 0 means the one active configuration.
        ``{"run": RUN, "joined": bool}``; UserError on an unknown kind or configuration.
        """
        self.env["sicantik.config"]._require_worker()
        config = self.env["sicantik.config"]._worker_env()._find_active(config_id)
        if kind not in dict(KINDS) or origin not in ("command", "schedule"):
            raise UserError(
                self.env._(
                    "No such order: kind “%(kind)s”, origin “%(origin)s”.",
                    kind=kind,
                    origin=origin,
                )
            )
        run, joined = config.env[self._name]._order_run(
            config, kind, limit=limit, full=full, origin=origin
        )
        return {"run": run._order_values(), "joined": joined}

    @api.model
    def _order_run(self, config, kind, limit=0, full=False, origin="button"):
        """``(run, joined)`` for ``config``; call with sudo after a group check.

        Wakes the worker for what a person or a schedule ordered; a command claims its
        run by itself.
        """
        config._lock()
        run = self.search(
            [
                ("config_id", "=", config.id),
                ("kind", "=", kind),
                ("state", "in", OPEN_STATES),
            ],
            limit=1,
        )
        joined = bool(run)
        if not joined:
            config._announce()
            run = self.create(
                {
                    "config_id": config.id,
                    "company_id": config.company_id.id,
                    "kind": kind,
                    "limit": max(int(limit), 0),
                    "full": bool(full),
                    "origin": origin,
                    "user_id": self.env.uid,
                }
            )
        if origin != "command" and run.state == "queued":
            config._wake_worker(run)
        return run, joined

    def _order_values(self):
        """RUN of docs/interfaces.md."""
        self.ensure_one()
        return {
            "id": self.id,
            "uuid": self.uuid,
            "kind": self.kind,
            "state": self.state,
            "config_id": self.config_id.id,
            "limit": self.limit,
            "full": self.full,
        }

    @api.model
    def queued(self, worker, version):
        """What waits for a worker, oldest first, of active configurations.

        ``{"runs": [RUN], "database_uuid", "odoo_version"}``. Notes that the worker
        was heard of.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        active = configs._worker_env().search([("active", "=", True)])
        active._note_worker(worker, version)
        runs = active.env[self._name].search(
            [
                ("config_id", "in", active.ids),
                "|",
                ("state", "=", "queued"),
                "&",
                ("state", "=", "claimed"),
                ("lease_until", "<", fields.Datetime.now()),
            ],
            order="id",
        )
        return {
            "runs": [run._order_values() for run in runs],
            **configs._database_facts(),
        }

    @api.model
    def claim(self, uuids, worker, lease_seconds):
        """Take runs for the worker instance ``worker``; see docs/interfaces.md.

        ``{"claimed": [{**RUN, "token", "settings"}], "refused": [{"key", "code",
        "message"}]}``; codes ``leased``, ``not_open``, ``inactive``, ``unknown``.
        """
        self.env["sicantik.config"]._require_worker()
        self._check_batch(uuids)
        seconds = min(max(int(lease_seconds), LEASE_MIN), LEASE_MAX)
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        runs = model.search([("uuid", "in", uuids)])
        runs.config_id._lock()
        runs._lock()
        by_uuid = {run.uuid: run for run in runs}
        claimed, refused = [], []
        for uuid in uuids:
            run = by_uuid.get(uuid, model)
            code = run._claim_refusal(worker)
            if code:
                refused.append(self._refused_claim(uuid, code))
            else:
                claimed.append(run._claim(worker, seconds))
        return {"claimed": claimed, "refused": refused}
