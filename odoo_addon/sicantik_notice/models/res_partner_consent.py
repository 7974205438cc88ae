"""Whether a person agreed to notices by WhatsApp: the answer, where and when it came.

The four values go together, and every change leaves a note with its author. People use
the buttons, an import gives answer and source, addons call ``_set_whatsapp_consent``,
which knows who may set an answer and by which rules.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.constants import OPERATOR, VIEWER
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none, require_group

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
    ("preferences", "Own Preferences"),
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

    @nothing_for_none
    def action_whatsapp_agreed(self):
        """Ask where the person agreed; operators only."""
        return self._ask_for_consent("opted_in")

    @nothing_for_none
    def action_whatsapp_refused(self):
        """Ask where the person refused; operators only."""
        return self._ask_for_consent("opted_out")

    def _ask_for_consent(self, consent):
        self.ensure_one()
        self._require_consent_operator()
        return dialog(
            self.env._("Answer About WhatsApp Notices"),
            "sicantik.whatsapp.consent",
            {"default_partner_id": self.id, "default_consent": consent},
        )

    def _set_whatsapp_consent(self, consent, source, date=None, note=None):
        """Store an answer with its date (UTC; now when None) and source, and leave a
        note. ``consent`` ``unknown`` takes an answer back that was entered by mistake.

        AccessError unless the user is an operator who may see the contacts, or the
        caller is in superuser mode. UserError when the answer cannot be taken.
        """
        self._require_consent_operator()
        values = self._consent_values(consent, source, date, note)
        # sudo: operators need not be allowed to change contacts; checked above
        partners = self.sudo()
        partners._check_consent_is_newest(values["whatsapp_consent_date"])
        partners.write(values)
        body = self.env._("WhatsApp notices: %s", self._consent_in_words(values))
        partners._message_log_batch(bodies=dict.fromkeys(partners.ids, body))

    def _consent_values(self, consent, source, date, note):
        """The four values that go together; UserError for an unknown one."""
        if consent == "unknown":
            return dict(NOT_ASKED)
        if consent not in dict(CONSENTS) or source not in dict(CONSENT_SOURCES):
            raise UserError(
                self.env._(
                    "“%(answer)s” from “%(origin)s” is no answer about WhatsApp "
                    "notices. Answers: %(answers)s. Sources: %(origins)s.",
                    answer=consent,
                    origin=source,
                    answers=", ".join(dict(CONSENTS)),
                    origins=", ".join(dict(CONSENT_SOURCES)),
                )
            )
        now = fields.Datetime.now()
        date = fields.Datetime.to_datetime(date) or now
        if date > now:
            raise UserError(
                self.env._(
                    "An answer cannot be given in the future; correct the date %s.",
                    format_datetime(self.env, date),
                )
            )
        return dict(zip(NOT_ASKED, (consent, source, date, note), strict=True))

    def _check_consent_is_newest(self, date):
        """UserError when a later answer than that of ``date`` stands already."""
        for partner in self.filtered("whatsapp_consent_date"):
            if date and partner.whatsapp_consent_date > date:
                raise UserError(
                    self.env._(
                        "%(contact)s gave a later answer: %(answer)s. If that one was "
                        "entered by mistake, set it to “Not Asked” first.",
                        contact=partner.display_name,
                        answer=partner._consent_in_words(partner._consent()),
                    )
                )

    def _consent(self):
        """The four values as they stand."""
        self.ensure_one()
        return {name: self[name] for name in NOT_ASKED}

    def _consent_in_words(self, values):
        """As in "Refused (Message, 10/03/2026 09:30: by his wife)"."""
        consent, source, date, note = (values[name] for name in NOT_ASKED)
        labels = {
            key: label
            for name in ("whatsapp_consent", "whatsapp_consent_source")
            for key, label in self._fields[name]._description_selection(self.env)
        }
        if consent == "unknown":
            return labels[consent]
        when = format_datetime(self.env, date, dt_format="short")
        where = f"{labels[source]}, {when}" + (f": {note}" if note else "")
        return f"{labels[consent]} ({where})"

    def _require_consent_operator(self):
        """AccessError unless the user is an operator who may see these contacts."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may enter answers "
                "about WhatsApp notices. Ask an administrator for it."
            ),
        )
