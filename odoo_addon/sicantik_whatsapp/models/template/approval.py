"""By which accounts a text may go out, and what its providers say of it."""

from odoo import api, fields, models

from .registration import ADVERTISING

SITUATIONS = [
    ("approved", "May Be Sent"),
    ("waiting", "Waits for Approval"),
    ("stopped", "Stopped"),
    ("marketing", "Counts as Marketing"),
]


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    approval = fields.Char(
        compute="_compute_approval",
        help="What the providers in use say of the text, in their order.",
    )
    situation = fields.Selection(SITUATIONS, compute="_compute_approval")

    @api.depends(
        "registration_ids.provider",
        "registration_ids.state",
        "registration_ids.category",
    )
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_approval(self):
        labels = dict(
            self.registration_ids._fields["provider"]._description_selection(self.env)
        )
        used = self._providers_in_use()
        for text in self:
            shown = text._registered_with(used) or text.registration_ids
            words = [f"{labels[one.provider]}: {one._why_words()}" for one in shown]
            text.approval = ", ".join(words)
            text.situation = shown._situation()

    @api.model
    def _to_send(self, kind, language, accounts):
        """The text that one of ``accounts`` may send; empty when there is none."""
        text = self._of_kind(kind, language)
        return text if accounts._ways(text) else text.browse()

    @api.model
    def _providers_in_use(self):
        """Those of active accounts that the reader may see, in the office's order."""
        accounts = self.env["sicantik.whatsapp.account"].search([("active", "=", True)])
        return list(dict.fromkeys(accounts.mapped("provider")))

    def _registered_with(self, providers):
        """The registrations with ``providers``, in their order."""
        own = self.registration_ids.filtered(lambda one: one.provider in providers)
        return own.sorted(lambda one: providers.index(one.provider))

    def _registration(self, provider):
        """The one with ``provider``; empty when there is none."""
        return self.registration_ids.filtered(lambda one: one.provider == provider)


class SicantikWhatsappRegistration(models.Model):
    _inherit = "sicantik.whatsapp.registration"

    def _situation(self):
        """The worst of these; whatever is held back goes before what may be sent."""
        stopped = self.filtered(lambda one: one._is_stopped())
        if any(one.category == ADVERTISING for one in stopped):
            return "marketing"
        if stopped:
            return "stopped"
        sent = any(one._may_be_sent() for one in self)
        return "approved" if sent else "waiting"


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    def _ways(self, text):
        """``[(account, registration)]`` of these accounts, in their order, by which
        ``text`` may go out: its provider has approved it, and counts it as no
        advertising."""
        found = [(account, text._registration(account.provider)) for account in self]
        return [way for way in found if way[1] and way[1]._may_be_sent()]
