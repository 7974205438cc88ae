"""How a text reads with a real permit, and why it would not go out like that."""

from odoo import api, fields, models

from ...tools.placeholders import LONGEST_BODY, filled
from .template import TEST


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    # Nowhere stored: chosen on the page, to look at.
    shown_permit_id = fields.Many2one(
        "sicantik.permit",
        "Show with Permit",
        store=False,
        help="The text is shown with this permit's values. Nothing is sent, and the "
        "choice is not kept.",
    )
    preview = fields.Text(
        "How It Reads",
        compute="_compute_preview",
        help="With the permit that was chosen, else with the newest notice of this "
        "kind that you may see; without one the names of the fields stand there.",
    )
    preview_problem = fields.Char("Why Not", compute="_compute_preview")

    @api.depends(
        "kind",
        "language",
        "body",
        "variables",
        "may_be_empty",
        "button_variable",
        "header_link_variable",
        "header_name_variable",
        "shown_permit_id",
    )
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for text in self:
            notice = text._notice_to_show()
            if not notice:
                names = [f"({name})" for name in text._names()]
                text.preview = filled(text.body, names)
                text.preview_problem = False
                continue
            values, beside = text._values_of(notice), text._beside_of(notice)
            text.preview = text._reads(values, beside)
            text.preview_problem = text._problem_with(values, beside)

    def _notice_to_show(self):
        """A notice of the kind that the reader may see: of the chosen permit the newest
        one, or one that is never stored; else the newest of all. Empty without one."""
        notices = self.env["sicantik.notice"]
        if self.kind == TEST:
            return notices.new({"company_id": self.env.company.id})
        permit = self.shown_permit_id._origin
        about = [("permit_id", "=", permit.id)] if permit else []
        kind = [("kind", "=", self.kind)]
        found = notices.search([*kind, *about], order="id desc", limit=1)
        if found or not permit:
            return found
        return notices.new(
            {
                **notices._values_of_new(permit, self.kind, "", permit.partner_id),
                "expiry_date": permit.expiry_date,
                # As if it got its status now.
                "facts": notices._dated(
                    {"new": permit.status, "ending": permit.ending}
                ),
            }
        )

    def _reads(self, values, beside):
        """The words with the values in them, the document above and the end of the
        button's address below."""
        document = beside["header"] and f"[{beside['header']['name']}]"
        button = beside["button"] and f"[… {beside['button']}]"
        lines = [document, filled(self.body, values), button]
        return "\n".join(line for line in lines if line)

    def _problem_with(self, values, beside):
        """Why the text would not go out with these values; False when it would."""
        lacking = self._lacking(values, beside)
        if lacking:
            return self.env._(
                "It does not go by WhatsApp like this, because these may not be "
                "empty: %s.",
                ", ".join(lacking),
            )
        if self._is_too_long(values):
            return self.env._(
                "It does not go by WhatsApp like this: with its values it has more "
                "than %s characters.",
                LONGEST_BODY,
            )
        return False
