"""How a notice reaches its recipient: by e-mail, else through a person of the office.

An e-mail is a mail template of the kind and language, in Odoo's own queue, which tells
after each delivery what became of it. The channel activity has a person of the office
tell the applicant.

An addon with a further channel adds it to the field (``selection_add``), puts its name
into ``_channels`` and brings ``_can_<channel>`` and ``_send_<channel>``.
"""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from .due import EXPIRING

LAYOUT = "sicantik_notice.notice_mail_layout"
TELL = "sicantik_notice.mail_activity_tell_applicant"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )

    def _channels(self):
        """The names of the channels, the one to be preferred first.

        The first whose ``_can_<channel>()`` says yes is chosen, once, when the notice
        becomes due. ``_send_<channel>()`` hands the notice over and returns nothing, or
        a code of ``wording/notices.py`` that says why it could not.
        """
        self.ensure_one()
        return ["email", "activity"]

    def _choose_channel(self):
        for notice in self:
            channel = next(
                name for name in notice._channels() if getattr(notice, f"_can_{name}")()
            )
            told_by = notice.config_id.user_id if channel == "activity" else False
            notice.write({"channel": channel, "user_id": told_by and told_by.id})

    def _can_email(self):
        """Whether the contact has an address, and the office one to write from."""
        to = email_normalize(self.partner_id.email or "")
        return bool(to and self.company_id.sicantik_sender)

    def _can_activity(self):
        """Always: somebody of the office telephones."""
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
        """The id of the e-mail, which stands in the permit's chatter, too."""
        return template.send_mail(
            self.id,
            email_layout_xmlid=LAYOUT,
            email_values={
                "model": "sicantik.permit",
                "res_id": self.permit_id.id,
                "author_id": self.company_id.partner_id.id,
                # Kept until housekeeping erases it with the address.
                "auto_delete": False,
            },
        )

    def _mail_template(self):
        """The text for the kind and language, or nothing when somebody deleted it."""
        name = f"sicantik_notice.mail_template_{self.kind}_{self.language}"
        return self.env.ref(name, raise_if_not_found=False)

    def _note_delivery(self, mail, reason):
        """Take over whether ``mail`` arrived at the mail server, and why not."""
        if self.state == "cancelled":
            return
        if mail.state == "exception":
            self._end("failed", "mail", reason or mail.failure_reason)
        elif mail.state == "sent" and self.state == "failed":
            self._end("sent")

    def _stop_mail(self):
        """An e-mail that failed, and that Odoo could still deliver, stays undelivered:
        its notice goes out anew, or not at all. Call with sudo."""
        self.mail_id.filtered(lambda mail: mail.state != "sent").cancel()

    def _send_activity(self):
        """Make the activity on the permit; a code when nobody can be asked.

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
            "summary": notice._activity_summary(),
            "note": notice._activity_note(),
        }
        activity = notice._open_activity()
        if activity:
            activity.write(values)
        else:
            activity = notice.permit_id.activity_schedule(TELL, **values)
        self.write({"user_id": user.id, "activity_id": activity.id})
        return None

    def _open_activity(self):
        """The activity of an earlier notice that nobody marked as done yet."""
        earlier = self.search(
            [
                ("permit_id", "=", self.permit_id.id),
                ("kind", "=", self.kind),
                ("activity_id.active", "=", True),
            ],
            limit=1,
        )
        return earlier.activity_id

    def _teller(self):
        """Who is asked: the person chosen when it became due, else who answers for
        notices now; nobody who may not see permits."""
        config = self.config_id
        return (self.user_id | config.user_id).filtered(config._may_answer)[:1]

    def _activity_summary(self):
        if self.kind == EXPIRING:
            return self.env._("Tell the applicant that the permit expires")
        if self.kind == "renewal_approved":
            return self.env._("Tell the applicant that the renewal is approved")
        return self.env._("Tell the applicant of the new status")

    def _activity_note(self):
        """What the person needs for the call, a line each."""
        items = [
            Markup("<li>{}: {}</li>").format(label, value)
            for label, value in self._activity_facts()
            if value
        ]
        return Markup("<ul>{}</ul>").format(Markup("").join(items))

    def _activity_facts(self):
        """``[(label, value)]`` in the language of who reads it."""
        permit, env = self.permit_id, self.env
        phone = permit.applicant_phone or permit.whatsapp_number
        facts = [
            (env._("Permit"), permit.display_name),
            (env._("Permit Type"), permit.permit_type_id.name),
            (env._("Applicant"), self.applicant_name),
            (env._("Phone"), phone or permit.company_phone or self.partner_id.phone),
        ]
        if self.kind == "status_update":
            labels = dict(permit._fields["status"]._description_selection(env))
            facts.append((env._("Status"), labels.get((self.facts or {}).get("new"))))
        elif permit.expiry_date:
            days = env._("%(days)s days left", days=self.days_left)
            date = format_date(env, permit.expiry_date)
            facts.append((env._("Expires"), f"{date} ({days})"))
        if self.kind == EXPIRING:
            facts.append((env._("Apply for Renewal at"), self.renewal_link))
        return facts


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
