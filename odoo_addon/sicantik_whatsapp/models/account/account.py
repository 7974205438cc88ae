"""The account's own fields: what people enter, and what they copy to the provider."""

import secrets
import uuid

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.counted import Counted

PROVIDERS = [("meta", "Meta (WhatsApp Cloud API)")]
# Random bytes of a verify token.
TOKEN_BYTES = 24
MESSAGES = Counted(
    "sicantik.whatsapp.message", "sicantik_whatsapp.sicantik_whatsapp_message_action"
)


class SicantikWhatsappAccount(models.Model):
    """One sender of one provider, for one configuration.

    Managers write the settings; what the worker found out, its method ``report``
    writes. Secrets are in neither: they are sealed in the browser, or typed on the
    worker's server.
    """

    _name = "sicantik.whatsapp.account"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Account"
    _order = "name, id"

    _people_create = True
    _people_fields = frozenset(
        {
            "name",
            "active",
            "config_id",
            "provider",
            "sender_id",
            "business_id",
            "public_url",
            "per_minute",
            "per_day",
            "retries",
            "retry_seconds",
        }
    )

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._default_config(),
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
    )
    provider = fields.Selection(PROVIDERS, required=True, default="meta")
    # Stands in the address of the webhook and in the names of the secrets.
    uuid = fields.Char(
        "Key of the Account",
        required=True,
        readonly=True,
        copy=False,
        groups=MANAGER,
        default=lambda self: str(uuid.uuid4()),
    )
    sender_id = fields.Char(
        "Phone Number ID",
        groups=MANAGER,
        help="The number that Meta gives to the telephone number; not the telephone "
        "number itself. Digits only.",
    )
    business_id = fields.Char(
        "Business Account ID",
        groups=MANAGER,
        help="The WhatsApp Business Account ID at Meta. Digits only.",
    )
    verify_token = fields.Char(
        readonly=True,
        copy=False,
        groups=MANAGER,
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
        help="Enter it at Meta beside the address of the webhook.",
    )
    public_url = fields.Char(
        "Public Address of the Worker",
        groups=MANAGER,
        help="Where Meta reaches the worker from the internet, for example "
        "https://perizinan.example.go.id. Empty: what became of a message after it "
        "was accepted is not heard of.",
    )
    webhook_address = fields.Char(
        compute="_compute_webhook_address",
        groups=MANAGER,
        help="Enter it at Meta as the address of the webhook.",
    )
    message_count = fields.Integer("Messages", compute="_compute_message_count")

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This account exists already."
    )
    compat.add_constraint(
        locals(),
        "one_active",
        "EXCLUDE (config_id WITH =) WHERE (active) DEFERRABLE INITIALLY DEFERRED",
        "A configuration can have one active account only; archive the other one.",
    )

    @api.model
    def _default_config(self):
        return self.env["sicantik.config"].search([("active", "=", True)], limit=1)

    @api.depends("config_id.company_id")
    def _compute_company_id(self):
        for account in self:
            account.company_id = account.config_id.company_id

    @api.depends("provider", "uuid", "public_url")
    def _compute_webhook_address(self):
        for account in self:
            path = f"/webhooks/whatsapp/{account.provider}/{account.uuid}"
            account.webhook_address = f"{account.public_url or ''}{path}"

    def _compute_message_count(self):
        MESSAGES.fill("message_count", "account_id", self)

    def action_view_messages(self):
        """Open the messages of these accounts."""
        return MESSAGES.open("account_id", self)

    def copy_data(self, default=None):
        """A copy is archived: a configuration has one active account."""
        own = {"active": False, **(default or {})}
        named = super().copy_data(own)
        if "name" not in own:
            for account, vals in zip(self, named, strict=True):
                vals["name"] = self.env._("%s (copy)", account.name)
        return named

    @api.model
    def _of(self, config):
        """The active account of ``config``; call with sudo."""
        active = [("config_id", "=", config.id), ("active", "=", True)]
        return self.search(active, limit=1)
