"""What people set: the address and the settings beyond it, and the rules that these
obey, said with field, value and remedy.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import NO_ACCESS

from ...tools import compat
from ...tools.constants import SYSTEM
from ...tools.urls import is_http, private_host, problem_of

RANGES = {
    "api_timeout": (1, 300),
    "page_size": (1, 20000),
    "sync_interval": (1, None),
    "keep_runs_days": (7, None),
    "keep_api_days": (7, None),
}

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
    partner_policy = fields.Selection(
        [
            ("none", "Do Not Link"),
            ("match", "Link to Existing Contacts"),
            ("match_create", "Link, and Create Missing Contacts"),
        ],
        "Contacts",
        default="match",
        required=True,
        tracking=True,
        help="Whether permits are linked to contacts: by NPWP, or by phone and equal "
        "name, never by a similar name.",
    )
    keep_runs_days = fields.Integer(
        "Keep Sync Runs",
        default=180,
        help="Days for which ended runs and their issues stay, 7 or more. The newest "
        "run of each kind always stays.",
    )

    # Deferred, so that one can be archived and another made active in one transaction;
    # what people see is the sentence of _check_one_active.
    compat.add_constraint(
        locals(),
        "one_active_per_company",
        "EXCLUDE (company_id WITH =) WHERE (active) DEFERRABLE INITIALLY DEFERRED",
        "A company can have one active configuration only; archive the other one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_addresses(vals) for vals in vals_list])

    def write(self, vals):
        """A new address is another SICANTIK: what waits of the old one goes. A new
        company gets all that the configuration has."""
        vals = self._clean_addresses(vals)
        before = {config: config.api_url for config in self if "api_url" in vals}
        result = super().write(vals)
        moved = self.filtered(lambda c: c in before and c.api_url != before[c])
        if moved:
            # sudo: the worker's fields; people own the address only
            moved.sudo()._forget_source()
        if "company_id" in vals:
            # sudo: the records are the worker's, and may be of a company not chosen now
            self.sudo()._take_records_along()
        return result

    @api.model
    def _people_may_write(self, name):
        """The address that Odoo calls by itself is for administrators."""
        if name == "worker_url" and not self.env.user.has_group(SYSTEM):
            return False
        return super()._people_may_write(name)

    @api.model
    def _check_people_fields(self, vals):
        if "worker_url" in vals and not self._people_may_write("worker_url"):
            raise AccessError(
                self.env._("Only system administrators may change the Worker Address.")
            )
        return super()._check_people_fields(vals)

    @api.model
    def _clean_addresses(self, vals):
        """Cut blanks and trailing slashes off the addresses in ``vals``."""
        names = [name for name in ("api_url", "worker_url") if vals.get(name)]
        cleaned = {name: vals[name].strip().rstrip("/") or False for name in names}
        return {**vals, **cleaned} if cleaned else vals

    def _refusal(self, name, remedy):
        """A ValidationError that names the field, its value and the remedy."""
        self.ensure_one()
        return ValidationError(
            self.env._(
                "%(field)s of %(config)s cannot be “%(value)s”. %(remedy)s",
                field=self._fields[name]._description_string(self.env),
                config=self.name,
                value=self[name],
                remedy=remedy,
            )
        )

    @api.constrains("api_url", "worker_url")
    def _check_addresses(self):
        remedies = {
            "scheme": self.env._("Begin it with http:// or https://."),
            "host": self.env._(
                "Give a host name, as in https://sicantik.example.go.id/api."
            ),
            "userinfo": self.env._("Leave user name and password out of the address."),
            "query": self.env._("Leave out everything from “?” or “#” on."),
            "link_local": self.env._(
                "Link-local addresses are never called; give the host."
            ),
        }
        for config in self:
            for name in ("api_url", "worker_url"):
                problem = config[name] and problem_of(config[name])
                if problem:
                    raise config._refusal(name, remedies[problem])

    @api.constrains(*RANGES)
    def _check_ranges(self):
        for config in self:
            for name, (low, high) in RANGES.items():
                if config[name] < low:
                    remedy = self.env._("Give %(low)s or more.", low=low)
                    raise config._refusal(name, remedy)
                if high and config[name] > high:
                    remedy = self.env._("Give %(high)s or less.", high=high)
                    raise config._refusal(name, remedy)

    @api.constrains("rate_limit")
    def _check_rate_limit(self):
        for config in self:
            if not 0 < config.rate_limit <= 10:
                raise config._refusal(
                    "rate_limit",
                    self.env._("Give calls a second, above 0 and at most 10."),
                )

    @api.constrains("critical_days", "warning_days")
    def _check_days(self):
        for config in self:
            if config.critical_days < 0:
                remedy = self.env._("Give 0 or more days.")
                raise config._refusal("critical_days", remedy)
            if config.warning_days <= config.critical_days:
                remedy = self.env._(
                    "Give more days than for Critical Days (%(days)s).",
                    days=config.critical_days,
                )
                raise config._refusal("warning_days", remedy)

    @api.constrains("active", "company_id")
    def _check_one_active(self):
        for config in self.filtered("active"):
            # sudo: the other configuration may be of a company not chosen now
            other = self.sudo().search(
                [
                    ("company_id", "=", config.company_id.id),
                    ("active", "=", True),
                    ("id", "!=", config.id),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(company)s already has the active configuration “%(other)s”. "
                        "Archive that one first, or archive “%(config)s”.",
                        company=config.company_id.name,
                        other=other.name,
                        config=config.name,
                    )
                )

    @api.constrains("company_id")
    def _check_company_may_change(self):
        """Permits have notices, contacts and decisions in their company, so they stay;
        and a worker must not write into the old company meanwhile."""
        # sudo: the records may be of a company not chosen now
        permits = self.env["sicantik.permit"].sudo()
        runs = self.env["sicantik.sync.run"].sudo()
        for config in self:
            left = [
                ("config_id", "=", config.id),
                ("company_id", "!=", config.company_id.id),
            ]
            if permits.search_count(left, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(config)s already has permits, so its company stays. Archive "
                        "it and make a configuration for the other company.",
                        config=config.name,
                    )
                )
            claimed = runs.search([*left, ("state", "=", "claimed")])
            if claimed.filtered(lambda run: run._lease_lives()):
                raise ValidationError(
                    self.env._(
                        "A sync of %(config)s is under way. Wait for its end or cancel "
                        "it, then change the company.",
                        config=config.name,
                    )
                )

    def _take_records_along(self):
        """Give all records of these configurations the company that they have now."""
        for config in self:
            for name in self._models_of_office():
                records = self.env[name].with_context(active_test=False)
                left = records.search(
                    [
                        ("config_id", "=", config.id),
                        ("company_id", "!=", config.company_id.id),
                    ]
                )
                left.write({"company_id": config.company_id.id})

    @api.model
    def _models_of_office(self):
        """The names of the models, of all addons, whose records have a configuration
        and its company."""
        return [
            name
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient)
            and {"config_id", "company_id"} <= model._fields.keys()
            and model._fields["config_id"].comodel_name == self._name
            and model._fields["company_id"].store
        ]

    def _forget_source(self):
        """Empty what the SICANTIK at the former address said; extended where such
        things are kept."""
        self.write(
            {
                "connection_status": "unknown",
                "connection_checked": False,
                "latency_ms": 0,
                "probe": False,
            }
        )

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
            own = config.sudo()
            if (own.api_key_stored or "") != key:
                own.api_key_stored = key or False
                own._note_api_key()

    def _note_api_key(self):
        """Who set or emptied the key and when stands in the chatter; no part of it."""
        words = (
            self.env._("A new API key was set.")
            if self.api_key_stored
            else self.env._("The API key was removed.")
        )
        self._message_log(body=words)
