"""The kinds that are about documents: a permit is ready, documents wait for a
signature, for an approval, or for too long. An addon that knows documents tells of them
by ``_tell`` and ``_tell_people``; what they say, and how, is here.
"""

from odoo import api, fields, models

from ...tools.notice_words import date_words
from .notice import APPLICANT, STAFF
from .renewed import UNTRUE

NOTHING = (None, None)
DASHBOARD = "sicantik_connector.sicantik_dashboard_action"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    # Where people who sign in go on; nobody sees by them what they may not.
    dashboard_link = fields.Char(compute="_compute_links")
    approval_link = fields.Char(compute="_compute_links")
    detail_link = fields.Char(compute="_compute_links")
    detail_text = fields.Char("Where to Read or Ask More", compute="_compute_links")

    @api.depends("res_model", "res_id", "permit_id", "recipient_type")
    def _compute_links(self):
        """Of the record that the notice is about, else of the permit; an applicant, who
        does not sign in, reads more where an addon publishes permits."""
        for notice in self:
            base = notice.get_base_url()
            about = f"{base}/mail/view?model={notice.res_model}&res_id={notice.res_id}"
            own = notice.recipient_type != APPLICANT
            notice.dashboard_link = own and f"{base}/odoo/action-{DASHBOARD}"
            notice.approval_link = own and about
            notice.detail_link = about if own else notice.download_link
            notice.detail_text = notice.detail_link or notice.contact_text

    def _overtaken_permit_ready(self):
        return UNTRUE if self.permit_id.status == "cancelled" else NOTHING

    def _holders_permit_ready(self):
        return {self._written_to(self.permit_id.partner_id)}

    def _summary_permit_ready(self):
        if self.recipient_type != APPLICANT:
            return self._summary_default()
        return self.env._("Tell the applicant that the permit is ready")

    def _facts_permit_ready(self):
        issued = date_words(self.permit_id.issue_date, self._words_of_reader())
        return [
            *self._facts_default(),
            (self.env._("Issued"), issued),
            (self.env._("Download"), self.download_link),
        ]

    def _words_of_reader(self):
        """The language of notices for who reads an activity."""
        return "id" if (self.env.lang or "").startswith("id") else "en"

    def _summary_document_pending(self):
        if self.recipient_type != STAFF:
            return self._summary_default()
        return self.env._("Documents to be signed: %s", self.permit_count)

    def _item_document_pending(self, permit):
        number = permit.registration_number
        return permit.permit_type_id.name, permit.applicant_name, number

    def _summary_approval_required(self):
        if self.recipient_type != STAFF:
            return self._summary_default()
        return self.env._("Approve: %s", self.permit_number or self.record_name)

    def _summary_reminder(self):
        if self.recipient_type != STAFF:
            return self._summary_default()
        return self.env._("Documents not processed yet: %s", self.permit_count)

    def _item_reminder(self, permit):
        """Since when it waits: of ``facts["since"]``, ``{identity of the permit: moment
        in UTC}``."""
        said = ((self.facts or {}).get("since") or {}).get(permit.identity)
        since = fields.Datetime.to_datetime(said)
        if since:
            zone = self.config_id.with_context(tz=self.config_id.tz)
            since = fields.Date.context_today(zone, since)
        words = date_words(since, self.language)
        return permit.permit_type_id.name, permit.applicant_name, words

    def _text_status_update(self):
        """People of the office are no applicants, and are not greeted as such."""
        if self.recipient_type == APPLICANT:
            return self._text_default()
        name = "mail_template_status_update_staff"
        return f"sicantik_notice.{name}_{self.language}"
