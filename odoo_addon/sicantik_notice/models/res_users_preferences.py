"""Everybody of the office says in the own preferences whether and where WhatsApp may be
used: the same answer and number of the contact, with the same history, that operators
enter for others.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .res_partner_consent import CONSENTS

PREFERENCES = "preferences"
OWN = ["sicantik_whatsapp_number", "sicantik_whatsapp_consent"]


class ResUsers(models.Model):
    _inherit = "res.users"

    # Of their own: the contact's fields are for those who see permits, and writing
    # them through the user would leave out the rules of an answer.
    sicantik_whatsapp_number = fields.Char(
        "WhatsApp Number",
        compute="_compute_sicantik_whatsapp",
        inverse="_inverse_sicantik_whatsapp",
        help="With country code, for example +6283601000123. Empty: a mobile number of "
        "your contact is used.",
    )
    sicantik_whatsapp_consent = fields.Selection(
        CONSENTS,
        "Notices by WhatsApp",
        compute="_compute_sicantik_whatsapp",
        inverse="_inverse_sicantik_whatsapp",
        help="Whether you agree to get notices of the office by WhatsApp. They come in "
        "the office's working hours.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + OWN

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + OWN

    @api.depends("partner_id.whatsapp_number", "partner_id.whatsapp_consent")
    @api.depends_context("uid")
    def _compute_sicantik_whatsapp(self):
        """Nobody reads by it what somebody else answered."""
        # sudo: who need not see contacts may see the own answer
        nobody = self.env["res.partner"].sudo()
        for user in self:
            own = user.sudo().partner_id if user._is_own() else nobody
            user.sicantik_whatsapp_number = own.whatsapp_number
            user.sicantik_whatsapp_consent = own.whatsapp_consent

    def _inverse_sicantik_whatsapp(self):
        """AccessError for whoever is not of the office, and of somebody else's."""
        answers = [
            (user, user.sicantik_whatsapp_number, user.sicantik_whatsapp_consent)
            for user in self
        ]
        for user, number, consent in answers:
            if not user._is_own():
                raise AccessError(
                    self.env._(
                        "Everybody of the office says in the own preferences whether "
                        "and where WhatsApp may be used. For others an operator enters "
                        "it on the contact."
                    )
                )
            # sudo: who need not change contacts may give the own answer
            partner = user.sudo().partner_id
            if (partner.whatsapp_number or "") != (number or ""):
                partner.whatsapp_number = number
            consent = consent or "unknown"
            if partner.whatsapp_consent != consent:
                partner._set_whatsapp_consent(consent, PREFERENCES)

    def _is_own(self):
        """Whether it is the user's own, and the user of the office."""
        me = self.env.user
        return self._origin == me and me._is_internal()
