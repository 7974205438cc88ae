"""Consent by message: *STOP* refuses for all contacts of the number, a code of a
contact agrees for that one. Of what people write only the answer and its time stay."""

from odoo import api, models

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.landing import lock_rows

from ...tools.answers import code_of

DECIDE = "sicantik_whatsapp.mail_activity_answer"


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _hear_refusal(self, config, number, date):
        """Whoever writes owns the telephone: refuse for all its contacts that gave no
        later answer; call with sudo. Returns the outcome of the event."""
        contacts = self._of_number(config.company_id, number)
        if not contacts:
            return "nobody"
        contacts._lock_answers()
        refusing = contacts.filtered(
            lambda contact: (
                contact.whatsapp_consent != "opted_out"
                and (contact.whatsapp_consent_date or date) <= date
            )
        )
        if not refusing:
            return "nothing"
        refusing._set_whatsapp_consent("opted_out", "message", date)
        return "refused"

    @api.model
    def _hear_agreement(self, config, number, code, date):
        """Agree for the contact of ``code``, at this number; call with sudo. Where the
        number is not that of the contact, a person decides. Returns the outcome."""
        contact = self._of_code(config.company_id, code)
        if not contact:
            return "nobody"
        contact._lock_answers()
        answered = contact.whatsapp_consent_date
        if answered and answered >= date:
            return "nothing"
        if not contact._may_have(config, number):
            contact._ask_whose_number(config, number)
            return "asked"
        if not contact.whatsapp_number:
            # A note of it stays, as when a person enters it.
            noted = contact.with_context(tracking_disable=False, mail_notrack=False)
            noted.whatsapp_number = number
        if contact.whatsapp_unreachable == number:
            contact.whatsapp_unreachable = False
        contact._set_whatsapp_consent("opted_in", "message", date)
        return "agreed"

    def _may_have(self, config, number):
        """Whether a number is that of the contact, or may become it: the contact has
        none, and nobody else has this one."""
        if self.whatsapp_number:
            return self.whatsapp_number == number
        others = self._of_number(config.company_id, number) - self
        return number in self._sicantik_phones() or not others

    @api.model
    def _of_number(self, company, number):
        """All contacts that are written to at ``number``, or called there, also
        archived ones."""
        own = [("company_id", "in", [False, company.id])]
        having = [
            *("|", "|"),
            ("sicantik_phone_key", "=", number),
            ("sicantik_mobile_key", "=", number),
            ("whatsapp_number", "=", number),
        ]
        permits = self.env["sicantik.permit"].search(
            [
                ("company_id", "=", company.id),
                ("whatsapp_number", "=", number),
                ("partner_id.whatsapp_number", "=", False),
            ]
        )
        contacts = self.with_context(active_test=False)
        by_permit = [("id", "in", permits.partner_id.ids)]
        return contacts.search([*own, "|", *by_permit, *having], order="id")

    @api.model
    def _of_code(self, company, code):
        """The one contact whose code it is; none for a code of nobody. Codes are stored
        nowhere, so those of all contacts are made."""
        secret = self._consent_secret()
        active = [("active", "=", True), ("company_id", "in", [False, company.id])]
        rows = self.env.execute_query(self._search(active).select())
        meant = [id_ for (id_,) in rows if code_of(secret, id_) == code]
        return self.browse(meant if len(meant) == 1 else [])

    @api.model
    def _consent_secret(self):
        # sudo: nobody reads the secret of the database
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def _lock_answers(self):
        """Lock the rows, as they are here, until the end of the transaction."""
        self.flush_recordset()
        lock_rows(self)

    def _ask_whose_number(self, config, number):
        """An activity for who answers for the office, one at a time."""
        user = config._whom_to_tell(config._responsible(), OPERATOR)
        if not user:
            return
        contact = self.with_context(lang=user.lang or self.env.lang)
        env = contact.env
        note = env._(
            "Somebody agreed to WhatsApp notices with the code of this contact, from "
            "%(number)s, which is not its WhatsApp number, or is another contact's. "
            "Nothing was changed. Ask the person; if it is right, press Correct E-mail "
            "or WhatsApp on the contact, then Agreed.",
            number=number,
        )
        earlier = contact.activity_search([DECIDE])
        if earlier:
            earlier.note = note
            return
        contact.activity_schedule(
            DECIDE,
            date_deadline=config._today(),
            user_id=user.id,
            summary=env._("Whose WhatsApp number is it?"),
            note=note,
        )
