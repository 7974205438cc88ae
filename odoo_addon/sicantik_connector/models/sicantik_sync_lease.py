"""Who works on a run: locks, leases and tokens."""

import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .constants import COUNTERS, MAX_ROWS
from .landing import quietly

# How the worker knows the refusal of a data method, in any language.
STALE_TOKEN = "stale_token"


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def _check_batch(self, items):
        """UserError when a call carries more than ``MAX_ROWS`` items."""
        if len(items) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s items in one call; at most %(limit)s are taken.",
                    count=len(items),
                    limit=MAX_ROWS,
                )
            )

    def _lock(self):
        """Lock the rows until the end of the transaction; see sicantik.config._lock."""
        if self:
            self.flush_recordset()
            quietly(
                self.env.cr,
                SQL(
                    "SELECT id FROM sicantik_sync_run WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE",
                    tuple(self.ids),
                ),
            )

    def _lease_lives(self):
        return bool(self.lease_until) and self.lease_until >= fields.Datetime.now()

    def _config_held_by_other(self, worker):
        """Whether another worker instance may speak to the configuration's SICANTIK."""
        holder, until = self.config_id.lease_worker, self.config_id.lease_until
        if not holder or holder == worker or not until:
            return False
        return until >= fields.Datetime.now()

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
        return "leased" if self._config_held_by_other(worker) else None

    @api.model
    def _refused_claim(self, uuid, code):
        messages = {
            "unknown": self.env._("There is no such run."),
            "not_open": self.env._("The run has ended already."),
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
                "stage": False,
                "message": False,
                "error_code": False,
                "error_message": False,
            }
        )
        self._extend_config_lease()
        return {
            **self._order_values(),
            "token": token,
            "settings": self.config_id._worker_values(),
        }

    def _extend_config_lease(self):
        """Renew the configuration's lease when less than half of it is left."""
        config, now = self.config_id, fields.Datetime.now()
        half = now + timedelta(seconds=self.lease_seconds / 2)
        same = config.lease_worker == self.worker_name
        if not same or not config.lease_until or config.lease_until < half:
            config.write(
                {
                    "lease_worker": self.worker_name,
                    "lease_until": now + timedelta(seconds=self.lease_seconds),
                }
            )

    def _holds(self, token):
        """Whether ``token`` is the run's own and nobody else took over meanwhile."""
        if not self.lease_token or not isinstance(token, str):
            return False
        return hmac.compare_digest(self.lease_token.encode(), token.encode())

    @api.model
    def _run_of_data(self, uuid, token, rows):
        """The run that a data method works for, in the worker's environment.

        UserError beginning with ``stale_token:`` when the token is not the run's any
        more, or when the run is not under way.
        """
        self._check_batch(rows)
        model = self.env["sicantik.config"]._worker_env().env[self._name]
        run = model.search([("uuid", "=", uuid)], limit=1)
        if not run._is_under_way(token):
            message = f"{STALE_TOKEN}: {run._refused_report(uuid)['message']}"
            raise UserError(message)
        return run

    def _is_under_way(self, token):
        """Whether the run is claimed and ``token`` still speaks for it."""
        return (
            bool(self)
            and self.state == "claimed"
            and self._holds(token)
            and not self._config_held_by_other(self.worker_name)
        )
