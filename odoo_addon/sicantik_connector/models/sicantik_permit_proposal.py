"""A sync proposes which newer permit may be the renewal of an older one; a person
accepts or refuses. The rules are in docs/fields.md."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.constants import RENEWAL_DAYS
from .sicantik_permit_beginning import BEGINNINGS

# What the rules look at, read at once.
LOOKED_AT = (
    *BEGINNINGS,
    "company_npwp_key",
    "expiry_date",
    "partner_id",
    "permit_type_id",
    "proposed_renewal_id",
    "renewed_by_id",
    "status",
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    company_npwp_key = fields.Char("NPWP for Comparing", index="btree_not_null")
    proposed_renewal_id = fields.Many2one(
        "sicantik.permit",
        index="btree_not_null",
        ondelete="set null",
        help="A newer permit of the same type, of the same contact or NPWP. A person "
        "decides.",
    )
    refused_renewal_ids = fields.Many2many(
        "sicantik.permit",
        "sicantik_permit_refused_renewal",
        "permit_id",
        "refused_id",
        "Not Its Renewals",
    )

    def _propose_renewals(self, config):
        """Propose renewals among these permits of ``config`` and those of the same
        holders; worker's environment. A few queries, whatever the number."""
        held = self.filtered(lambda p: p._holders())
        if not held:
            return
        npwps = held.filtered("company_npwp_key").mapped("company_npwp_key")
        family = self.search_fetch(
            [
                ("config_id", "=", config.id),
                ("permit_type_id", "in", held.permit_type_id.ids),
                ("status", "in", ("active", "expired")),
                *("|", ("partner_id", "in", held.partner_id.ids)),
                ("company_npwp_key", "in", npwps),
            ],
            LOOKED_AT,
            order="id",
        )
        limit = config._today() + timedelta(days=RENEWAL_DAYS)
        ending = family.filtered(
            lambda p: (
                not p.proposed_renewal_id
                and not p.renewed_by_id
                and p.expiry_date
                and p.expiry_date <= limit
            )
        )
        taken = family.proposed_renewal_id
        if ending:
            renewing = [("renewed_by_id", "in", family.ids)]
            taken |= self.search(renewing).renewed_by_id
        for older, newer in ending._likely_renewals(family - taken).items():
            older.proposed_renewal_id = newer

    def _likely_renewals(self, others):
        """``{older: newer}``, each newer one once: of the pairs that fit, those come
        first in which the newer permit begins nearest to the end of the older one."""
        active = others.filtered(lambda p: p.status == "active")
        by_holder = {}
        for permit in active:
            for holder in permit._holders():
                by_holder.setdefault(holder, []).append(permit)
        pairs = {
            (abs(older.expiry_date - newer._beginning()), older, newer)
            for older in self
            for holder in older._holders()
            for newer in by_holder.get(holder, ())
            if newer._is_later_than(older) and newer not in older.refused_renewal_ids
        }
        renewals, renewing = {}, set()
        for _gap, older, newer in sorted(pairs, key=lambda p: (p[0], p[1].id, p[2].id)):
            if older not in renewals and newer not in renewing:
                renewals[older] = newer
                renewing.add(newer)
        return renewals

    def _holders(self):
        """What two permits have in common that belong to one holder and type."""
        kinds = ("partner", self.partner_id.id), ("npwp", self.company_npwp_key)
        return [
            (self.permit_type_id.id, *kind)
            for kind in kinds
            if kind[1] and self.permit_type_id
        ]

    def _decide(self, **values):
        """Nothing is proposed for what is decided, nor is what was cancelled."""
        result = super()._decide(**values, proposed_renewal_id=False)
        if values["status"] == "cancelled":
            # sudo: as in super
            permits = self.sudo().search([("proposed_renewal_id", "in", self.ids)])
            permits.proposed_renewal_id = False
        return result

    def action_accept_renewal(self):
        """Mark as renewed by the proposed permit; operators only."""
        for permit in self:
            permit._require_proposal()
            permit._mark_renewed(permit.proposed_renewal_id)
        return True

    def action_refuse_renewal(self):
        """The proposed permit is not the renewal, and is not proposed again; operators
        only."""
        self._require_operator()
        for permit in self:
            permit._require_proposal()
            refused = fields.Command.link(permit.proposed_renewal_id.id)
            # sudo: proposals are a sync's to write; access was checked above
            permit.sudo().write(
                {"refused_renewal_ids": [refused], "proposed_renewal_id": False}
            )
        return True

    def _require_proposal(self):
        if not self.proposed_renewal_id:
            raise UserError(
                self.env._("No renewal is proposed for %s.", self.display_name)
            )
