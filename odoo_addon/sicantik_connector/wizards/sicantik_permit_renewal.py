from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rights import nothing_for_none


class SicantikPermitRenewal(models.TransientModel):
    """Asks which permit renews another one, or whether it is not in SICANTIK's list
    yet."""

    _name = "sicantik.permit.renewal"
    _inherit = "sicantik.mixin"
    _description = "Mark a Permit as Renewed"

    permit_id = fields.Many2one("sicantik.permit", required=True, ondelete="cascade")
    # Permits may be named by anybody: everything below is read as the user.
    proposed_renewal_id = fields.Many2one(
        related="permit_id.proposed_renewal_id", related_sudo=False
    )
    mode = fields.Selection(
        [
            ("listed", "The new permit is in the list"),
            ("not_listed", "The new permit is not in SICANTIK's list yet"),
        ],
        "New Permit",
        required=True,
        default="listed",
    )
    same_applicant = fields.Boolean(
        "Only the Same Applicant",
        compute="_compute_same",
        store=True,
        readonly=False,
        help="Permits with the same contact, NPWP, name or telephone number.",
    )
    same_type = fields.Boolean(
        "Only the Same Permit Type",
        compute="_compute_same",
        store=True,
        readonly=False,
        help="Also types that count as it, or may do so by their name.",
    )
    new_permit_domain = fields.Binary(compute="_compute_new_permit_domain")
    new_permit_id = fields.Many2one(
        "sicantik.permit",
        "Renewed By",
        compute="_compute_new_permit_id",
        store=True,
        readonly=False,
    )
    sides = fields.Json("The Two Permits", compute="_compute_sides")
    is_of_stranger = fields.Boolean("Other Applicant", compute="_compute_sides")
    is_of_other_type = fields.Boolean("Other Type", compute="_compute_sides")

    @api.depends("permit_id")
    def _compute_new_permit_id(self):
        for wizard in self:
            wizard.new_permit_id = wizard.permit_id.proposed_renewal_id

    @api.depends("permit_id")
    def _compute_same(self):
        """Only the same applicant's where there are any, of the same type where there
        are any of those; so the list is empty only when there is nothing."""
        permits = self.env["sicantik.permit"]
        for wizard in self:
            found = {
                (applicant, same_type): bool(
                    permits.search_count(wizard._domain(applicant, same_type), limit=1)
                )
                for applicant, same_type in ((True, True), (True, False))
            }
            wizard.same_applicant = found[True, False]
            wizard.same_type = found[True, True] or not found[True, False]

    @api.depends("permit_id", "same_applicant", "same_type")
    def _compute_new_permit_domain(self):
        for wizard in self:
            wizard.new_permit_domain = wizard._domain(
                wizard.same_applicant, wizard.same_type
            )

    def _domain(self, same_applicant, same_type):
        """The permits among which a person chooses, as a list of terms."""
        permit = self.permit_id
        domain = [
            ("config_id", "=", permit.config_id.id),
            ("id", "!=", permit.id),
            ("status", "in", ("active", "expired", "renewed")),
        ]
        if permit.registered_month:
            month = fields.Date.to_string(permit.registered_month)
            domain += [
                "|",
                ("registered_month", "=", False),
                ("registered_month", ">=", month),
            ]
        if same_type and permit.permit_type_id:
            types = permit.permit_type_id._types_that_renew()
            domain.append(("permit_type_id", "in", types.ids))
        if same_applicant:
            domain += permit._same_applicant_terms() or [("id", "=", False)]
        return domain

    @api.depends("permit_id", "new_permit_id")
    @api.depends_context("lang")
    def _compute_sides(self):
        for wizard in self:
            older, newer = wizard.permit_id, wizard.new_permit_id
            wizard.sides = older._sides_with(newer) if newer else False
            wizard.is_of_stranger = bool(newer) and older._is_of_stranger(newer)
            wizard.is_of_other_type = bool(newer) and older._is_of_other_type(newer)

    @nothing_for_none
    def action_confirm(self):
        """Mark the permit as renewed; operators only."""
        self.ensure_one()
        newer = self.new_permit_id
        if self.mode == "not_listed":
            newer = newer.browse()
        elif not newer:
            raise UserError(
                self.env._(
                    "Choose the new permit, or say that it is not in SICANTIK's list "
                    "yet."
                )
            )
        self.permit_id._mark_renewed(newer)
        return {"type": "ir.actions.act_window_close"}
