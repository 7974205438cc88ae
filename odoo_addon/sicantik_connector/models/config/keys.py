"""The keys between Odoo and the worker: made, renewed, and their end said in time.

Pairing makes a user, its API key and the hook key, which are shown once and stored
nowhere else. A rotation has no downtime: the earlier API key and hook key stay valid
until the worker was heard with both new ones. All configurations share the same keys,
because one worker serves the whole database.
"""

import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL, format_date

from ...tools import compat
from ...tools.constants import (
    API_KEY_DAYS,
    API_KEY_NAME,
    API_KEY_WARNING_DAYS,
    SYSTEM,
    WORKER,
    WORKER_LOGIN,
)
from ...tools.rights import nothing_for_none
from ...tools.urls import private_host

# Set with each other on every configuration.
SHARED = (
    "worker_hook_key",
    "worker_hook_key_previous",
    "worker_paired_by",
    "api_key_warned",
    "api_key_warned_user_id",
)
RENEW_KEYS = "sicantik_connector.mail_activity_renew_keys"


def key_id(key):
    """KEY_ID of docs/interfaces.md: names a hook key without giving it away."""
    return hashlib.sha256(key.encode()).hexdigest()[:8] if key else None


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    worker_hook_key = fields.Char("Hook Key", groups=NO_ACCESS, copy=False)
    worker_hook_key_previous = fields.Char(
        "Earlier Hook Key", groups=NO_ACCESS, copy=False
    )
    has_hook_key = fields.Boolean(
        "Keys Set", compute="_compute_keys", help="Connecting the worker makes them."
    )
    worker_paired_by = fields.Many2one(
        "res.users", "Connected by", readonly=True, copy=False
    )
    rotation_state = fields.Selection(
        [("none", "None"), ("waiting", "Worker Uses Earlier Keys")],
        "Renewal of the Keys",
        compute="_compute_keys",
    )

    api_key_expires = fields.Datetime(
        "Worker's Key Ends", compute="_compute_api_key_end"
    )
    api_key_state = fields.Selection(
        [
            ("none", "None"),
            ("valid", "Valid"),
            ("ending", "Ending"),
            ("ended", "Ended"),
        ],
        "Worker's Key",
        compute="_compute_api_key_end",
    )
    api_key_warned = fields.Datetime(
        "Warned of the End",
        readonly=True,
        copy=False,
        help="The end of the key for which an activity was made already.",
    )
    api_key_warned_user_id = fields.Many2one(
        "res.users", "Who Was Warned", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """New configurations take part in the pairing that there is."""
        configs = super().create(vals_list)
        # sudo: nobody may read the keys; any configuration has them
        every = self.sudo().with_context(active_test=False)
        paired = every.search([("worker_hook_key", "!=", False)], limit=1)
        if paired:
            [shared] = paired.read(SHARED, load=None)
            configs.sudo().write({name: shared[name] for name in SHARED})
        for config, vals in zip(configs.sudo(), vals_list, strict=True):
            if "worker_url" not in vals:
                config.worker_url = paired.worker_url
        return configs

    @api.depends("worker_hook_key", "worker_hook_key_previous")
    def _compute_keys(self):
        several = len(self._worker_api_keys()) > 1
        for config in self:
            # sudo: only whether there are keys
            own = config.sudo()
            waiting = several or own.worker_hook_key_previous
            config.has_hook_key = bool(own.worker_hook_key)
            config.rotation_state = "waiting" if waiting else "none"

    @api.model
    def _worker_api_keys(self):
        """The API keys that pairing made, oldest first: ``[{"id", "start", "ends"}]``;
        ``start`` is the key's first eight characters."""
        # Odoo keeps the start of a key in a column that is no field.
        self.env.cr.execute(
            SQL(
                "SELECT k.id, k.index AS start, k.expiration_date AS ends"
                "  FROM res_users_apikeys k JOIN res_users u ON u.id = k.user_id"
                " WHERE u.login = %s AND k.name = %s ORDER BY k.id",
                WORKER_LOGIN,
                API_KEY_NAME,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _paired_configs(self):
        """All configurations, archived ones and those of other companies, too."""
        # sudo: one worker serves the whole database
        configs = self.sudo().with_context(active_test=False)
        return configs.search([("id", "!=", False)])

    @api.model
    def _note_keys(self, keys):
        """Note what secrets are sealed to, and end a rotation when the worker uses both
        new keys."""
        self._note_public_key(keys)
        self._note_public_address(keys)
        if not keys or "waiting" not in self.mapped("rotation_state"):
            return
        known = self._worker_api_keys()
        new_api_key = known and keys.get("api_key") == known[-1]["start"]
        hook_key = self[:1].sudo().worker_hook_key
        if new_api_key and hook_key and keys.get("hook_key") == key_id(hook_key):
            self._end_rotation()

    @api.model
    def _end_rotation(self):
        """Remove the earlier keys."""
        earlier = [key["id"] for key in self._worker_api_keys()[:-1]]
        # sudo: the keys are the worker's, not of who presses the button
        self.env["res.users.apikeys"].sudo().browse(earlier)._remove()
        self._paired_configs().write({"worker_hook_key_previous": False})

    def action_end_earlier_keys(self):
        """End the earlier keys at once; system administrators only."""
        self._require_system()
        self._end_rotation()
        return True

    def _compute_api_key_end(self):
        keys = self._worker_api_keys()
        ends = keys[-1]["ends"] if keys else False
        state = self._state_of_key(ends) if keys else "none"
        for config in self:
            config.api_key_expires = ends
            config.api_key_state = state

    def _key_remedy(self):
        """What to do when the key has ended: no restart of the worker helps."""
        return self.env._(
            "The worker's key has ended, so Odoo refuses the worker. A system "
            "administrator presses Renew Keys in the configuration and gives the "
            "worker the new settings."
        )

    @api.model
    def _state_of_key(self, ends):
        now = fields.Datetime.now()
        if ends and ends <= now:
            return "ended"
        near = ends and ends <= now + timedelta(days=API_KEY_WARNING_DAYS)
        return "ending" if near else "valid"

    @api.model
    def _end_of_key(self, keys=None):
        """When the API key ends that the worker names in ``keys``, else the newest."""
        known = self._worker_api_keys()
        start = (keys or {}).get("api_key")
        named = [key for key in known if key["start"] == start] or known[-1:]
        return named[0]["ends"] if named else None

    def _warn_of_key_end(self):
        """Make an activity for who connected the worker, once for each key, and again
        when that person may not do it any more.

        All configurations have one key: the first one with somebody to tell says it.
        """
        self.ensure_one()
        ends = self.api_key_expires
        earlier = self.activity_search([RENEW_KEYS])
        unheard = earlier.filtered(lambda a: not self._may_answer(a.user_id, SYSTEM))
        # Odoo deletes the activities of who is archived.
        told = self.api_key_warned_user_id | (earlier - unheard).user_id
        heard = any(
            config._may_answer(user, SYSTEM)
            for config in self._paired_configs()
            for user in told
        )
        warned = self.api_key_warned == ends and heard
        if not self.active or warned or self.api_key_state not in ("ending", "ended"):
            return
        user = self._whom_to_tell(self.worker_paired_by, SYSTEM)
        if not user:
            return
        unheard.unlink()
        config = self.with_context(lang=user.lang or self.env.lang)
        config.activity_schedule(
            RENEW_KEYS,
            date_deadline=ends.date(),
            user_id=user.id,
            summary=config.env._("The worker's key ends"),
            note=config.env._(
                "The worker's key ends on %(date)s; after that nothing is synchronised "
                "any more. Press Renew Keys, give the worker the new settings and "
                "restart it.",
                date=format_date(config.env, ends.date()),
            ),
        )
        self._paired_configs().write(
            {"api_key_warned": ends, "api_key_warned_user_id": user.id}
        )

    @nothing_for_none
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
        if not self.env.user.has_group(SYSTEM):
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
            "ODOO__DATABASE_UUID": self._database_uuid(),
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
