"""Two permits side by side, for who decides whether one renews the other: what differs,
what speaks for it, whether it is somebody else's.
"""

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.renewals import agree, plain

# Fields that are the same only for permits of one applicant.
OF_APPLICANT = ("partner_id", "company_npwp_key", "applicant_key", "whatsapp_number")
# What of both is shown, the district with village and address as the place; and what of
# it is usually alike.
SHOWN = (
    "permit_number",
    "permit_type_id",
    "applicant_name",
    "company_name",
    "company_npwp",
    "partner_id",
    "district",
    "issue_date",
    "expiry_date",
)
ALIKE = ("applicant_name", "company_name", "company_npwp", "partner_id", "district")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    renewal_sides = fields.Json(
        "This Permit and Its Likely Renewal", compute="_compute_renewal_sides"
    )

    @api.depends("proposed_renewal_id")
    @api.depends_context("lang")
    def _compute_renewal_sides(self):
        for permit in self:
            newer = permit.proposed_renewal_id
            permit.renewal_sides = permit._sides_with(newer) if newer else False

    def _same_applicant_terms(self):
        """Domain of the permits that have an applicant's contact, NPWP, name or number
        in common with this one; nothing when none of them is known."""
        terms = [
            (name, "=", self[name].id if name == "partner_id" else self[name])
            for name in OF_APPLICANT
            if self[name]
        ]
        return ["|"] * (len(terms) - 1) + terms

    def _place(self):
        return plain(self.district), plain(self.village)

    def _is_of_stranger(self, newer):
        """Whether nothing says that ``newer`` is of this permit's applicant, or their
        names say that it is not. A name alone says it at the same place only."""
        mine, theirs = plain(self.applicant_name), plain(newer.applicant_name)
        if mine and theirs and mine != theirs:
            return True
        if self._shared_with(newer) - {"applicant_key"}:
            return False
        alone = (*self._place(), self.company_npwp_key)
        other = (*newer._place(), newer.company_npwp_key)
        return not (mine and mine == theirs and agree(alone, other))

    def _shared_with(self, newer):
        """The names of the applicant's fields that both have, with the same value."""
        return {
            name for name in OF_APPLICANT if self[name] and self[name] == newer[name]
        }

    def _is_of_other_type(self, newer):
        """Whether the type of ``newer`` does not count as this permit's type."""
        mine, theirs = self.permit_type_id, newer.permit_type_id
        return bool(mine and theirs and theirs not in mine._types_that_renew())

    def _sides_with(self, newer):
        """This permit beside ``newer``, in the reader's language: ``{"rows": [{"label",
        "older", "newer", "differs"}], "reasons": [sentence]}``. Numbers and dates
        always differ, so that is not said of them."""
        labels = self.fields_get(SHOWN, ["string"])
        rows = []
        for name in SHOWN:
            mine, theirs = self._in_words(name), newer._in_words(name)
            if name == "permit_type_id":
                differs = self._is_of_other_type(newer)
            else:
                differs = (
                    name in ALIKE and mine and theirs and plain(mine) != plain(theirs)
                )
            place = name == "district" and self.env._("Place")
            rows.append(
                {
                    "label": place or labels[name]["string"],
                    "older": mine,
                    "newer": theirs,
                    "differs": bool(differs),
                }
            )
        rows = [row for row in rows if row["older"] or row["newer"]]
        return {"rows": rows, "reasons": self._reasons_for(newer)}

    def _in_words(self, name):
        if name == "district":
            address = self.company_address or self.applicant_address
            return ", ".join(filter(None, (address, self.village, self.district)))
        value = self[name]
        if name.endswith("_date"):
            return format_date(self.env, value)
        return (value.display_name if name.endswith("_id") else value) or ""

    def _reasons_for(self, newer):
        """Phrases that say what speaks for ``newer`` as the renewal."""
        env, same = self.env, self._shared_with(newer)
        here, there = self._place(), newer._place()
        name = plain(self.applicant_name)
        keys = ("company_npwp_key", "partner_id", "whatsapp_number")
        npwp, contact, phone = (key in same for key in keys)
        said = (
            (name and name == plain(newer.applicant_name), env._("the same applicant")),
            (npwp, env._("the same NPWP")),
            (contact, env._("the same contact")),
            (phone, env._("the same phone number")),
            (self._has_type_of(newer), env._("the same type")),
            (self._has_kind_of(newer), env._("a type that counts as the same")),
            (any(here) and here == there, env._("the same place")),
            (
                here != there and agree(here, there),
                env._("the place of one is not known completely"),
            ),
        )
        reasons = [phrase for holds, phrase in said if holds]
        begin = newer._beginning()
        if begin and self.expiry_date:
            days = (self.expiry_date - begin).days
            if days < 0:
                reasons.append(env._("it began %s days after the end", -days))
            else:
                reasons.append(env._("it began %s days before the end", days))
        return reasons

    def _has_type_of(self, newer):
        return bool(self.permit_type_id and self.permit_type_id == newer.permit_type_id)

    def _has_kind_of(self, newer):
        mine, theirs = self.permit_type_id, newer.permit_type_id
        return bool(
            mine and theirs and mine != theirs and not self._is_of_other_type(newer)
        )
