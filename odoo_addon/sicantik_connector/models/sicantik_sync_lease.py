"""Who works on a run: locks, leases and tokens."""

import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.constants import MAX_ROWS
from ..tools.landing import quietly

# How the worker knows the refusal of a data method, in any language.
STALE_TOKEN = "stale_token"


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def _check_batch(self, items, most=MAX_ROWS):
        """UserError when a call carries more than ``most`` items."""
        if len(items) > most:
            raise UserError(
                self.env._(
                    "%(count)s items in one call; at most %(limit)s are taken.",
                    count=len(items),
                    limit=most,
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
        """Whether another worker instance may speak to the configuration's SICANTIK,
        be it for another configuration of the same host."""
        return bool(self.config_id._lease_holders() - {worker})

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
    def _run_of_data(self, uuid, token, rows, most=MAX_ROWS):
        """The run that a data method works for, in the worker's environment.

        UserError beginning with ``stale_token:`` when the token is not the run's any
        more, or when the run is not under way.
        """
        self._check_batch(rows, most)
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
