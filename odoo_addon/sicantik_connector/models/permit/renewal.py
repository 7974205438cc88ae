"""A permit is renewed by a newer one: the link, and the whole line of renewals.

Which newer permit may be the renewal of an older one is proposed in proposal.py. The
rules are in docs/fields.md.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.renewals import beginning, is_later

# What says when a permit began, the best first.
BEGINNINGS = ("issue_date", "registered_month", "received_date")


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

    def _beginnings(self):
        """The dates that say when this permit began, the best first, or ``False``."""
        return tuple(self[name] for name in BEGINNINGS)

    def _beginning(self):
        """When this permit began, as far as a date says so, else ``None``."""
        return beginning(self._beginnings())

    def _is_later_than(self, other):
        """Whether this permit came after ``other``; ``None`` when no date says so."""
        return is_later(self._beginnings(), other._beginnings())

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
                "Its renewal %(permit)s has ended. Reopen this permit if it still "
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
            return self.env._("it has ended.")
        if newer._is_later_than(self) is False:
            return self.env._("it is the older of the two.")
        if newer.id in self._renewal_lines()[self.id]:
            return self.env._("it belongs to the permits that this one renews.")
        return None
