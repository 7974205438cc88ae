"""Settings beyond the address: plain http, API key, contacts, how long runs stay."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from ..tools.urls import is_http, private_host

# What a key that is set looks like; it says nothing of the key, not even its length.
DOTS = "••••••••"


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    allow_plain_http = fields.Boolean(
        "Allow Plain HTTP",
        tracking=True,
        help="Lets the worker call an address that begins with http:// and is not in "
        "your own network. Whoever is on the way can read and change everything.",
    )
    is_plain_http = fields.Boolean("Not Encrypted", compute="_compute_is_plain_http")
    api_key = fields.Char(
        "API Key",
        compute="_compute_api_key",
        inverse="_inverse_api_key",
        help="Sent to SICANTIK as X-API-KEY, if SICANTIK asks for one. It cannot be "
        "read again; empty the field to remove it.",
    )
    api_key_stored = fields.Char("API Key as Stored", groups=NO_ACCESS, copy=False)
    go_live_date = fields.Date(
        "Notices From",
        copy=False,
        help="Notices begin on this day; nobody gets one for what passed before. "
        "Set to the day on which the worker first connects. Empty: no notices at all.",
    )
    partner_policy = fields.Selection(
        [
            ("none", "Do Not Link"),
            ("match", "Link to Existing Contacts"),
            ("match_create", "Link, and Create Missing Contacts"),
        ],
        "Contacts",
        default="match",
        required=True,
        help="Whether permits are linked to contacts: by NPWP, or by phone and equal "
        "name, never by a similar name.",
    )
    keep_runs_days = fields.Integer(
        "Keep Sync Runs",
        default=180,
        help="Days for which ended runs and their issues stay, 7 or more. The newest "
        "run of each kind always stays.",
    )
    learnt_page_size = fields.Integer(
        "Rows of a Page",
        readonly=True,
        copy=False,
        help="Rows of a page when the list was last read completely.",
    )
    full_pass_seconds = fields.Float(
        "Seconds of a Complete Reading",
        readonly=True,
        copy=False,
        help="Seconds that the last complete reading of the list took.",
    )

    def write(self, vals):
        """A new address is another SICANTIK: what was learnt of the old one goes."""
        if "api_url" not in vals:
            return super().write(vals)
        before = {config: config.api_url for config in self}
        result = super().write(vals)
        moved = self.filtered(lambda config: config.api_url != before[config])
        # sudo: the worker's fields; people own the address only
        moved.sudo()._forget_source()
        return result

    def _forget_source(self):
        """Empty what was learnt of the SICANTIK at the former address."""
        self.write({"learnt_page_size": 0, "full_pass_seconds": 0.0})

    @api.depends("api_url")
    def _compute_is_plain_http(self):
        for config in self:
            url = (config.api_url or "").strip()
            config.is_plain_http = is_http(url) and not private_host(url)

    @api.depends("api_key_stored")
    def _compute_api_key(self):
        for config in self:
            # sudo: only whether there is one
            config.api_key = DOTS if config.sudo().api_key_stored else False

    def _inverse_api_key(self):
        """Store what was typed; the dots mean that nobody typed anything."""
        for config in self.filtered(lambda config: config.api_key != DOTS):
            key = (config.api_key or "").strip()
            if not (key.isascii() and key.isprintable()):
                raise ValidationError(
                    self.env._(
                        "The API key of %(config)s has characters that no key has. "
                        "Empty the field and type the whole key again.",
                        config=config.name,
                    )
                )
            # sudo: nobody may read or write the stored key
            config.sudo().api_key_stored = key or False

    def _learn(self, learnt):
        """Keep what a complete pass taught: ``{"page_size", "seconds"}``."""
        self.write(
            {
                "learnt_page_size": max(int(learnt.get("page_size") or 0), 0),
                "full_pass_seconds": max(float(learnt.get("seconds") or 0), 0.0),
            }
        )
