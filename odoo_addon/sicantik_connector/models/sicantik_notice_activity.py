"""The channel activity: a person of the office tells the applicant."""

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from .sicantik_notice_due import EXPIRING

TELL = "sicantik_connector.mail_activity_tell_applicant"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )

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
