"""The contact of a permit: found by a sync, made where there is none, and what people
do with it: accept, choose, remove, have found.

A sync looks at permits whose details changed, by NPWP, or by telephone number and equal
name; what a person decided stays. With the policy *match or create* it makes new ones.
The rules are in docs/fields.md; how contacts are found, in tools/contacts.py.
"""

from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.actions import notification
from ...tools.contacts import ContactBook, name_key, npwp_key, phone_key
from ...tools.landing import land
from ...tools.phone_number import shown_phone

# ``values``: what changes on the permit; may be empty when only the contact's WhatsApp
# number is to be filled.
Link = namedtuple("Link", ["permit", "values"])

# Permits in one look-up.
BATCH = 500


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', 'in', [False, company_id])]",
        help="The applicant, or the company, among Odoo's contacts.",
    )
    # "manual" without a contact: a person removed it, and no sync sets it again. Where
    # somebody deleted the contact, the source is empty, too.
    partner_source = fields.Selection(
        [
            ("npwp", "Same NPWP"),
            ("phone_name", "Same Phone and Name"),
            ("created", "Made From the Permit"),
            ("manual", "Chosen by a Person"),
        ],
        "Contact Found by",
    )
    proposed_partner_id = fields.Many2one(
        "res.partner",
        "Proposed Contact",
        index="btree_not_null",
        help="Has the same phone number under another name, or is one of several with "
        "the same NPWP. A person decides.",
    )

    def write(self, vals):
        """A contact chosen by a person follows its rules; the rest as always."""
        if self.env.su or "partner_id" not in vals:
            return super().write(vals)
        self._check_people_fields(vals)
        rest = dict(vals)
        partner = self.env["res.partner"].browse(rest.pop("partner_id") or ())
        self._set_contact_by_hand(partner)
        return super().write(rest) if rest else True

    def _set_contact_by_hand(self, partner):
        """Link ``partner``, or nobody; a sync leaves it so."""
        self.check_access("write")
        partner.check_access("read")
        if partner.company_id and self.company_id - partner.company_id:
            raise UserError(
                self.env._(
                    "%(contact)s belongs to %(company)s, the permit does not. Choose a "
                    "contact of the permit's own company, or one without a company.",
                    contact=partner.display_name,
                    company=partner.company_id.name,
                )
            )
        # sudo: source and proposal follow from the choice; access was checked above
        permits = self.sudo()
        permits.write(
            {
                "partner_id": partner.id,
                "partner_source": "manual",
                "proposed_partner_id": False,
            }
        )
        permits._fill_whatsapp()

    def _fill_whatsapp(self):
        """The contacts' empty WhatsApp numbers, from the permits; one that is there
        stays."""
        for permit in self:
            partner, number = permit.partner_id, phone_key(permit.whatsapp_number)
            if partner and number and not partner.whatsapp_number:
                partner.whatsapp_number = number

    def action_accept_contact(self):
        """Link the proposed contact; operators only."""
        self.check_access("write")
        for permit in self:
            if not permit.proposed_partner_id:
                raise UserError(
                    self.env._("No contact is proposed for %s.", permit.display_name)
                )
            permit._set_contact_by_hand(permit.proposed_partner_id)
        return True

    def action_remove_contact(self):
        """Remove the contact or the proposal for good; operators only."""
        self._set_contact_by_hand(self.env["res.partner"])
        return True

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

    @api.model
    def _make_contacts(self, config, found):
        """Make a contact where none was found or proposed, one for all permits that
        mean the same, and add it to ``found`` (``{permit: values}``).

        ``[(permit, message)]``: where it was refused, and why.
        """
        wanted = {}
        for permit, values in found.items():
            if values["partner_id"] or values["proposed_partner_id"]:
                continue
            key = permit._contact_identity()
            if key:
                wanted.setdefault(key, []).append(permit)
        if not wanted:
            return []
        # Two batches side by side must not both make the same contact.
        config._announce()
        made = {}

        def make(items):
            vals = [permits[0]._contact_values() for _key, permits in items]
            partners = self.env["res.partner"].create(vals)
            made.update(zip([key for key, _permits in items], partners, strict=True))

        rejected = land(self.env, list(wanted.items()), make)
        refused = {key: reason[1] for (key, _permits), reason in rejected}
        for key, permits in wanted.items():
            if key not in refused:
                for permit in permits:
                    values = {"partner_id": made[key].id, "partner_source": "created"}
                    found[permit].update(values)
        return [
            (permit, message)
            for key, message in refused.items()
            for permit in wanted[key]
        ]

    def _contact_identity(self):
        """What makes two permits mean one contact: the company's NPWP, or phone and
        name of a person. ``None`` when there is too little to know anybody by."""
        npwp = npwp_key(self.company_npwp)
        if npwp and name_key(self.company_name):
            return "company", npwp
        name, phone = name_key(self.applicant_name), self._contact_phone()
        return ("person", name, phone_key(phone)) if name and phone else None

    def _contact_phone(self):
        """The applicant's number as a person would read it, ``False`` without one."""
        return shown_phone(self.applicant_phone) or self.whatsapp_number

    def _contact_values(self):
        kind = self._contact_identity()[0]
        values = {"company_id": self.company_id.id, "is_company": kind == "company"}
        if kind == "company":
            values.update(
                name=self.company_name,
                vat=self.company_npwp,
                phone=shown_phone(self.company_phone),
                street=self.company_address,
            )
        else:
            values.update(
                name=self.applicant_name,
                phone=self._contact_phone(),
                street=self.applicant_address,
            )
        return values

    def action_find_contacts(self):
        """Find the contacts of these permits by the rules of a sync; operators only."""
        self.check_access("write")
        # sudo: contacts and sources are a sync's to write; access was checked above
        configs = self.env["sicantik.config"]._worker_env()
        permits = configs.env[self._name].browse(self.ids)
        if all(c.partner_policy == "none" for c in permits.config_id):
            raise UserError(
                self.env._(
                    "Contacts are switched off. A manager can switch them on in the "
                    "configuration, under Contacts."
                )
            )
        before = permits._contact_counts()
        refused = []
        for config in permits.config_id:
            own = permits.filtered(lambda p, config=config: p.config_id == config)
            for start in range(0, len(own), BATCH):
                refused += own[start : start + BATCH]._link_contacts(config)
        linked, proposed = permits._contact_counts()
        return self._notification_of_contacts(
            linked - before[0], proposed - before[1], refused
        )

    def _contact_counts(self):
        """``(linked, proposed)``"""
        linked = self.filtered("partner_id")
        return len(linked), len(self.filtered("proposed_partner_id"))

    def _notification_of_contacts(self, linked, proposed, refused):
        message = self.env._(
            "%(linked)s linked, %(proposed)s proposed.",
            linked=max(linked, 0),
            proposed=max(proposed, 0),
        )
        if refused:
            more = self.env._(
                "%(count)s refused; the first: %(reason)s",
                count=len(refused),
                reason=refused[0][1],
            )
            message = f"{message} {more}"
        return notification(
            self.env._("Contacts"),
            message,
            {"type": "ir.actions.client", "tag": "soft_reload"},
            warns=bool(refused),
            sticky=bool(refused),
        )
