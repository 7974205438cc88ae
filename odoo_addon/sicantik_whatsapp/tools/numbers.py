"""Which numbers WhatsApp may have. No Odoo in here."""

from odoo.addons.sicantik_connector.tools.phone_number import read_phone

# Landlines have WhatsApp only where a business registered them.
STATES = ("mobile", "foreign")


def writable(text):
    """The one number of ``text`` in E.164 when WhatsApp may have it, else ``False``."""
    number = read_phone(text)
    return number.key if number.state in STATES else False
