"""Pairing: a user, its API key and the hook key, shown once and stored nowhere else."""

import secrets
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from . import compat
from .constants import API_KEY_DAYS, API_KEY_NAME, WORKER, WORKER_LOGIN


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def action_pair_worker(self):
        """Make new keys for the worker and show them once; system administrators only.

        Earlier keys end at once, so a worker that runs with them must be given the
        new lines. Returns a client action with the lines of a ``.env`` file.
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only system administrators may connect a worker.")
            )
        self.check_access("write")
        user = self._worker_user()
        api_key = self._renew_api_key(user)
        hook_key = secrets.token_hex(32)
        # sudo: one worker serves the whole database, so every configuration shares
        # its key, also those of companies not chosen now
        configs = self.sudo().with_context(active_test=False)
        configs = configs.search([("id", "!=", False)])
        configs.write({"worker_hook_key": hook_key})
        parameters = self.env["ir.config_parameter"].sudo()
        lines = {
            "ODOO__URL": parameters.get_param("web.base.url"),
            "ODOO__DATABASE": self.env.cr.dbname,
            "ODOO__DATABASE_UUID": parameters.get_param("database.uuid"),
            "ODOO__LOGIN": user.login,
            "ODOO__API_KEY": api_key,
            "HOOK__KEY": hook_key,
        }
        text = "\n".join(f"SICANTIK__{name}={value}" for name, value in lines.items())
        return {
            "type": "ir.actions.client",
            "tag": "sicantik_connector.pairing",
            "name": self.env._("Connect Worker"),
            "target": "new",
            "params": {"env": text},
        }

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

    def _renew_api_key(self, user):
        """A new API key of the worker's user, valid for a year; earlier ones end."""
        # sudo: keys belong to the worker's user, not to who presses the button
        keys = self.env["res.users.apikeys"].sudo()
        earlier = keys.search([("user_id", "=", user.id), ("name", "=", API_KEY_NAME)])
        until = fields.Datetime.now() + timedelta(days=API_KEY_DAYS)
        key = keys.with_user(user).sudo()._generate("rpc", API_KEY_NAME, until)
        earlier._remove()
        return key
