"""The keys between Odoo and the worker: what is set, and their rotation.

A rotation has no downtime: the earlier API key and hook key stay valid until the worker
was heard with both new ones. All configurations share the same keys, because one worker
serves the whole database.
"""

import hashlib

from odoo import api, fields, models
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ..tools.constants import API_KEY_NAME, WORKER_LOGIN

# Set with each other on every configuration.
SHARED = (
    "worker_hook_key",
    "worker_hook_key_previous",
    "worker_paired_by",
    "api_key_warned",
)


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
        """End a rotation when the worker uses both new keys."""
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
