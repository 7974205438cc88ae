"""A permit is renewed by a newer one: the link, and the whole line of renewals.

A sync proposes which newer permit may be the renewal of an older one, by when each
began; a person accepts or refuses. The rules are in docs/fields.md.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.constants import RENEWAL_DAYS

# What says when a permit began, the best first.
BEGINNINGS = ("issue_date", "registered_month", "received_date")

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

    # Empty for a renewed permit: the new one is not in SICANTIK's list yet.
    renewed_by_id = fields.Many2one(
        "sicantik.permit",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
    )
    renews_ids = fields.One2many("sicantik.permit", "renewed_by_id")
    renewal_count = fields.Integer(
        "Renewals",
        compute="_compute_renewal_count",
        aggregator=None,
        help="Permits in the line of renewals that this one belongs to; 0 when it is "
        "the only one.",
    )

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

    def _beginning(self):
        """When this permit began, as far as a date says so, else ``None``."""
        return next((self[name] for name in BEGINNINGS if self[name]), None)

    def _is_later_than(self, other):
        """Whether this permit came after ``other``; ``None`` when no date says so."""
        for name in BEGINNINGS:
            mine, theirs = self[name], other[name]
            if mine and theirs and mine != theirs:
                return mine > theirs
        return None

    @api.depends("renewed_by_id", "renews_ids")
    def _compute_renewal_count(self):
        lines = self._origin._renewal_lines()
        for permit in self:
            count = len(lines.get(permit._origin.id, ()))
            permit.renewal_count = count if count > 1 else 0

    def _renewal_lines(self):
        """``{permit id: ids of its line of renewals}``, itself included; one query,
        whatever the number of permits and the length of the lines."""
        self.flush_model(["renewed_by_id"])
        query = SQL(
            """
            WITH RECURSIVE line (origin, id) AS (
                SELECT id, id FROM sicantik_permit WHERE id = ANY(%s)
                 UNION
                SELECT line.origin, next.id
                  FROM line
                  JOIN sicantik_permit own ON own.id = line.id
                  JOIN sicantik_permit next
                    ON next.renewed_by_id = own.id OR next.id = own.renewed_by_id
            )
            SELECT origin, array_agg(id) FROM line GROUP BY origin
            """,
            self.ids,
        )
        return dict(self.env.execute_query(query))

    def _mark_renewed(self, newer):
        """``newer`` renews these permits; empty: it is not in SICANTIK's list yet.

        Operators only. UserError when one of them is not active or expired, or
        ``newer`` cannot be its renewal.
        """
        self._require_operator()
        newer.check_access("read")
        self._require_open()
        for permit in self:
            permit._check_renewal(newer)
        self._decide(status="renewed", renewed_by_id=newer.id)
        if newer and self:
            numbers = ", ".join(self.mapped("display_name"))
            body = self.env._("Renews %(permits)s.", permits=numbers)
            # sudo: a note, by the user who decided
            newer.sudo()._message_log(body=body)

    def _cancel(self, reason, ending="cancelled"):
        """What a cancelled permit had renewed stays renewed; whoever knows better
        reopens it."""
        result = super()._cancel(reason, ending)
        for permit in self:
            body = self.env._(
                "Its renewal %(permit)s was cancelled. Reopen this permit if it still "
                "counts.",
                permit=permit.display_name,
            )
            for older in permit.renews_ids:
                # sudo: a note, by the user who decided
                older.sudo()._message_log(body=body)
        return result

    def _reopen(self):
        links = [(permit, permit.renewed_by_id) for permit in self]
        result = super()._reopen()
        for permit, newer in links:
            if newer:
                number = permit.display_name
                body = self.env._("Does not renew %(permit)s any more.", permit=number)
                # sudo: a note, by the user who decided
                newer.sudo()._message_log(body=body)
        return result

    def _check_renewal(self, newer):
        if self.status == "draft":
            raise UserError(
                self.env._(
                    "%s has no number yet, so there is nothing to renew. When the "
                    "application is not pursued any more, cancel it.",
                    self.display_name,
                )
            )
        if not newer:
            return
        refusal = self._refusal_of_renewal(newer)
        if refusal:
            raise UserError(
                self.env._(
                    "%(newer)s cannot be the renewal of %(permit)s: %(reason)s",
                    newer=newer.display_name,
                    permit=self.display_name,
                    reason=refusal,
                )
            )

    def _refusal_of_renewal(self, newer):
        """Why ``newer`` cannot be the renewal of this permit; ``None`` when it can."""
        if newer == self:
            return self.env._("it is the same permit.")
        if newer.config_id != self.config_id:
            return self.env._("it belongs to another configuration.")
        if newer.status == "draft":
            return self.env._(
                "it has no number yet. Say that it is not in SICANTIK's list yet."
            )
        if newer.status == "cancelled":
            return self.env._("it is cancelled.")
        if newer._is_later_than(self) is False:
            return self.env._("it is the older of the two.")
        if newer.id in self._renewal_lines()[self.id]:
            return self.env._("it belongs to the permits that this one renews.")
        return None

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
