from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.actions import form_of, notification
from ..tools.rights import nothing_for_none


class SicantikPermitTypeMerge(models.TransientModel):
    """Asks which of several names of one permit type remains, and says what follows."""

    _name = "sicantik.permit.type.merge"
    _inherit = "sicantik.mixin"
    _description = "Merge Permit Types"

    type_ids = fields.Many2many(
        "sicantik.permit.type",
        string="Permit Types",
        context={"active_test": False},
        help="The names that mean the same permit type.",
    )
    config_id = fields.Many2one(
        "sicantik.config", "Configuration", compute="_compute_config_id", store=True
    )
    remaining_id = fields.Many2one(
        "sicantik.permit.type",
        "Type That Remains",
        compute="_compute_remaining_id",
        store=True,
        readonly=False,
        domain="[('config_id', '=', config_id), ('merged_into_id', '=', False)]",
    )
    merged_ids = fields.Many2many(
        "sicantik.permit.type", string="Old Names", compute="_compute_merged"
    )
    moved_count = fields.Integer("Permits That Change", compute="_compute_merged")

    @api.depends("type_ids")
    def _compute_config_id(self):
        for wizard in self:
            wizard.config_id = wizard.type_ids[:1].config_id

    @api.depends("type_ids")
    def _compute_remaining_id(self):
        """Of several, the one with most permits; of one, a person chooses the other."""
        for wizard in self:
            types = wizard.type_ids.filtered(lambda t: not t.merged_into_id)
            several = len(wizard.type_ids) > 1
            wizard.remaining_id = several and types.sorted("permit_count")[-1:]

    @api.depends("type_ids", "remaining_id")
    def _compute_merged(self):
        permits = self.env["sicantik.permit"]
        for wizard in self:
            # In a dialog that is being filled in, the chosen records are copies.
            remaining = wizard.remaining_id._origin
            merged = wizard.type_ids._origin - remaining if remaining else remaining
            wizard.merged_ids = merged
            wizard.moved_count = permits.search_count(
                [
                    "|",
                    ("permit_type_id", "in", merged.ids),
                    ("further_type_ids", "in", merged.ids),
                ]
            )

    @nothing_for_none
    def action_merge(self):
        """Merge, and show the type that remains; managers only."""
        self.ensure_one()
        remaining = self.remaining_id
        if not remaining:
            raise UserError(self.env._("Choose the permit type that remains."))
        moved = self.type_ids._merge_into(remaining)
        return notification(
            self.env._("Merge Permit Types"),
            self.env._(
                "Permits that got the type “%(name)s”: %(count)s.",
                name=remaining.name,
                count=moved,
            ),
            form_of(remaining),
        )
