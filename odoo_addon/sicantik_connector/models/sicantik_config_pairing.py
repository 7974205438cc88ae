"""Pairing: a user, its API key and the hook key, shown once and stored nowhere else."""

import secrets
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ..tools import compat
from ..tools.constants import API_KEY_DAYS, API_KEY_NAME, WORKER, WORKER_LOGIN
from ..tools.urls import private_host
from .sicantik_config_key_end import RENEW_KEYS


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def action_pair_worker(self):
        """Make new keys for the worker and show them once; system administrators only.

        The keys of a worker that was connected stay valid until it was heard with the
        new ones. Returns a client action with the lines of ``worker.env``.
        """
        self.ensure_one()
        self._require_system()
        self.check_access("write")
        configs = self._paired_configs()
        configs._drop_unused_keys()
        user = self._worker_user()
        api_key, hook_key = self._new_api_key(user), secrets.token_hex(32)
        earlier = configs[:1].worker_hook_key_previous or configs[:1].worker_hook_key
        configs.write(
            {
                "worker_hook_key": hook_key,
                "worker_hook_key_previous": earlier,
                "worker_paired_by": self.env.uid,
            }
        )
        configs.activity_feedback([RENEW_KEYS])
        return {
            "type": "ir.actions.client",
            "tag": "sicantik_connector.pairing",
            "name": self.env._("Connect Worker"),
            "target": "new",
            "params": {"env": configs._lines_of_env(user, api_key, hook_key)},
        }

    def _require_system(self):
        """AccessError unless the user is a system administrator.

        The groups on a button only hide it; anybody can call its method.
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only system administrators may connect a worker.")
            )

    def _drop_unused_keys(self):
        """Remove keys that no worker uses: all before the first worker was met, and
        during a rotation the ones that the worker was never heard with."""
        met = any(self.mapped("worker_seen"))
        unused = self._worker_api_keys()[1 if met else 0 :]
        keys = self.env["res.users.apikeys"].browse(key["id"] for key in unused)
        keys._remove()
        if not met:
            self.write({"worker_hook_key": False, "worker_hook_key_previous": False})

    def _lines_of_env(self, user, api_key, hook_key):
        parameters = self.env["ir.config_parameter"]
        lines = {
            "ODOO__URL": parameters.get_param("web.base.url"),
            "ODOO__DATABASE": self.env.cr.dbname,
            "ODOO__DATABASE_UUID": parameters.get_param("database.uuid"),
            "ODOO__LOGIN": user.login,
            "ODOO__API_KEY": api_key,
            "HOOK__KEY": hook_key,
        }
        # The worker calls no private address that it was not told of.
        active = self.filtered("active")
        hosts = {private_host(config.api_url) for config in active} - {None}
        if hosts:
            lines["SICANTIK__ALLOWED_HOSTS"] = ",".join(sorted(hosts))
        return "\n".join(f"SICANTIK__{name}={value}" for name, value in lines.items())

    def _worker_user(self):
        """The worker's user: internal, without a password, in the worker's group only.

        Made when missing and put right when somebody changed it.
        """
        # sudo: the group and the user are the addon's own
        users = self.env["res.users"].sudo()
        users = users.with_context(active_test=False, no_reset_password=True)
        user = users.search([("login", "=", WORKER_LOGIN)], limit=1)
        group = self.env.ref(WORKER)
        vals = {
            "active": True,
            compat.USER_GROUPS_FIELD: [(6, 0, group.ids)],
        }
        if user:
            user.write(vals)
            return user
        return users.create(
            {
                **vals,
                "name": "SICANTIK Worker",
                "login": WORKER_LOGIN,
                # Sentences that its calls leave behind are read by people here.
                "lang": self.env.user.lang,
                "company_id": self.company_id.id,
                "company_ids": [(6, 0, self.company_id.ids)],
            }
        )

    def _new_api_key(self, user):
        """A new API key of the worker's user, valid for a year."""
        # sudo: keys belong to the worker's user, not to who presses the button
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        until = fields.Datetime.now() + timedelta(days=API_KEY_DAYS)
        return keys._generate("rpc", API_KEY_NAME, until)
