"""What a configuration shows about its worker and its records, computed when read; and
what everybody is told when there is no address or no worker listens.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...tools.constants import SILENT_AFTER_SECONDS
from ...tools.counted import PERMITS, RUNS
from ...wording import remark_sentence, warns


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    worker_state = fields.Selection(
        [("never", "Not Connected"), ("connected", "Connected"), ("silent", "Silent")],
        compute="_compute_worker_state",
    )
    probe = fields.Json("Last Test as Told", readonly=True, copy=False)
    probe_lines = fields.Json("Findings", compute="_compute_probe_lines")
    permit_count = fields.Integer("Permits", compute="_compute_permit_count")
    run_count = fields.Integer("Sync Runs", compute="_compute_run_count")
    due_count = fields.Integer("Details Due", compute="_compute_due_count")

    @api.depends("worker_seen")
    def _compute_worker_state(self):
        limit = fields.Datetime.now() - timedelta(seconds=SILENT_AFTER_SECONDS)
        for config in self:
            if not config.worker_seen:
                config.worker_state = "never"
            else:
                heard = config.worker_seen >= limit
                config.worker_state = "connected" if heard else "silent"

    @api.depends("probe")
    @api.depends_context("lang")
    def _compute_probe_lines(self):
        """What the last connection test found, in the reader's language:
        ``[{"text", "warns": bool}]``."""
        for config in self:
            probe = config.probe or {}
            lines = [
                {"text": remark_sentence(self.env, remark), "warns": warns(remark)}
                for remark in probe.get("findings") or []
            ]
            if probe.get("columns"):
                names = ", ".join(probe["columns"])
                text = self.env._("Columns: %(names)s", names=names)
                lines.append({"text": text, "warns": False})
            config.probe_lines = lines or False

    def _compute_permit_count(self):
        PERMITS.fill("permit_count", "config_id", self)

    def _compute_run_count(self):
        RUNS.fill("run_count", "config_id", self)

    def _compute_due_count(self):
        permits = self.env["sicantik.permit"]
        for config in self:
            config.due_count = permits.search_count(permits._due_domain(config))

    def action_view_permits(self):
        """Open the permits of these configurations."""
        return PERMITS.open("config_id", self)

    def action_view_runs(self):
        """Open their runs."""
        return RUNS.open("config_id", self)

    @api.model
    @api.readonly
    def worker_banner(self):
        """Whether there is an address and a worker listens, and what to do if not; for
        viewers.

        ``{"state": "connected" | "silent" | "never" | "no_address" | "none", "message",
        "remedy", "config_id"}``; texts are empty while all is well, ``none`` is no
        active configuration, ``config_id`` (else 0) is for who may open and repair it.
        """
        configs = self.search([("active", "=", True)])
        without = configs.filtered(lambda config: not config.api_url)[:1]
        if without:
            return without._banner_of_address()
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

    def _banner_of_address(self):
        """``worker_banner`` while the configuration has no address."""
        return {
            "state": "no_address",
            "message": self._address_message(),
            "remedy": self._address_remedy(),
            "config_id": self.id if self._enters_address() else 0,
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
