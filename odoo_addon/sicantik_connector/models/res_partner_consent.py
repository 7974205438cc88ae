"""Whether a person agreed to notices by WhatsApp: the answer, where and when it came.

The four values go together, and every change leaves a note with its author. People use
the buttons, an import gives answer and source, addons call ``_set_whatsapp_consent``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.constants import VIEWER

CONSENTS = [
    ("unknown", "Not Asked"),
    ("opted_in", "Agreed"),
    ("opted_out", "Refused"),
]
CONSENT_SOURCES = [
    ("counter", "Office Counter"),
    ("form", "Form"),
    ("message", "Message"),
    ("import", "Import"),
]
# The values of nobody's answer, in the order of ``_set_whatsapp_consent``.
NOT_ASKED = {
    "whatsapp_consent": "unknown",
    "whatsapp_consent_source": False,
    "whatsapp_consent_date": False,
    "whatsapp_consent_note": False,
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    whatsapp_consent = fields.Selection(
        CONSENTS,
        "WhatsApp Notices",
        default="unknown",
        required=True,
        copy=False,
        groups=VIEWER,
        help="Whether the person agreed to get notices of the office by WhatsApp.",
    )
    whatsapp_consent_source = fields.Selection(
        CONSENT_SOURCES, "WhatsApp Answer Given By", copy=False, groups=VIEWER
    )
    whatsapp_consent_date = fields.Datetime(
        "WhatsApp Answer Given On", copy=False, groups=VIEWER
    )
    whatsapp_consent_note = fields.Char(
        "WhatsApp Answer: Remark", copy=False, groups=VIEWER
    )

    @api.model
    def default_get(self, fields_list):
        """Nobody's answer, whatever defaults a page or a person has: the button New in
        the column Agreed says nothing of the contact."""
        values = super().default_get(fields_list)
        return {name: NOT_ASKED.get(name, values[name]) for name in values}

    @api.model_create_multi
    def create(self, vals_list):
        """An answer that comes with a new contact follows the rules, too."""
        answers = [self._split_consent(vals) for vals in vals_list]
        partners = super().create([rest for _answer, rest in answers])
        for partner, (answer, _rest) in zip(partners, answers, strict=True):
            if any(answer.values()):
                partner._set_whatsapp_consent(*self._checked_consent(answer))
        return partners

    def write(self, vals):
        """An answer other than the one that stands follows the rules."""
        answer, rest = self._split_consent(vals)
        if self.env.su or not answer:
            return super().write(vals)
        if self._differs_from(answer):
            self._set_whatsapp_consent(*self._checked_consent(answer))
        return super().write(rest) if rest else True

    @api.model
    def _split_consent(self, vals):
        """``(what vals say of the answer, the rest)``; nobody's answer is none."""
        answer = {name: vals[name] for name in NOT_ASKED if name in vals}
        if answer.get("whatsapp_consent") == "unknown":
            answer["whatsapp_consent"] = False
        return answer, {key: vals[key] for key in vals if key not in NOT_ASKED}

    def _differs_from(self, answer):
        """Whether one of these contacts has another value than ``answer``."""
        for name, value in answer.items():
            value = value or NOT_ASKED[name]
            value = self._fields[name].convert_to_cache(value, self[:1]) or False
            if any(partner[name] != value for partner in self):
                return True
        return False

    @api.model
    def _checked_consent(self, answer):
        """The arguments of ``_set_whatsapp_consent``. UserError when only a part of an
        answer is there: a date or a source alone says nothing."""
        consent, source, date, note = (answer.get(name) for name in NOT_ASKED)
        nothing = "whatsapp_consent" in answer and not (
            consent or source or date or note
        )
        if nothing or (consent and source):
            return consent or "unknown", source, date, note
        raise UserError(
            self.env._(
                "An answer about WhatsApp notices goes with where it was given. Use "
                "the buttons Agreed and Refused of the contact, or give “WhatsApp "
                "Notices” and “WhatsApp Answer Given By” together."
            )
        )
