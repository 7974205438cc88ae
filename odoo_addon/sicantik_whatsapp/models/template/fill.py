"""The values that stand in a text, and how it then reads."""

from odoo import api, fields, models

from odoo.addons.sicantik_notice.tools.notice_words import date_words, moment_words

from ...tools.placeholders import LONGEST_BODY, cleaned, filled
from .template import TEST, names_of


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    preview = fields.Text(
        "How It Reads",
        compute="_compute_preview",
        help="With the newest notice of this kind that you may see; without one the "
        "names of the fields stand there.",
    )

    @api.depends("kind", "language", "body", "variables", "may_be_empty")
    @api.depends_context("uid")
    def _compute_preview(self):
        for text in self:
            notice = text._notice_to_show()
            if notice or text.kind == TEST:
                values = text._values_of(notice or text._example())
            else:
                values = [f"({name})" for name in text._names()]
            text.preview = filled(text.body, values)

    def _notice_to_show(self):
        """The newest one of the kind that the reader may see."""
        notices = self.env["sicantik.notice"]
        if self.kind == TEST:
            return notices
        kind = [("kind", "=", self.kind)]
        return notices.search(kind, order="id desc", limit=1)

    def _example(self):
        """A notice that was never stored, of the reader's office."""
        return self.env["sicantik.notice"].new({"company_id": self.env.company.id})

    def _values_of(self, notice):
        """What stands for the variables, as the provider takes it; an empty text where
        nothing is known."""
        known = notice._fields
        return [
            self._value_of(notice, name) if name in known else ""
            for name in self._names()
        ]

    def _value_of(self, notice, name):
        value, field = notice[name], notice._fields[name]
        if field.type == "integer":
            # Zero days are left on the last day; zero years are not known.
            nothing = not value and name in names_of(self.may_be_empty)
            return "" if nothing else str(value)
        if field.type == "date":
            return date_words(value, self.language)
        if field.type == "datetime":
            return moment_words(value, notice.config_id.tz, self.language)
        if field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value, "")
        return cleaned(value or "")

    def _lacks(self, values):
        """Whether a value is missing that must not be, or the whole is too long."""
        empty = {place for place, value in enumerate(values) if not value}
        whole = filled(self.body, values)
        return bool(empty - set(self._empty_places())) or len(whole) > LONGEST_BODY
