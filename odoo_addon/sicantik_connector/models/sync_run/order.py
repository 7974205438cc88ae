"""Orders: made by people and schedules, looked up and taken by a worker.

A worker is told which runs it gets, with what token, and why not. Runs begin again when
what they were told of the permit types is old.
"""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import (
    COUNTERS,
    KINDS,
    LEASE_MAX,
    LEASE_MIN,
    MAX_ATTEMPTS,
    OPEN_STATES,
)


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def order(
        self,
        config_id,
        kind,
        limit=0,
        full=False,
        origin="command",
        worker="",
        lease_seconds=0,
    ):
        """Create a queued run, or join the open one of that kind and configuration.

        ``config_id`` 0 means the one active configuration. ``worker``: it claims the
        run in the same transaction, before another worker sees it.
        ``{"run": RUN, "joined": bool, "claimed", "refused"}``, the last two like
        ``claim``; UserError on an unknown kind or configuration.
        """
        self.env["sicantik.config"]._require_worker()
        config = self.env["sicantik.config"]._worker_env()._find_active(config_id)
        known = kind in dict(KINDS) and kind != "ask"
        if not known or origin not in ("command", "schedule"):
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
        claim = {"claimed": [], "refused": []}
        if worker:
            claim = self.claim([run.uuid], worker, lease_seconds)
        if run.kind == "preview" and run.state == "queued":
            # Nobody but this command could do anything with it.
            values = run._order_values()
            run.unlink()
            return {"run": values, "joined": joined, **claim}
        return {"run": run._order_values(), "joined": joined, **claim}

    @api.model
    def _order_run(
        self, config, kind, limit=0, full=False, origin="button", permits=None
    ):
        """``(run, joined)`` for ``config``; call with sudo after a group check.

        ``permits``: a run of details asks for these only, whether due or not. Wakes the
        worker for what a person or a schedule ordered; a command claims its run by
        itself. UserError while there is no address to call.
        """
        config._require_address()
        config._lock()
        same = [
            ("config_id", "=", config.id),
            ("kind", "=", kind),
            ("state", "in", OPEN_STATES),
        ]
        if kind == "ask":
            # Each permit is asked by itself: nobody waits for another one's answer.
            same.append(("permit_ids", "in", permits.ids))
        run = self.search(same, limit=1)
        joined = bool(run)
        if joined:
            run._widen(limit, full, permits)
        else:
            config._announce()
            run = self.create(
                {
                    "config_id": config.id,
                    "company_id": config.company_id.id,
                    "kind": kind,
                    "limit": max(int(limit), 0),
                    "full": bool(full),
                    "restricted": permits is not None,
                    "permit_ids": permits and [(6, 0, permits.ids)],
                    "origin": origin,
                    "user_id": self.env.uid,
                }
            )
        if origin != "command" and run.state == "queued":
            config._wake_worker(run.uuid)
        return run, joined

    @api.model
    def status(self, uuids):
        """Where runs stand, whoever works on them; changes nothing.

        ``{"runs": [{RUN, "stage", "worker", "total", "done", "created", "updated",
        "unchanged", "failed", "error"}]}``; unknown ones are left out.
        """
        self.env["sicantik.config"]._require_worker()
        self._check_batch(uuids)
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        figures = ("total", "done", "created", "updated", "unchanged", "failed")
        return {
            "runs": [
                {
                    **run._order_values(),
                    "stage": run.stage or None,
                    "worker": run.worker_name or None,
                    **{name: run[name] for name in figures},
                    "error": run._error_in_full() or None,
                }
                for run in model.search([("uuid", "in", uuids)])
            ]
        }

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
    def queued(self, worker, version, keys=None):
        """What waits for a worker, oldest first, of active configurations with an
        address.

        ``{"runs": [RUN], "cancel": [uuid], "orders": [model], FACTS}``; see
        docs/interfaces.md. Notes that the worker was heard of, and with which keys.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        active = configs._worker_env().search([("active", "=", True)])
        active._note_worker(worker, version)
        active._note_keys(keys)
        model = active.env[self._name]
        runs = model.search(
            [
                ("config_id", "in", active.filtered("api_url").ids),
                # A dry run tells the command that ordered it.
                ("kind", "!=", "preview"),
                "|",
                ("state", "=", "queued"),
                "&",
                ("state", "=", "claimed"),
                ("lease_until", "<", fields.Datetime.now()),
            ],
            order="id",
        )
        stopped = model.search(
            [
                ("state", "=", "claimed"),
                ("cancel_requested", "=", True),
                ("worker_name", "=", worker),
            ]
        )
        return {
            "runs": [run._order_values() for run in runs],
            "cancel": stopped.mapped("uuid"),
            "orders": self._order_models(),
            **configs._facts(keys),
        }

    @api.model
    def _order_models(self):
        """The names of further models whose method ``claim`` gives a worker orders of
        its own; an addon adds its own."""
        return []

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
        if not (self.config_id.active and self.config_id.api_url):
            return "inactive"
        # The same instance asks again when the first answer was lost on its way.
        other = self.worker_name != worker
        if self.state == "claimed" and self._lease_lives() and other:
            return "leased"
        if self._source_held_by_other(worker):
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
            "inactive": self.env._(
                "The configuration of the run is archived or has no address."
            ),
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
                "retry": False,
            }
        )
        if self._reads_types():
            self.env["sicantik.permit.type"]._gather_permits(self.config_id)
        return {
            **self._order_values(),
            "token": token,
            "settings": self.config_id._worker_values(),
        }

    @api.model
    def _restart_readers(self, config):
        """Send the runs of ``config`` that read names of types back to the queue.

        Their token is stale from now on, and whoever claims them is told the new names:
        the same worker within moments. What they brought stays and costs a look-up.
        """
        runs = self.search([("config_id", "=", config.id), ("state", "=", "claimed")])
        runs._lock()
        for run in runs.filtered(lambda run: run._reads_types()):
            run._hand_back()

    def _reads_types(self):
        """Whether the work of the run depends on the names of types."""
        if self.kind == "all":
            return self.stage != "expiry"
        return self.kind in ("types", "permits", "compare", "preview")
