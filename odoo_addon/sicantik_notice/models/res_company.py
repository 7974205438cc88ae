"""The office as applicants know it: name, link, the language of its notices."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from odoo.addons.sicantik_connector.tools.urls import problem_of_link

NOTICE_LANGUAGES = [
    ("id", "Indonesian"),
    ("en", "English"),
    ("contact", "Language of the Contact"),
]
OFFICE_FIELDS = (
    "sicantik_office_name",
    "sicantik_contact",
    "sicantik_notice_language",
    "sicantik_renewal_url",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    sicantik_office_name = fields.Char(
        "Office Name", help="Stands under each notice. Empty: the company's name."
    )
    sicantik_contact = fields.Char(
        "Contact of the Office",
        help="Whom applicants may ask, for example a telephone number and opening "
        "hours. Empty: the company's phone and e-mail address.",
    )
    sicantik_renewal_url = fields.Char(
        "Renewal Link",
        help="Where applicants apply for a renewal. Stands in notices of permits that "
        "expire; empty: they are asked to come to the office.",
    )
    sicantik_notice_language = fields.Selection(
        NOTICE_LANGUAGES, "Language of Notices", default="id", required=True
    )
    sicantik_sender = fields.Char(
        "Sender's Address",
        compute="_compute_sicantik_sender",
        help="The company's e-mail address. Without one notices cannot go by e-mail.",
    )

    @api.depends("email")
    def _compute_sicantik_sender(self):
        for company in self:
            own = email_normalize(company.email or "")
            company.sicantik_sender = own or company.catchall_email or False

    def _sicantik_contact(self):
        """Whom applicants may ask; empty when the company says nothing."""
        own = (self.phone, self.email)
        return self.sicantik_contact or ", ".join(filter(None, own)) or False

    @api.constrains("sicantik_renewal_url")
    def _check_sicantik_renewal_url(self):
        for company in self:
            link = company.sicantik_renewal_url
            if link and problem_of_link(link):
                field = self._fields["sicantik_renewal_url"]
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot be “%(value)s”. Give a whole web "
                        "address, as in https://perizinan.example.go.id/baru, "
                        "without user name and password.",
                        field=field._description_string(self.env),
                        value=link,
                    )
                )
