from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rights import nothing_for_none


class SicantikPermitRenewal(models.TransientModel):
    """Asks which permit renews another one, or whether it is not in SICANTIK's list
    yet."""

    _name = "sicantik.permit.renewal"
    _description = "Mark a Permit as Renewed"

    permit_id = fields.Many2one("sicantik.permit", required=True, ondelete="cascade")
    # All of them read as the user: permits may be named by anybody.
    config_id = fields.Many2one(related="permit_id.config_id", related_sudo=False)
    permit_type_id = fields.Many2one(
        related="permit_id.permit_type_id", related_sudo=False
    )
    registered_month = fields.Date(
        related="permit_id.registered_month", related_sudo=False
    )
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
    same_type = fields.Boolean("Only the Same Permit Type", default=True)
    new_permit_id = fields.Many2one(
        "sicantik.permit",
        "Renewed By",
        compute="_compute_new_permit_id",
        store=True,
        readonly=False,
    )
    new_applicant_name = fields.Char(
        "Applicant of the New Permit",
        related="new_permit_id.applicant_name",
        related_sudo=False,
    )
    new_permit_type_id = fields.Many2one(
        string="Type of the New Permit",
        related="new_permit_id.permit_type_id",
        related_sudo=False,
    )
    new_issue_date = fields.Date(related="new_permit_id.issue_date", related_sudo=False)
    new_expiry_date = fields.Date(
        related="new_permit_id.expiry_date", related_sudo=False
    )

    @api.depends("permit_id")
    def _compute_new_permit_id(self):
        for wizard in self:
            wizard.new_permit_id = wizard.permit_id.proposed_renewal_id

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
