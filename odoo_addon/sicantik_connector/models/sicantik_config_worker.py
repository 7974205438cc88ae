"""The worker's side of a configuration: who it is, what it may know, how to wake it."""

from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.release import version as odoo_version

from . import hook
from .constants import SEEN_EVERY_SECONDS, WORKER


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

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
    def worker_settings(self, worker, version):
        """Settings of the active configurations, for the worker.

        ``{"database_uuid", "odoo_version", "addon_version", "configs": [SETTINGS]}``
        """
        self.env["sicantik.config"]._require_worker()
        configs = self._worker_env().search([("active", "=", True)])
        configs._note_worker(worker, version)
        # sudo: the list of modules is for administrators
        addon = self.env.ref("base.module_sicantik_connector").sudo()
        return {
            **self._database_facts(),
            "addon_version": addon.latest_version,
            "configs": [config._worker_values() for config in configs],
        }

    @api.model
    def _database_facts(self):
        # sudo: system parameters are for administrators; this one is no secret
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            "database_uuid": parameters.get_param("database.uuid"),
            "odoo_version": odoo_version,
        }

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
            "api_url": self.api_url,
            "timeout_seconds": self.api_timeout,
            "page_size": self.page_size,
            "rate_per_second": self.rate_limit,
            "tz": self.tz,
            "warning_days": self.warning_days,
            "critical_days": self.critical_days,
        }

    def _note_worker(self, worker, version):
        """Write down that the worker was heard of, every 20 seconds at most."""
        now = fields.Datetime.now()
        limit = now - timedelta(seconds=SEEN_EVERY_SECONDS)
        stale = self.filtered(lambda c: not c.worker_seen or c.worker_seen < limit)
        if stale:
            stale._lock()
            stale.write(
                {
                    "worker_seen": now,
                    "worker_name": worker or False,
                    "worker_version": version or False,
                }
            )

    def _wake_worker(self, run):
        """Send the signed hook for ``run`` after the commit, if the worker has an
        address. Only plain values are kept for then: the ORM is gone."""
        self.ensure_one()
        # sudo: the hook key is for managers, the button for operators
        config = self.sudo()
        if not (config.worker_url and config.worker_hook_key):
            return
        payload = {
            "database_uuid": self._database_facts()["database_uuid"],
            "run_uuid": run.uuid,
            "login": self.env.user.login,
        }
        self.env.cr.postcommit.add(
            partial(hook.send, config.worker_url, config.worker_hook_key, payload)
        )
