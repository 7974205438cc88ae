"""The values that stand in a text, and beside it."""

from odoo import models

from odoo.addons.sicantik_notice.tools.notice_words import date_words, moment_words

from ...tools.placeholders import LONGEST_BODY, cleaned, filled
from .template import BESIDE, names_of

# What the providers fetch, and nothing else.
FETCHED = "https://"
# Characters of an address and of what ends one; no provider takes longer ones.
LONGEST_ADDRESS = 2000


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

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

    def _beside_of(self, notice):
        """``{"button": text or False, "header": {"link", "name"} or False}``: what ends
        the address of the button, and the document above the text. A value that is
        missing is an empty text; what the text has not is False."""
        button, link, name = (
            self[beside] and self._address_of(notice, self[beside]) for beside in BESIDE
        )
        return {
            "button": button,
            "header": self.header_link_variable
            and {"link": link.startswith(FETCHED) and link or "", "name": name},
        }

    def _address_of(self, notice, name):
        """A value as it is: an address that is cut, or has a blank in it, is none."""
        value = str(notice[name] or "").strip() if name in notice._fields else ""
        if name == self.header_name_variable:
            return cleaned(value)
        good = len(value) <= LONGEST_ADDRESS and value.isprintable()
        return value if good and " " not in value else ""

    def _lacking(self, values, beside):
        """The names of the notice's fields whose value is missing and must not be, of
        what ``_values_of`` and ``_beside_of`` found."""
        may_be = names_of(self.may_be_empty)
        header = beside["header"] or {}
        of_header = (header.get("link"), header.get("name"))
        return [
            *(
                name
                for name, value in zip(self._names(), values, strict=True)
                if not value and name not in may_be
            ),
            *(
                self[name]
                for name, value in zip(
                    BESIDE, (beside["button"], *of_header), strict=True
                )
                if value == ""
            ),
        ]

    def _is_too_long(self, values):
        return len(filled(self.body, values)) > LONGEST_BODY

    def _lacks(self, values, beside):
        """Whether a value is missing that must not be, or the whole is too long."""
        return bool(self._lacking(values, beside)) or self._is_too_long(values)
