"""The channel e-mail: a mail template of the kind and language, in Odoo's own queue."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

LAYOUT = "sicantik_connector.notice_mail_layout"


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

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
        name = f"sicantik_connector.mail_template_{self.kind}_{self.language}"
        return self.env.ref(name, raise_if_not_found=False)
