"""How names, telephone numbers and tax numbers (NPWP) are compared, and the contacts
that a batch of permits may mean, looked up at once. No Odoo in here.

Two records are the same only when their keys are equal: no part of a name, no similar
number.
"""

import re
from collections import defaultdict

# What Unicode calls white space; Python's own idea of it has four control characters
# more than the worker's (src/domain/text.rs).
BLANKS = re.compile(
    r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"
)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# What people write between the digits of one number. "/", "," and ";" stand between
# two numbers, which are none for comparing.
PHONE_MARKS = re.compile(r"[\s().\-\u2010-\u2015]")
# Nobody has such a number; it is typed where one is demanded.
PLACEHOLDER_PHONE = re.compile(r"([0-9])\1{6}")

NPWP_MARKS = re.compile(r"[\s.\-/]")
NPWP = re.compile(r"(?:ID)?([0-9]{15,16})", re.IGNORECASE)
COUNTING = "1234567890" * 3


def name_key(name):
    """The name as the worker compares it: upper case, blanks collapsed, control
    characters gone. ``False`` for none, and for marks of none such as ``-`` or ``0``.
    """
    words = (CONTROLS.sub("", word) for word in BLANKS.split(name or ""))
    key = " ".join(word for word in words if word).upper()
    return key if any(char.isalnum() and char != "0" for char in key) else False


def phone_key(number):
    """The number in E.164 (``+62…``), ``False`` when it is none.

    A number without a country code is taken as Indonesian.
    """
    digits = PHONE_MARKS.sub("", number or "")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+62{digits[1:]}"
    elif digits.startswith("62"):
        digits = f"+{digits}"
    elif digits.startswith("8"):
        digits = f"+62{digits}"
    digits = digits.replace("+620", "+62", 1)  # +62 (0)812…
    if not E164.fullmatch(digits) or PLACEHOLDER_PHONE.search(digits):
        return False
    return digits


def npwp_key(number):
    """The 16 digits of an NPWP, ``False`` when it is none.

    The old form has 15 digits; the new one of the same company begins with a zero.
    Placeholders are none, because many companies share them: zeros, ``00.000.000.0-``
    with the number of a tax office, one digit repeated, digits counted up.
    """
    match = NPWP.fullmatch(NPWP_MARKS.sub("", number or ""))
    if not match:
        return False
    digits = match[1]
    if digits in COUNTING or len(set(digits)) == 1:
        return False
    key = digits.zfill(16)
    return False if key.startswith("0" * 10) else key


FIELDS = (
    "name",
    "commercial_partner_id",
    "sicantik_npwp_key",
    "sicantik_phone_key",
    "sicantik_mobile_key",
    "whatsapp_number",
)


class ContactBook:
    """Contacts by NPWP and by telephone number. Never by name alone: two people of one
    name are two people."""

    def __init__(self, partners, company, npwps, phones):
        """One query, whatever the number of keys. ``partners`` is the model, in an
        environment that may read all contacts."""
        self.nobody = partners.browse()
        self._by_npwp = defaultdict(partners.browse)
        self._by_phone = defaultdict(partners.browse)
        if not npwps and not phones:
            return
        domain = [
            ("active", "=", True),
            ("company_id", "in", [False, company.id]),
            *("|", "|", "|"),
            ("sicantik_npwp_key", "in", list(npwps)),
            ("sicantik_phone_key", "in", list(phones)),
            ("sicantik_mobile_key", "in", list(phones)),
            ("whatsapp_number", "in", list(phones)),
        ]
        for partner in partners.search_fetch(domain, FIELDS, order="id"):
            if partner.sicantik_npwp_key:
                self._by_npwp[partner.sicantik_npwp_key] |= partner
            for phone in partner._sicantik_phones():
                self._by_phone[phone] |= partner

    def find(self, npwp, phones, name):
        """``(contact, how, proposed)``: how is ``npwp`` or ``phone_name``. What is not
        certain is only proposed."""
        found = self._by_npwp.get(npwp) if npwp else None
        if found:
            contact, how, proposed = self._only(found), "npwp", found[:1]
        else:
            reached = self.nobody.union(
                *[self._by_phone[phone] for phone in phones if phone in self._by_phone]
            )
            key = name_key(name)
            named = reached.filtered(lambda p: key and name_key(p.name) == key)
            contact, how = self._only(named), "phone_name"
            proposed = (named or reached)[:1]
        if contact:
            return contact, how, self.nobody
        return self.nobody, False, proposed

    def _only(self, partners):
        """The one that is meant, nobody when there are several: a company rather than
        its addresses and employees, which carry its NPWP, too."""
        entities = partners.filtered(lambda p: p.commercial_partner_id == p) or partners
        return entities if len(entities) == 1 else self.nobody
