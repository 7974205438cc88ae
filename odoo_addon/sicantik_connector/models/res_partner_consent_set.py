"""How an answer about WhatsApp notices is set: by whom, with which rules and notes."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..tools.constants import OPERATOR
from ..tools.rights import require_group
from .res_partner_consent import CONSENT_SOURCES, CONSENTS, NOT_ASKED


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_whatsapp_agreed(self):
        """Ask where the person agreed; operators only."""
        return self._ask_for_consent("opted_in")

    def action_whatsapp_refused(self):
        """Ask where the person refused; operators only."""
        return self._ask_for_consent("opted_out")

    def _ask_for_consent(self, consent):
        self.ensure_one()
        self._require_consent_operator()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer About WhatsApp Notices"),
            "res_model": "sicantik.whatsapp.consent",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id, "default_consent": consent},
        }

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
