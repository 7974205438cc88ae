"""A text as it is registered with one provider: its name there, and its approval."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sicantik_connector.tools import compat

from ...tools.providers import BIRD, META, NAMES, PROVIDERS, TWILIO, VONAGE

STATES = [
    ("draft", "Draft"),
    ("pending", "In Review"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("paused", "Paused"),
    ("disabled", "Disabled"),
]
CATEGORIES = [
    ("utility", "Utility"),
    ("marketing", "Marketing"),
    ("authentication", "Authentication"),
]
# Nothing is sent with these, though it was before.
STOPPED = ("rejected", "paused", "disabled")
ADVERTISING = "marketing"


class SicantikWhatsappRegistration(models.Model):
    """The same words have another name at each provider, and each approves for itself.

    For all offices of the database, as its text is. Managers write it; what the
    provider tells is stored as it is told.
    """

    _name = "sicantik.whatsapp.registration"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Text at a Provider"
    _order = "text_id, provider, id"

    _people_create = True
    _people_fields = frozenset({"text_id", "provider", "name", "state", "category"})

    text_id = fields.Many2one(
        "sicantik.whatsapp.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    provider = fields.Selection(PROVIDERS, required=True, default=META)
    name = fields.Char(
        "Name at the Provider",
        required=True,
        help="As it is registered there. Meta and Bird: lowercase letters, digits and "
        "underscores; Twilio: the Content SID, HX and 32 digits or letters; Vonage: "
        "the name, where needed with its namespace and a colon before it.",
    )
    state = fields.Selection(
        STATES,
        "Approval",
        default="draft",
        required=True,
        copy=False,
        help="What the provider says of the text. Only approved texts are sent.",
    )
    category = fields.Selection(
        CATEGORIES,
        "Category at the Provider",
        copy=False,
        help="As what the provider counts the text. One that counts as marketing is "
        "held.",
    )

    compat.add_constraint(
        locals(),
        "text_provider_uniq",
        "UNIQUE(text_id, provider)",
        "The text is registered with this provider already; change that line.",
    )

    @api.depends("text_id", "provider")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["provider"]._description_selection(self.env))
        for one in self:
            provider = labels.get(one.provider, "")
            one.display_name = f"{one.text_id.display_name}, {provider}"

    @api.constrains("provider", "name")
    def _check_name(self):
        for one in self:
            if not NAMES[one.provider].fullmatch(one.name or ""):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be the name of a text there. %(remedy)s",
                        name=one.name,
                        remedy=one._remedy(),
                    )
                )

    def _remedy(self):
        env = self.env
        slug = env._(
            "Use lowercase letters, digits and underscores, as in permit_expiring_id."
        )
        return {
            META: slug,
            BIRD: slug,
            TWILIO: env._(
                "Copy the Content SID of the template in this language from Content "
                "Template Builder in Twilio's console: HX and 32 digits or letters "
                "from a to f."
            ),
            VONAGE: env._(
                "Give the name as in permit_expiring_id, where Vonage shows a "
                "namespace with that and a colon before it."
            ),
        }[self.provider]

    def write(self, vals):
        """Under another name it is another text to the provider."""
        if {"name", "provider"} & vals.keys() and "category" not in vals:
            vals = {**vals, "category": False}
        return super().write(vals)

    def _may_be_sent(self):
        """Approved, and not what the provider counts as marketing."""
        return self.state == "approved" and self.category != ADVERTISING

    def _is_stopped(self):
        """The provider does not send it (any more), or nobody should."""
        advertises = self.state == "approved" and self.category == ADVERTISING
        return advertises or self.state in STOPPED

    def _why_words(self):
        """As in "Paused": what the provider made of it."""
        name = "state" if self.state in STOPPED else "category"
        held = self._is_stopped() and name or "state"
        return dict(self._fields[held]._description_selection(self.env))[self[held]]
