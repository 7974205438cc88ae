"""The end of the worker's API key, said in time."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.constants import API_KEY_WARNING_DAYS

RENEW_KEYS = "sicantik_connector.mail_activity_renew_keys"


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

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

    @api.model
    def _warn_of_key_end(self):
        """Make an activity for who connected the worker, once for each key."""
        config = self.search([("active", "=", True)], order="id", limit=1)
        ends = config.api_key_expires
        near = config.api_key_state in ("ending", "ended")
        if not near or config.api_key_warned == ends:
            return
        user = config.worker_paired_by
        if not user.active:
            user = self.env.ref("base.user_admin")
        config = config.with_context(lang=user.lang or self.env.lang)
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
        self._paired_configs().write({"api_key_warned": ends})
