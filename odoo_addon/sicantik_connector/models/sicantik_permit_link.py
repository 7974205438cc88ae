"""A sync finds the contacts of permits whose details changed.

By NPWP, or by telephone number and equal name; what a person decided stays. The rules
are in docs/fields.md; how contacts are found, in tools/contacts.py.
"""

from collections import namedtuple

from odoo import models

from ..tools.contacts import ContactBook, name_key, npwp_key, phone_key
from ..tools.landing import land

# ``values``: what changes on the permit; may be empty when only the contact's WhatsApp
# number is to be filled.
Link = namedtuple("Link", ["permit", "values"])


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _link_contacts(self, config):
        """Find and link the contacts of these permits of ``config``, which are in the
        worker's environment.

        ``[(permit, message)]``: where it was refused, and why.
        """
        if config.partner_policy == "none":
            return []
        open_permits = self.filtered(lambda p: p.partner_source != "manual")
        book = open_permits._contact_book(config.company_id)
        found = {permit: permit._found_contact(book) for permit in open_permits}
        refused = []
        if config.partner_policy == "match_create":
            refused = self._make_contacts(config, found)
        links = [
            Link(permit, permit._contact_changes(found.get(permit, {})))
            for permit in self
        ]
        links = [link for link in links if link.values or link.permit._can_fill()]
        rejected = land(self.env, links, self._apply_links)
        return refused + [(link.permit, reason[1]) for link, reason in rejected]

    def _apply_links(self, links):
        for link in links:
            if link.values:
                link.permit.write(link.values)
        self.browse([link.permit.id for link in links])._fill_whatsapp()

    def _contact_book(self, company):
        npwps = {npwp_key(permit.company_npwp) for permit in self}
        phones = set().union(*[permit._phone_keys() for permit in self])
        partners = self.env["res.partner"]
        return ContactBook(partners, company, npwps - {False}, phones)

    def _phone_keys(self):
        """The applicant's numbers in E.164, as a set."""
        self.ensure_one()
        numbers = {phone_key(self.whatsapp_number), phone_key(self.applicant_phone)}
        return numbers - {False}

    def _found_contact(self, book):
        """Values of the contact's fields as the details are now."""
        npwp, phones = npwp_key(self.company_npwp), self._phone_keys()
        partner, source, proposed = book.find(npwp, phones, self.applicant_name)
        if not partner and self._contact_holds():
            partner, proposed = self.partner_id, book.nobody
        if partner and partner == self.partner_id:
            source = self.partner_source
        return {
            "partner_id": partner.id,
            "partner_source": source,
            "proposed_partner_id": proposed.id,
        }

    def _contact_holds(self):
        """Whether anything still says that the linked contact is the permit's: the NPWP
        where both have one, else the name or the phone. A permit that passed to another
        holder loses its contact."""
        partner = self.partner_id
        if not partner or partner.company_id - self.company_id:
            return False
        npwp = npwp_key(self.company_npwp)
        if npwp and partner.sicantik_npwp_key:
            return npwp == partner.sicantik_npwp_key
        names = {name_key(self.applicant_name), name_key(self.company_name)} - {False}
        same_phone = self._phone_keys() & partner._sicantik_phones()
        return name_key(partner.name) in names or bool(same_phone)

    def _contact_changes(self, found):
        """What of ``found`` differs from what is stored."""
        stored = {
            "partner_id": self.partner_id.id,
            "partner_source": self.partner_source,
            "proposed_partner_id": self.proposed_partner_id.id,
        }
        return {name: value for name, value in found.items() if value != stored[name]}

    def _can_fill(self):
        """Whether the linked contact lacks a WhatsApp number that the permit has."""
        partner = self.partner_id
        return bool(partner and self.whatsapp_number and not partner.whatsapp_number)
