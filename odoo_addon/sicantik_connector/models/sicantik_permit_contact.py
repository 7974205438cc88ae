"""The contact of a permit, and what people do with it: accept, choose, remove."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.contacts import phone_key


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
    # "manual" without a contact: a person removed it, and no sync sets it again.
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
