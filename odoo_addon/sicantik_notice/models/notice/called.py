"""Telephone and WhatsApp by hand: whom to call, a link that writes the text of the
notice, and the button *Called*, which closes activity and notice."""

from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.sicantik_connector.tools import compat
from odoo.addons.sicantik_connector.tools.actions import dialog
from odoo.addons.sicantik_connector.tools.contacts import phone_key
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from .batch import Batch
from .notice import APPLICANT

# Of a contact; the first is what *Correct E-mail or WhatsApp* asks for.
NUMBERS = ("whatsapp_number", *compat.PARTNER_PHONES)
OF_CONTACT = [f"partner_id.{name}" for name in (*NUMBERS, "active")]


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    phone = fields.Char(compute="_compute_phone", compute_sudo=True)
    whatsapp_link = fields.Char(
        "WhatsApp",
        compute="_compute_whatsapp_link",
        compute_sudo=True,
        help="Opens WhatsApp with the text of the notice, where the contact agreed to "
        "get notices by WhatsApp.",
    )

    @api.depends("permit_id", "partner_id", "recipient_type", *OF_CONTACT)
    def _compute_phone(self):
        for notice in self:
            number = next(filter(None, notice._numbers()), False)
            notice.phone = notice._number(number)

    def _numbers(self):
        """The numbers to call, the surest first, each as it was written.

        What stands at the contact and SICANTIK does not say of the permit, a person
        entered there: a sync fills in only what is empty. What is no one number (two in
        a field, digits beside one) comes last.
        """
        permit, partner = self.permit_id, self.partner_id
        own = [partner[name] for name in NUMBERS if partner.active]
        certain_own = [number for number in own if phone_key(number)]
        if self.recipient_type != APPLICANT:
            return [*certain_own, *own]
        personal = [permit.applicant_phone, permit.whatsapp_number]
        said = [*personal, permit.company_phone]
        known = {phone_key(number) for number in said}
        return [
            *[number for number in certain_own if phone_key(number) not in known],
            *[number for number in personal if phone_key(number)],
            *certain_own,
            *said,
            *own,
        ]

    @api.model
    def _say_new_numbers(self, partners):
        """Have the activities that ask to call ``partners`` say how these are reached
        now; call with sudo. One query where there are none."""
        asked = self._asked([("partner_id", "in", partners.ids)])
        for activity in asked.activity_id:
            self._ask_for_the_rest(activity)

    @api.depends("partner_id", "permit_id")
    def _compute_whatsapp_link(self):
        for notice in self:
            number = notice._whatsapp_number()
            text = number and notice._text_in_plain_words()
            link = f"https://wa.me/{number[1:]}?text={quote(text)}" if text else False
            notice.whatsapp_link = link

    def _whatsapp_number(self):
        """In E.164, of a contact who agreed; else nothing."""
        partner = self.partner_id
        if not partner.active or partner.whatsapp_consent != "opted_in":
            return False
        own = partner.whatsapp_number
        if self.recipient_type == APPLICANT:
            own = own or self.permit_id.whatsapp_number
        return phone_key(self._number(own or partner.phone))

    def _text_in_plain_words(self):
        """The text of the e-mail; nothing when it has an error or is gone."""
        template = self._mail_template()
        if not template:
            return ""
        try:
            body = template._render_field("body_html", self.ids)[self.id]
        except UserError:
            return ""
        text = html2plaintext(body, include_references=False).strip()
        further = self.further_items
        also = further and f"{self.further_heading}\n{further}"
        return "\n\n".join(filter(None, (self.trial_words, text, also)))

    @nothing_for_none
    def action_called(self):
        """Ask for a note on the call; operators only."""
        self._require_callable()
        return dialog(
            self.env._("Called"),
            "sicantik.notice.called",
            {"default_notice_ids": [(6, 0, self.ids)]},
        )

    def _require_callable(self):
        """AccessError unless the user is an operator who may see the notices; UserError
        unless all wait for a call, or for nothing."""
        self._require(
            "may_be_called",
            self.env._(
                "Only notices that wait, failed, or that the office was asked to tell "
                "can be closed as called."
            ),
        )

    def _called(self, note):
        """Somebody of the office told the recipients. With one notice of a call the
        others of the same call are told, too.

        AccessError and UserError as ``_require_callable``.
        """
        self._require_callable()
        # sudo: notices and activities are written by methods only; checked above
        notices = self.sudo()
        activities = notices.activity_id.filtered("active")
        rest = notices.filtered(lambda notice: notice.activity_id not in activities)
        if activities:
            activities.action_feedback(feedback=note)
        for notice in rest:
            notice._give_up()
            notice.write(
                {
                    "channel": "activity",
                    "user_id": self.env.uid,
                    # What is heard later of the hand-over before counts no more.
                    "attempts": notice.attempts + 1,
                    "tried": [*(notice.tried or ()), "activity"],
                }
            )
            said = notice.env._("Called: %s", notice._kind_label())
            notice._chatter()._message_log(body=": ".join(filter(None, (said, note))))
        rest._note_call(note)

    def _note_call(self, note=None):
        """A person of the office told these recipients; call with sudo."""
        now = fields.Datetime.now()
        for notice in self:
            notice._note_outcome("delivered", now, code="called", detail=note)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Who was asked to call reads the number that somebody corrected."""
        result = super().write(vals)
        if vals.keys() & {*NUMBERS, "email"}:
            self._say_new_numbers()
        return result

    def _say_new_numbers(self):
        """Have the activities that ask to call these say how they are reached now."""
        if self and not Batch.takes(self):
            # sudo: whoever corrects a contact need not see notices
            self.env["sicantik.notice"].sudo()._say_new_numbers(self)
