"""A configuration's own fields, what a copy has, and all configurations together."""

from odoo import api, fields, models

from ...tools.constants import TIME_ZONES


class SicantikConfig(models.Model):
    """One connection to one SICANTIK, and the worker's state for it.

    docs/fields.md names the owner of each field: people write the settings, the
    worker's methods the rest.
    """

    _name = "sicantik.config"
    _inherit = ["sicantik.owned.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "SICANTIK Configuration"
    _order = "name, id"

    _people_create = True
    _people_fields = frozenset(
        {
            "name",
            "active",
            "company_id",
            "api_url",
            "api_timeout",
            "page_size",
            "sync_interval",
            "rate_limit",
            "tz",
            "critical_days",
            "warning_days",
            "allow_plain_http",
            "api_key",
            "partner_policy",
            "keep_runs_days",
            "keep_api_days",
            "worker_url",
        }
    )

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    api_url = fields.Char(
        "API Address",
        tracking=True,
        help="Address of the SICANTIK API, beginning with http:// or https://. "
        "Empty: nothing is called.",
    )
    api_timeout = fields.Integer(
        "Timeout", default=30, help="Seconds to wait for an answer, 1 to 300."
    )
    page_size = fields.Integer(
        default=100, help="Rows of the first page when the list is read, 1 to 20,000."
    )
    sync_interval = fields.Integer(
        default=15, help="Minutes between two looks at the list of permits."
    )
    rate_limit = fields.Float(
        default=10.0, help="Calls a second, above 0 and at most 10."
    )
    tz = fields.Selection(
        TIME_ZONES,
        "Time Zone",
        required=True,
        default="Asia/Jakarta",
        help="The office's zone: it decides on which day a permit expires.",
    )
    critical_days = fields.Integer(default=30)
    warning_days = fields.Integer(default=60)

    worker_url = fields.Char(
        "Worker Address",
        tracking=True,
        copy=False,
        help="Address of the worker's internal listener. "
        "Empty: the worker finds orders by itself within 30 seconds.",
    )
    worker_name = fields.Char(readonly=True, copy=False)
    worker_version = fields.Char(readonly=True, copy=False)
    worker_seen = fields.Datetime("Worker Last Seen", readonly=True, copy=False)

    revision = fields.Integer(readonly=True, copy=False)

    connection_status = fields.Selection(
        [("unknown", "Not Tested"), ("connected", "Connected"), ("error", "Error")],
        default="unknown",
        readonly=True,
        copy=False,
    )
    connection_checked = fields.Datetime("Last Tested", readonly=True, copy=False)
    latency_ms = fields.Integer("Latency (ms)", readonly=True, copy=False)
    last_sync_date = fields.Datetime("Last Sync", readonly=True, copy=False)
    last_expiry_sync_date = fields.Datetime(
        "Last Expiry Sync", readonly=True, copy=False
    )

    def copy_data(self, default=None):
        """A copy is archived: a company has one active configuration. Its key for
        SICANTIK is typed anew."""
        own = {"active": False, **(default or {})}
        named = super().copy_data(own)
        if "name" not in own:
            for config, vals in zip(self, named, strict=True):
                vals["name"] = self.env._("%s (copy)", config.name)
        return named

    @api.model
    def _worker_env(self):
        """The model for the worker's methods, after their group check.

        sudo: the worker's user has no access to any model; what it may do stands in
        those methods. Mail's own work (followers, notes, tracking) is left out.
        """
        return self.sudo().with_context(
            active_test=False,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
        )

    def _today(self):
        """Today's date in the office's zone, never in the user's."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self.tz))

    @api.model
    def _every_config(self):
        """All configurations, archived ones included: their records are there, too."""
        # sudo: only zones and limits are read; the records keep their own rules
        return self.sudo().search([("active", "in", [True, False])])
