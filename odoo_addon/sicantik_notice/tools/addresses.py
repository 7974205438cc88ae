"""The e-mail addresses in a field in which people may have written several."""

import re

from odoo.tools import email_normalize

BETWEEN = re.compile(r"[\s;,/|<>()\[\]\"]+")


def addresses_in(text):
    """Each address once, normalised, in its order; what is none is left out.

    ``"a@x.id; Budi <b@x.id>"`` has two, ``"none"`` has none.
    """
    text = text or ""
    single = text.count("@") == 1 and email_normalize(text)
    if single:
        return [single]
    parts = (part.removeprefix("mailto:").strip(".:'") for part in BETWEEN.split(text))
    found = (email_normalize(part) for part in parts if "@" in part)
    return list(dict.fromkeys(address for address in found if address))
