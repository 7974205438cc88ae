"""What may stand in a text: fields for mail templates, in the notice's language.

An office that edits a text writes ``object.`` and one of these names. What is not known
or not set is empty, so that a text can leave the sentence out.
"""

from odoo import api, fields, models
from odoo.tools import formataddr

from ...tools.notice_words import (
    ENDINGS,
    date_words,
    language_of,
    moment_words,
    status_words,
    whole_years,
)
from .notice import APPLICANT

# The language in which Indonesian offices use Odoo.
EDITED_IN = "id_ID"
ODOO_LANGUAGES = {"id": EDITED_IN, "en": "en_US"}
# Permits that a summary names; of the others it says how many there are.
NAMED = 5


def in_one_line(items):
    """Items, each a row of words, as in "Izin Praktik Dokter / BUDI; …": the value of
    a text by WhatsApp may not hold a line break."""
    return "; ".join(" / ".join(filter(None, item)) for item in items)


def number_of(permit):
    """How people name a permit: by its number, an application by its own."""
    return permit.permit_number or permit.registration_number


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    language = fields.Selection(
        [("id", "Indonesian"), ("en", "English")], compute="_compute_language"
    )
    # For the field Language of mail templates: a text has one language, and whoever
    # edits it does so in the language of their own Odoo, where it is then found.
    text_lang = fields.Char("Language of Editing", compute="_compute_text_lang")
    office_name = fields.Char(compute="_compute_office_texts")
    contact_text = fields.Text("Contact of the Office", compute="_compute_office_texts")
    renewal_link = fields.Char(compute="_compute_office_texts")
    sender = fields.Char(compute="_compute_office_texts")

    recipient_name = fields.Char(
        "Name of the Recipient", related="partner_id.name", related_sudo=False
    )
    applicant_name = fields.Char("Applicant", compute="_compute_permit_texts")
    permit_type_name = fields.Char("Permit Type", compute="_compute_permit_texts")
    permit_number = fields.Char(compute="_compute_permit_texts")
    registration_number = fields.Char(
        related="permit_id.registration_number", related_sudo=False
    )
    issue_words = fields.Char("Issue Date in Words", compute="_compute_permit_texts")
    expiry_words = fields.Char("Expiry Date in Words", compute="_compute_permit_texts")
    days_left = fields.Integer(compute="_compute_permit_texts")
    years = fields.Integer("Whole Years", compute="_compute_permit_texts")
    # Of a summary: how many, and the first ones with type, applicant and number.
    permit_count = fields.Integer("Number of Permits", compute="_compute_summary_texts")
    permit_items = fields.Char("Permits in Words", compute="_compute_summary_texts")
    # For an addon that publishes permits.
    download_link = fields.Char(compute="_compute_download_link")

    old_status_words = fields.Char(
        "Old Status in Words", compute="_compute_event_texts"
    )
    new_status_words = fields.Char(
        "New Status in Words", compute="_compute_event_texts"
    )
    moment_words = fields.Char("Time in Words", compute="_compute_event_texts")

    @api.depends("company_id", "partner_id")
    def _compute_language(self):
        for notice in self:
            chosen = notice.company_id.sicantik_notice_language
            if chosen == "contact":
                chosen = language_of(notice.partner_id.lang)
            notice.language = chosen or "id"

    def _compute_text_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        self.text_lang = EDITED_IN if EDITED_IN in installed else "en_US"

    @api.depends("company_id")
    def _compute_office_texts(self):
        for notice in self:
            company = notice.company_id
            name = company.sicantik_office_name or company.name
            notice.office_name = name
            notice.contact_text = company._sicantik_contact()
            notice.renewal_link = company.sicantik_renewal_url
            address = company.sicantik_sender
            notice.sender = formataddr((name, address)) if address else False

    @api.depends("permit_id", "partner_id", "recipient_type", "language")
    def _compute_permit_texts(self):
        for notice in self:
            permit = notice.permit_id
            words, language = date_words, notice.language
            told = notice.recipient_type == APPLICANT and notice.partner_id
            applicant = permit.applicant_name or (told or permit.partner_id).name
            notice.applicant_name = applicant
            notice.permit_type_name = permit.permit_type_id.name
            notice.permit_number = number_of(permit)
            notice.issue_words = words(permit.issue_date, language)
            notice.expiry_words = words(permit.expiry_date, language)
            notice.days_left = permit.days_left
            notice.years = whole_years(permit.issue_date, permit.expiry_date)

    @api.depends("permit_id", "permit_ids", "kind", "facts", "language")
    def _compute_summary_texts(self):
        for notice in self:
            permits = notice._permits()
            items = [notice._by_kind("_item", permit) for permit in permits[:NAMED]]
            notice.permit_count = len(permits)
            notice.permit_items = in_one_line(items)

    def _item_default(self, permit):
        """The words by which a summary names ``permit``; what is empty is left out."""
        return permit.permit_type_id.name, permit.applicant_name, number_of(permit)

    def _compute_download_link(self):
        self.download_link = False

    @api.depends("facts", "language")
    def _compute_event_texts(self):
        for notice in self:
            facts, language = notice.facts or {}, notice.language
            old = facts.get("old"), facts.get("old_ending")
            new = facts.get("new"), notice._ending_told()
            notice.old_status_words = notice._status_in_words(*old)
            notice.new_status_words = notice._status_in_words(*new)
            moment = fields.Datetime.to_datetime(facts.get("at"))
            zone = notice.config_id.tz
            notice.moment_words = moment_words(moment, zone, language)

    def _status_in_words(self, status, ending):
        """A permit's status for the applicant; a kind of ending that an addon adds is
        said by its label, in the notice's language where Odoo has that."""
        words = status_words(status, self.language, ending)
        if status != "cancelled" or not ending or ending in ENDINGS[self.language]:
            return words
        lang = ODOO_LANGUAGES[self.language]
        has_it = lang in dict(self.env["res.lang"].get_installed())
        env = self.with_context(lang=lang).env if has_it else self.env
        kinds = env["sicantik.permit"]._fields["ending"]._description_selection(env)
        return dict(kinds).get(ending, words).lower()
