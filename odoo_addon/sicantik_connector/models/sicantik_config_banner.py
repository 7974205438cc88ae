"""What everybody is told when no worker listens."""

from odoo import api, models
from odoo.tools import format_datetime


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    @api.readonly
    def worker_banner(self):
        """Whether a worker listens, and what to do if not; for viewers.

        ``{"state": "connected" | "silent" | "never" | "none", "message", "remedy",
        "config_id"}``; texts are empty while all is well, ``none`` is no active
        configuration, ``config_id`` (else 0) is for who may open and repair it.
        """
        configs = self.search([("active", "=", True)])
        # One worker serves them all: its newest sign counts.
        config = configs.sorted(lambda c: (bool(c.worker_seen), c.worker_seen))[-1:]
        state = config.worker_state if config else "none"
        banner = {"state": state, "message": "", "remedy": "", "config_id": 0}
        if state not in ("never", "silent"):
            return banner
        repairs = self.env.user.has_group("base.group_system")
        return {
            **banner,
            "message": config._banner_message(),
            "remedy": config._banner_remedy(repairs),
            "config_id": config.id if repairs else 0,
        }

    def _banner_message(self):
        if self.worker_state == "never":
            return self.env._("No worker is connected yet, so nothing is synchronised.")
        return self.env._(
            "The worker has not been heard of since %(time)s.",
            time=format_datetime(self.env, self.worker_seen, dt_format="short"),
        )

    def _banner_remedy(self, repairs):
        """What to do; ``repairs``: the reader is a system administrator."""
        if self.api_key_state == "ended":
            return self._key_remedy()
        if self.worker_state == "silent":
            return self.env._(
                "Orders wait. Start the worker's service, and they go on by themselves."
            )
        if repairs:
            return self.env._(
                "Press Connect Worker in the configuration, give the worker the "
                "settings shown, and start it."
            )
        return self.env._(
            "Ask a system administrator to press Connect Worker in the configuration."
        )
