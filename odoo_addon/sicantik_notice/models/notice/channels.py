"""How a notice reaches its recipient: by e-mail, else through a person of the office.

An e-mail is a mail template of the kind and language, in Odoo's own queue, which tells
after each delivery what became of it. The channel activity has a person of the office
tell the applicant or the official; who is of the office has the activity himself.

An addon with a further channel adds it to the field (``selection_add``), puts its name
into ``_channels`` and brings ``_can_<channel>`` and ``_send_<channel>``. What it hears
afterwards it tells by ``_note_outcome`` (``outcome.py``).
"""

from datetime import datetime, timezone

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .notice import APPLICANT, STAFF

LAYOUT = "sicantik_notice.notice_mail_layout"
TELL = "sicantik_notice.mail_activity_tell_applicant"
NOTIFY = "sicantik_notice.mail_activity_notice"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )
    # Hand-overs so far, and the channels of the latest ones: since it was last sent
    # again by a person.
    attempts = fields.Integer("Hand-overs", default=0, required=True)
    tried = fields.Json("Channels Tried")

    def _channels(self):
        """The names of the channels, the one to be preferred first.

        The first whose ``_can_<channel>()`` says yes is chosen when the notice becomes
        due. ``_send_<channel>()`` hands the notice over and returns nothing, or a code
        of ``_notice_reasons`` that says why it could not; ``attempts`` is the number of
        this hand-over. After a code of ``_unreachable_reasons`` the next one is tried.
        """
        self.ensure_one()
        return ["email", "activity"]

    @api.model
    def _unreachable_reasons(self):
        """The codes by which a channel says that the recipient cannot be reached by it,
        and certainly got nothing."""
        return {"no_address"}

    def _choose_channel(self):
        """Begin with the first one that can."""
        for notice in self:
            if notice.tried:
                notice.tried = False
            notice._take_channel(notice._next_channel())

    def _next_channel(self):
        """The first one that can, and was not tried yet; None when none is left."""
        tried = self.tried or ()
        left = [name for name in self._channels() if name not in tried]
        return next((name for name in left if getattr(self, f"_can_{name}")()), None)

    def _take_channel(self, channel):
        asked = channel == "activity" and self.recipient_type != STAFF
        self.write({"channel": channel, "user_id": asked and self.config_id.user_id.id})

    def _can_email(self):
        """Whether the contact has an address, and the office one to write from."""
        to = email_normalize(self.partner_id.email or "")
        return bool(to and self.company_id.sicantik_sender)

    def _can_activity(self):
        """Always: somebody of the office telephones, or looks at the activity."""
        return True

    def _send_email(self):
        """Put the e-mail into Odoo's queue; a code when that cannot be."""
        address = email_normalize(self.partner_id.email or "")
        if not address:
            return "no_address"
        if not self.company_id.sicantik_sender:
            return "no_sender"
        template = self._mail_template()
        if not template:
            return "no_text"
        try:
            mail_id = self._make_mail(template)
        except UserError:
            # Odoo wrote the template's error to its log; nothing was made yet.
            return "bad_text"
        self.write({"address": address, "mail_id": mail_id})
        return None

    def _make_mail(self, template):
        """The id of the e-mail, which stands in the permit's chatter, too, or in that
        of what else it is about."""
        chatter = self._chatter()
        return template.send_mail(
            self.id,
            email_layout_xmlid=LAYOUT,
            email_values={
                "model": chatter._name,
                "res_id": chatter.id,
                "author_id": self.company_id.partner_id.id,
                # Kept until housekeeping erases it with the address.
                "auto_delete": False,
            },
        )

    def _mail_template(self):
        """The text for the kind and language, or nothing when somebody deleted it."""
        return self.env.ref(self._by_kind("_text"), raise_if_not_found=False)

    def _note_delivery(self, mail, reason):
        """Take over whether ``mail`` arrived at the mail server, and why not."""
        # With fractions of a second: Odoo may try again at once.
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        if mail.state == "exception":
            detail = reason or mail.failure_reason
            self._note_outcome("failed", now, code="mail", detail=detail)
        elif mail.state == "sent" and self.state in ("failed", "due"):
            self._note_outcome("sent", now)

    def _stop_mail(self):
        """An e-mail that failed, and that Odoo could still deliver, stays undelivered:
        its notice goes out anew, or not at all. Call with sudo."""
        self.mail_id.filtered(lambda mail: mail.state != "sent").cancel()

    def _send_activity(self):
        """Make the activity on the permit, or on what else it is about; a code when
        nobody can be asked.

        One that is still open about the same says the newer facts: a permit does not
        gather an activity a step.
        """
        user = self._teller()
        if not user:
            return "no_responsible"
        notice = self.with_context(
            lang=user.lang or self.env.lang,
            # One e-mail for each activity would drown the person.
            mail_activity_quick_update=True,
        )
        values = {
            "user_id": user.id,
            "date_deadline": self.config_id._today(),
            "summary": notice._by_kind("_summary"),
            "note": notice._activity_note(),
        }
        activity = notice._open_activity()
        if activity:
            activity.write(values)
        else:
            kind = TELL if self.recipient_type == APPLICANT else NOTIFY
            activity = notice._chatter(user).activity_schedule(kind, **values)
        asked = self.recipient_type != STAFF
        self.write({"user_id": asked and user.id, "activity_id": activity.id})
        return None

    def _open_activity(self):
        """The activity of an earlier notice that nobody marked as done yet."""
        same = [
            ("res_model", "=", self.res_model),
            ("res_id", "=", self.res_id),
            ("kind", "=", self.kind),
            ("recipient_type", "=", self.recipient_type),
            ("activity_id.active", "=", True),
        ]
        if self.recipient_type != APPLICANT:
            same.append(("recipient_key", "=", self.recipient_key))
        return self.search(same, limit=1).activity_id

    def _teller(self):
        """Who gets the activity: who is of the office himself; to others the person
        chosen when it became due, else who answers for notices now. Nobody who may not
        see permits."""
        config = self.config_id
        if self.recipient_type == STAFF:
            return self.recipient_user_id
        return (self.user_id | config.user_id).filtered(config._may_answer)[:1]

    def _activity_note(self):
        """What the person needs for the call, a line each."""
        items = [
            Markup("<li>{}: {}</li>").format(label, value)
            for label, value in self._by_kind("_facts")
            if value
        ]
        return Markup("<ul>{}</ul>").format(Markup("").join(items))


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(self, *args, **kwargs):
        """Before Odoo forgets: an e-mail that could not be delivered is a notice that
        failed, and one that is delivered at last was sent.

        The arguments differ between Odoo 18 and 19; both name the failure by keyword.
        """
        # sudo: the queue may be worked off by anybody who sends a message
        notices = self.env["sicantik.notice"].sudo()
        for notice in notices.search([("mail_id", "in", self.ids)]):
            # sudo: as above
            notice._note_delivery(notice.mail_id.sudo(), kwargs.get("failure_reason"))
        return super()._postprocess_sent_message(*args, **kwargs)
