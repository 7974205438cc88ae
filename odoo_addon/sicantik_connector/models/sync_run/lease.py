"""Who works on a run: locks, leases and tokens; and the end of runs that nobody ends,
and of runs that nobody needs any more.
"""

import hmac
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import MAX_ATTEMPTS, MAX_ROWS, OPEN_STATES
from ...tools.landing import lock_rows

# How the worker knows the refusal of a data method, in any language.
STALE_TOKEN = "stale_token"

# A claimed run whose worker gave no sign for so long is lost.
LOST_AFTER = timedelta(days=1)
# Runs that go in one transaction; the issues of each go with it.
REMOVED_AT_ONCE = 500


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
        """Lock the rows, as they are here, until the end of the transaction."""
        if self:
            self.flush_recordset()
            lock_rows(self)

    def _lease_lives(self):
        return bool(self.lease_until) and self.lease_until >= fields.Datetime.now()

    def _source_held_by_other(self, worker):
        """Whether another worker instance may speak to the run's SICANTIK now, for this
        run or for any other of the same host."""
        return bool(self.config_id._lease_holders() - {worker})

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
            and not self._source_held_by_other(self.worker_name)
        )

    @api.model
    def _give_up_silent(self, config):
        """Close claimed runs of ``config`` whose lease ended more than a day ago; call
        with sudo."""
        silent = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "=", "claimed"),
                ("lease_until", "<", fields.Datetime.now() - LOST_AFTER),
            ]
        )
        if silent:
            config._lock()
        silent._lock()
        for run in silent:
            run._lose(
                self.env._(
                    "Nothing was heard of its worker for a day. See that the worker's "
                    "service runs, then order the sync again."
                )
            )

    def _give_up_tried(self):
        """Close a run that was begun time and again without an end."""
        self._lose(
            self.env._(
                "The worker began it %(count)s times and never came to an end. Look "
                "into the worker's log for what stops it, then order the sync again.",
                count=MAX_ATTEMPTS,
            )
        )

    def _lose(self, reason):
        """Close the run as lost and say so to who asked for it."""
        self.write({"error_code": "lost", "error_message": reason})
        self._close("lost")

    @api.model
    def _remove_old(self, config):
        """Delete ended runs of ``config`` that are older than it keeps them.

        The newest run of each kind stays, as does one that retried issues which stay.
        Returns whether there may be more than went in this call; call with sudo.
        """
        before = fields.Datetime.now() - timedelta(days=config.keep_runs_days)
        newest = self._read_group([("config_id", "=", config.id)], ["kind"], ["id:max"])
        old = self.search(
            [
                ("config_id", "=", config.id),
                ("state", "not in", OPEN_STATES),
                ("date_end", "<", before),
                ("id", "not in", [newest_id for _kind, newest_id in newest]),
                ("retried_issue_ids", "=", False),
            ],
            order="id",
            limit=REMOVED_AT_ONCE,
        )
        old.unlink()
        return len(old) == REMOVED_AT_ONCE
