"""The account's own fields: what people enter, and what they copy to the provider."""

import secrets
import uuid

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.counted import Counted

from ...tools.providers import AGAIN, META, PROVIDERS

# Random bytes of a verify token.
TOKEN_BYTES = 24
MESSAGES = Counted(
    "sicantik.whatsapp.message", "sicantik_whatsapp.sicantik_whatsapp_message_action"
)


class SicantikWhatsappAccount(models.Model):
    """One sender of one provider, for one configuration.

    A configuration may have several: the first of them takes the messages, and the
    next one takes over a message that the first certainly did not send and could not.
    Managers write the settings; what the worker found out, its method ``report``
    writes. Secrets are in neither: they are sealed in the browser, or typed on the
    worker's server.
    """

    _name = "sicantik.whatsapp.account"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Account"
    _order = "sequence, id"

    _people_create = True
    _people_fields = frozenset(
        {
            "name",
            "active",
            "sequence",
            "config_id",
            "provider",
            "sender_id",
            "business_id",
            "key_id",
            "per_minute",
            "per_day",
            "people_per_day",
            "retries",
            "retry_seconds",
        }
    )

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="The first account of a configuration takes the messages. The next one "
        "takes over a message when the first one cannot send it and certainly did not.",
    )
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
    provider = fields.Selection(
        PROVIDERS,
        required=True,
        default=META,
        help="Whose official service sends the messages. An account stays with it.",
    )
    # Stands in the address of the webhook and in the names of the secrets.
    uuid = fields.Char(
        "Key of the Account",
        required=True,
        readonly=True,
        copy=False,
        groups=MANAGER,
        default=lambda self: str(uuid.uuid4()),
    )
    # What these three are at each provider the form says; tools/providers.py has the
    # rules.
    sender_id = fields.Char(
        groups=MANAGER, help="What the provider calls the office's number."
    )
    business_id = fields.Char(
        "Account at the Provider", groups=MANAGER, help="Of Meta and Twilio."
    )
    key_id = fields.Char(
        "Key at the Provider",
        groups=MANAGER,
        help="Of Twilio the API key, of Vonage the application; no secret.",
    )
    verify_token = fields.Char(
        readonly=True,
        copy=False,
        groups=MANAGER,
        default=lambda self: secrets.token_urlsafe(TOKEN_BYTES),
        help="Enter it at Meta beside the address of the webhook.",
    )
    webhook_address = fields.Char(
        compute="_compute_webhook_address",
        compute_sudo=True,
        groups=MANAGER,
        help="Enter it at the provider as the address of the webhook.",
    )
    message_count = fields.Integer("Messages", compute="_compute_message_count")

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This account exists already."
    )

    @api.model
    def _default_config(self):
        return self.env["sicantik.config"].search([("active", "=", True)], limit=1)

    @api.depends("config_id.company_id")
    def _compute_company_id(self):
        for account in self:
            account.company_id = account.config_id.company_id

    @api.depends("provider", "uuid", "config_id.worker_public_address")
    def _compute_webhook_address(self):
        """Empty until the worker has told where it is reached from the internet."""
        for account in self:
            office = (account.config_id.worker_public_address or "").rstrip("/")
            path = f"/webhooks/whatsapp/{account.provider}/{account.uuid}"
            again = AGAIN.get(account.provider, "")
            account.webhook_address = office and f"{office}{path}{again}"

    def _compute_message_count(self):
        MESSAGES.fill("message_count", "account_id", self)

    def action_view_messages(self):
        """Open the messages of these accounts."""
        return MESSAGES.open("account_id", self)

    def copy_data(self, default=None):
        """A copy is archived, so that it takes nothing over before it works."""
        own = {"active": False, **(default or {})}
        named = super().copy_data(own)
        if "name" not in own:
            for account, vals in zip(self, named, strict=True):
                vals["name"] = self.env._("%s (copy)", account.name)
        return named

    @api.model
    def _of(self, config):
        """The active accounts of ``config`` that have a sender, in the office's order;
        call with sudo."""
        return self.search(
            [
                ("config_id", "=", config.id),
                ("active", "=", True),
                ("sender_id", "!=", False),
            ]
        )
