"""With the policy *match or create*: new contacts from permits."""

from odoo import api, models

from ..tools.contacts import name_key, npwp_key, phone_key
from ..tools.landing import land


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

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
        phone = self.applicant_phone
        return phone if phone_key(phone) else self.whatsapp_number

    def _contact_values(self):
        kind = self._contact_identity()[0]
        values = {"company_id": self.company_id.id, "is_company": kind == "company"}
        if kind == "company":
            phone = self.company_phone
            values.update(
                name=self.company_name,
                vat=self.company_npwp,
                phone=phone if phone_key(phone) else False,
                street=self.company_address,
            )
        else:
            values.update(
                name=self.applicant_name,
                phone=self._contact_phone(),
                street=self.applicant_address,
            )
        return values
