"""The link by which a contact agrees: it opens WhatsApp with a sentence to the office
that carries the contact's code. For the counter, a letter or an e-mail; nobody is
written to in order to be asked."""

import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none
from odoo.addons.sicantik_notice.tools.notice_words import language_of

from ...tools.answers import code_of, sentence


class ResPartner(models.Model):
    _inherit = "res.partner"

    @nothing_for_none
    def action_whatsapp_link(self):
        """Show the link and its QR code; operators only."""
        self.ensure_one()
        self._require_consent_operator()
        if not self._whatsapp_consent_link():
            raise UserError(
                self.env._(
                    "There is no WhatsApp account whose telephone number is known. "
                    "Have a manager make one under WhatsApp › Accounts and press Check "
                    "Account there."
                )
            )
        # sudo: made for this user, for whom the group was checked above
        links = self.env["sicantik.whatsapp.link"]
        action = dialog(self.env._("WhatsApp Consent Link"), links._name, {})
        return {**action, "res_id": links.create({"partner_id": self.id}).id}

    def _whatsapp_consent_link(self, config=None):
        """The link to the number of ``config``, else of the contact's company or the
        user's; False when there is none. Whoever asks may see the contact."""
        self.ensure_one()
        # sudo: the code, the account and the office's name are no secrets to operators
        partner = self.sudo()
        company = (
            config.company_id if config else partner.company_id or self.env.company
        )
        accounts = partner.env["sicantik.whatsapp.account"]
        account = accounts._with_number(company, config)
        digits = re.sub("[^0-9]", "", account.number or "")
        if not digits or not partner.active:
            return False
        chosen = company.sicantik_notice_language
        language = language_of(partner.lang) if chosen == "contact" else chosen or "id"
        office = company.sicantik_office_name or company.name
        code = code_of(partner._consent_secret(), partner._origin.id)
        text = quote(sentence(language, code, office))
        return f"https://wa.me/{digits}?text={text}"


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    @api.model
    def _with_number(self, company, config=None):
        """The active account of a company, or of ``config``, whose telephone number a
        check told; call with sudo."""
        own = [("config_id", "=", config.id)] if config else []
        return self.search(
            [
                ("company_id", "=", company.id),
                *own,
                ("active", "=", True),
                ("config_id.active", "=", True),
                ("number", "!=", False),
            ],
            limit=1,
        )


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    whatsapp_consent_link = fields.Char(
        "Link to Agree to WhatsApp",
        compute="_compute_whatsapp_consent_link",
        compute_sudo=True,
        groups=OPERATOR,
        help="For texts of e-mails. Empty where the contact agreed, or without an "
        "account whose number is known.",
    )

    @api.depends("partner_id", "config_id", "partner_id.whatsapp_consent")
    def _compute_whatsapp_consent_link(self):
        for notice in self:
            partner = notice.partner_id
            asked = partner and partner.whatsapp_consent != "opted_in"
            link = asked and partner._whatsapp_consent_link(notice.config_id)
            notice.whatsapp_consent_link = link or False
