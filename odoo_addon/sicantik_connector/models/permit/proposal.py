"""A newer permit may be the renewal of an older one: a sync proposes it, a person
accepts or refuses. The rules are in docs/fields.md; how permits are paired, in
tools/renewals.py.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import RENEWAL_DAYS
from ...tools.renewals import Side, likely_renewals, may_renew, plain
from .renewal import BEGINNINGS

# What the rules look at, read at once.
LOOKED_AT = (
    *BEGINNINGS,
    "applicant_address",
    "applicant_name",
    "company_address",
    "company_name",
    "company_npwp_key",
    "district",
    "expiry_date",
    "partner_id",
    "permit_type_id",
    "proposed_renewal_id",
    "refused_renewal_ids",
    "renewed_by_id",
    "status",
    "village",
    "whatsapp_number",
)


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    company_npwp_key = fields.Char("NPWP for Comparing", index="btree_not_null")
    proposed_renewal_id = fields.Many2one(
        "sicantik.permit",
        index="btree_not_null",
        ondelete="set null",
        help="A newer permit of the same person or company, type and place. A person "
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
        holders, and take back what does not hold any more; worker's environment.

        A few queries, whatever the number; time as for sorting the permits.
        """
        kinds = self.env["sicantik.permit.type"]._kinds_of_renewals(config)
        family = self._of_same_holders(config, kinds)
        named = self.search([("proposed_renewal_id", "in", self.ids)])
        concerned = family | self | named
        known = concerned | concerned.proposed_renewal_id
        (known - family).fetch(LOOKED_AT)
        sides = {permit: permit._renewal_side(kinds) for permit in known}
        for permit in concerned.filtered("proposed_renewal_id"):
            if not may_renew(sides[permit], sides[permit.proposed_renewal_id]):
                permit.proposed_renewal_id = False
        links = ("renewed_by_id", "proposed_renewal_id")
        linked = ["|", *[(name, "in", family.ids) for name in links]]
        others = self.search_fetch(linked, links)
        taken = others.renewed_by_id | others.proposed_renewal_id
        limit = config._today() + timedelta(days=RENEWAL_DAYS)
        ending = family.filtered(
            lambda p: (
                not p.proposed_renewal_id
                and not p.renewed_by_id
                and p.expiry_date
                and p.expiry_date <= limit
            )
        )
        active = (family - taken).filtered(lambda p: p.status == "active")
        found = likely_renewals([sides[p] for p in ending], [sides[p] for p in active])
        self._propose(found)

    @api.model
    def _propose(self, found):
        """Propose ``{id of a permit: id of its renewal}``; returns the permits."""
        for older_id, newer_id in found.items():
            self.browse(older_id).proposed_renewal_id = newer_id
        return self.browse(found)

    def _of_same_holders(self, config, kinds):
        """The active and expired permits of ``config`` that have the holders of these
        permits, and types that count as theirs, with what the rules look at."""
        typed = self.filtered("permit_type_id")
        named = {
            "partner_id": typed.partner_id.ids,
            "company_npwp_key": set(typed.mapped("company_npwp_key")) - {False},
            "whatsapp_number": set(typed.mapped("whatsapp_number")) - {False},
        }
        holders = [(name, "in", list(found)) for name, found in named.items() if found]
        if not holders:
            return self.browse()
        wanted = {kinds[permit_type.id] for permit_type in typed.permit_type_id}
        return self.search_fetch(
            [
                ("config_id", "=", config.id),
                ("status", "in", ("active", "expired")),
                ("permit_type_id", "in", [i for i in kinds if kinds[i] in wanted]),
                *["|"] * (len(holders) - 1),
                *holders,
            ],
            LOOKED_AT,
            order="id",
        )

    def _renewal_side(self, kinds):
        """What the rules look at of this permit. Who has the same NPWP may have been
        renamed; without one, the names of the companies have to agree, too."""
        name, number = plain(self.applicant_name), self.whatsapp_number
        npwp, kind = self.company_npwp_key or "", kinds.get(self.permit_type_id.id)
        facts = (name, plain(self.district), plain(self.village))
        firm = (*facts, npwp, plain(self.company_name))
        holders = (
            ("npwp", npwp, facts),
            ("contact", self.partner_id.id, firm),
            ("person", name and number and (name, number), firm),
        )
        return Side(
            id=self.id,
            holders={
                (kind, how, holder): said
                for how, holder, said in holders
                if kind and holder
            },
            address=plain(self.company_address or self.applicant_address),
            dates=self._beginnings(),
            end=self.expiry_date,
            refused=frozenset(self.refused_renewal_ids._ids),
        )

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
        self._require_operator()
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
