"""The text that tells of several permits, and items that are never cut in two."""

from odoo import api, models

from odoo.addons.sicantik_notice.models.notice import EXPIRING

from ...tools.placeholders import LONGEST_VALUE, cleaned

MANY = "permit_expiring_many"
# Values that are several items, of which a value holds as many as fit.
ITEMS = ("permit_items", "together_items")


class SicantikWhatsappTemplate(models.Model):
    _inherit = "sicantik.whatsapp.template"

    @api.model
    def _kinds(self):
        """The one of several reminders has no kind of notice of its own."""
        *kinds, test = super()._kinds()
        return [*kinds, (MANY, self.env._("Several Permits Expire")), test]

    def _notice_to_show(self):
        if self.kind != MANY:
            return super()._notice_to_show()
        reminders = [("kind", "=", EXPIRING), ("recipient_type", "=", "applicant")]
        return self.env["sicantik.notice"].search(reminders, order="id desc", limit=1)

    def _value_of(self, notice, name):
        if name not in ITEMS:
            return super()._value_of(notice, name)
        return whole_items(notice[name] or "")


def whole_items(text):
    """As many of the items of ``text`` as a value may hold, none of them cut in two."""
    first, *others = text.split("; ")
    value = cleaned(first)
    for item in others:
        longer = f"{value}; {cleaned(item)}"
        if len(longer) > LONGEST_VALUE:
            break
        value = longer
    return value
