"""How names, telephone numbers and tax numbers (NPWP) are compared, and the contacts
that a batch of permits may mean, looked up at once. No Odoo in here.

Two records are the same only when their keys are equal: no part of a name, no similar
number.
"""

from collections import defaultdict

from .npwp import npwp_key
from .phone_number import phone_key
from .text import fold, is_blank_mark

__all__ = ["ContactBook", "name_key", "npwp_key", "phone_key"]


def name_key(name):
    """The name as the worker compares it. ``False`` for none, and for marks of none
    such as ``-`` or ``0``."""
    key = fold(name)
    return False if is_blank_mark(key) else key


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
