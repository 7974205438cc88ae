"""The worker's side of a configuration: who it is, what it may know, how to wake it.

Whoever works waits for others: for a transaction on the same configuration, and for
the worker that speaks to the same SICANTIK host, which is one server, however many
companies ask it.
"""

from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.release import version as odoo_version
from odoo.tools import SQL

from ...tools import hook
from ...tools.constants import SEEN_EVERY_SECONDS, WORKER
from ...tools.landing import lock_rows, quietly, repeat
from ...tools.urls import host_of
from .keys import key_id


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    source_host = fields.Char(compute="_compute_source_host", store=True, index=True)

    @api.model
    def _require_worker(self):
        """AccessError unless the caller is in the group SICANTIK Worker.

        Asks for the user, not for the superuser mode: the superuser over RPC is
        refused like any other.
        """
        if not self.env.user.has_group(WORKER):
            raise AccessError(
                self.env._("Only the worker may call this (group SICANTIK Worker).")
            )

    @api.model
    def worker_settings(self, worker, version, keys=None):
        """Settings of the active configurations, for a worker or a command.

        ``{FACTS, "addon_version", "now", "hook_key_id", "configs": [SETTINGS]}``; see
        docs/interfaces.md. Changes nothing: only the service itself, by ``queued``, is
        heard of and ends a rotation of keys.
        """
        self.env["sicantik.config"]._require_worker()
        configs = self._worker_env().search([("active", "=", True)])
        # sudo: the list of modules is for administrators
        addon = self.env.ref("base.module_sicantik_connector").sudo()
        return {
            **self._facts(keys),
            "addon_version": addon.latest_version,
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "hook_key_id": key_id(self._paired_configs()[:1].worker_hook_key),
            "configs": [
                {
                    **config._worker_values(),
                    "worker_url": config.worker_url or None,
                    "busy": bool(config._lease_holders()),
                }
                for config in configs
            ],
        }

    @api.model
    def _facts(self, keys=None):
        """FACTS of docs/interfaces.md: which database this is, and how long the
        worker's key lasts."""
        # sudo: system parameters are for administrators; this one is no secret
        parameters = self.env["ir.config_parameter"].sudo()
        ends = self._end_of_key(keys)
        return {
            "database_uuid": self._database_uuid(),
            "odoo_version": odoo_version,
            "neutralized": bool(parameters.get_param("database.is_neutralized")),
            "api_key_expires": fields.Datetime.to_string(ends) or None,
        }

    @api.model
    def _database_uuid(self):
        """What the worker knows this database by."""
        # sudo: system parameters are for administrators; this one is no secret
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    @api.model
    def _find_active(self, config_id):
        """The active configuration with that id; 0: the only active one. UserError."""
        domain = [("active", "=", True)]
        if config_id:
            domain.append(("id", "=", int(config_id)))
        configs = self.search(domain)
        if len(configs) == 1:
            return configs
        if not configs:
            message = self.env._("There is no such active configuration.")
        else:
            names = [f"{config.id}: {config.name}" for config in configs]
            message = self.env._(
                "There are several active configurations; name one of %(names)s.",
                names=", ".join(names),
            )
        raise UserError(message)

    def _worker_values(self):
        """SETTINGS of docs/interfaces.md."""
        self.ensure_one()
        return {
            "config_id": self.id,
            "name": self.name,
            "api_url": self.api_url or "",
            "timeout_seconds": self.api_timeout,
            "page_size": self.page_size,
            "rate_per_second": self._rate_of_host(),
            "tz": self.tz,
            "warning_days": self.warning_days,
            "critical_days": self.critical_days,
            "allow_plain_http": self.allow_plain_http,
            "api_key": self.api_key_stored or None,
            "unlisted": self._unlisted(),
            "type_aliases": self.env["sicantik.permit.type"]._aliases_of(self),
        }

    def _note_worker(self, worker, version):
        """Write down that the worker was heard of, every 20 seconds at most."""
        now = fields.Datetime.now()
        limit = now - timedelta(seconds=SEEN_EVERY_SECONDS)
        stale = self.filtered(lambda c: not c.worker_seen or c.worker_seen < limit)
        if stale:
            stale._lock()
            stale.filtered(lambda config: not config.worker_seen)._worker_met()
            stale.write(
                {
                    "worker_seen": now,
                    "worker_name": worker or False,
                    "worker_version": version or False,
                }
            )

    def _worker_met(self):
        """These configurations hear of a worker for the first time. Does nothing here;
        an addon for which that is the beginning extends it."""

    def _wake_worker(self, order):
        """Send the signed hook for the order with the uuid ``order`` (a run, or what an
        addon orders) after the commit, if the worker has an address. Only plain values
        are kept for then: the ORM is gone."""
        self.ensure_one()
        # sudo: nobody may read the hook keys; the button is for operators
        config = self.sudo()
        if not (config.worker_url and config.worker_hook_key):
            return
        keys = [config.worker_hook_key, config.worker_hook_key_previous]
        payload = {
            "database_uuid": self._database_uuid(),
            "run_uuid": order,
            "login": self.env.user.login,
        }
        self.env.cr.postcommit.add(
            partial(hook.send, config.worker_url, list(filter(None, keys)), payload)
        )

    def _lock(self):
        """Lock the rows against other orders until the end of the transaction."""
        lock_rows(self)

    def _announce(self):
        """Say that this transaction makes what another one may be about to make, too
        (a run, a permit type).

        Both count up one row. The later one gets a serialization failure, is repeated
        by Odoo, and then finds what the first one made.
        """
        self.ensure_one()
        quietly(
            self.env.cr,
            SQL(
                "UPDATE sicantik_config SET revision = COALESCE(revision, 0) + 1"
                " WHERE id = %s",
                self.id,
            ),
        )

    def _wait_for_twin(self, key):
        """Wait while the batch that begins with ``key`` is being written already.

        A worker that lost the answer sends its batch again, maybe while Odoo still
        works on the first one. The second waits for it and is then repeated, to find
        everything in place.
        """
        self.ensure_one()
        quietly(
            self.env.cr,
            SQL("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", self.id, key),
        )
        if not self.env.cr.fetchone()[0]:
            quietly(
                self.env.cr,
                SQL("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", self.id, key),
            )
            repeat(self.env.cr)

    @api.depends("api_url")
    def _compute_source_host(self):
        for config in self:
            config.source_host = host_of(config.api_url)

    def _of_same_host(self):
        """The configurations of the hosts of these, archived ones, too."""
        configs = self.with_context(active_test=False)
        return configs.search([("source_host", "in", self.mapped("source_host"))])

    def _lease_holders(self):
        """The worker instances that may speak to the SICANTIKs of these now: those that
        hold a run of them."""
        runs = self.env["sicantik.sync.run"].search_fetch(
            [
                ("config_id", "in", self._of_same_host().ids),
                ("state", "=", "claimed"),
                ("lease_until", ">=", fields.Datetime.now()),
            ],
            ["worker_name"],
        )
        return set(runs.mapped("worker_name"))

    def _rate_of_host(self):
        """Calls a second: of several active configurations of one host the lowest."""
        self.ensure_one()
        same = self.search(
            [("source_host", "=", self.source_host), ("active", "=", True)]
        )
        return min((self | same).mapped("rate_limit"))
