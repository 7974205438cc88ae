"""The e-mail addresses in a field in which people may have written several."""

import re

from odoo.tools import email_normalize

BETWEEN = re.compile(r"[\s;,/|<>()\[\]\"]+")


def addresses_in(text):
    """Each address once, normalised, in its order; what is none is left out.

    ``"a@x.id; Budi <b@x.id>"`` has two, ``"none"`` has none.
    """
    single = _address(text or "")
    if single:
        return [single]
    found = map(_address, BETWEEN.split(text or ""))
    return list(dict.fromkeys(address for address in found if address))


def _address(text):
    """The one address in ``text``, else nothing."""
    text = text.strip().removeprefix("mailto:").strip(".:'")
    known = text.count("@") == 1 and email_normalize(text)
    return known and not known.startswith("@") and known
