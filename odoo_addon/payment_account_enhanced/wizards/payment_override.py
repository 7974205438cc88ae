"""The question before a manager changes what is posted."""

from markupsafe import Markup

from odoo import api, fields, models

OPERATIONS = [
    ("draft", "Reset to Draft"),
    ("cancel", "Cancel"),
    ("reject", "Reject"),
    ("unreconcile", "Undo Reconciliation"),
    ("delete", "Delete"),
    ("send_back", "Send Back"),
]


class PaymentOverride(models.TransientModel):
    """Asks for the reason, and names what comes undone."""

    _name = "payment.override"
    _description = "Override of a Posted Payment"

    payment_ids = fields.Many2many("account.payment", string="Payments", required=True)
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    partial_ids = fields.Many2many(
        "account.partial.reconcile",
        string="Reconciliations",
        help="Those that come undone; all where none is named.",
    )
    reason = fields.Text(required=True)
    effects = fields.Html("What Comes Undone", compute="_compute_effects")

    @api.depends("payment_ids", "operation", "partial_ids")
    def _compute_effects(self):
        """What is reconciled with them, with the amounts; empty where nothing is."""
        for wizard in self:
            # On the screen they stand for records that are not saved yet.
            payments, partials = wizard.payment_ids._origin, wizard.partial_ids._origin
            kept = wizard.operation == "send_back"
            found = [] if kept else payments._reconciled_with(partials)
            wizard.effects = bool(found) and (
                Markup("<ul class='mb-0'>%s</ul>")
                % Markup("").join(
                    Markup("<li>%s</li>")
                    % self.env._("%(payment)s with %(other)s: %(amount)s", **effect)
                    for effect in found
                )
            )

    def action_confirm(self):
        """Do it, with the reason."""
        payments = self.payment_ids
        if self.operation == "send_back":
            payments._send_back(self.reason)
        elif self.operation == "unreconcile":
            payments.action_unreconcile(self.reason, self.partial_ids.ids)
        elif self.operation == "delete":
            payments.action_delete(self.reason)
            return {
                "type": "ir.actions.act_window",
                "res_model": "account.payment",
                "views": [(False, "list"), (False, "form")],
                "target": "main",
            }
        else:
            getattr(payments, f"action_{self.operation}")(reason=self.reason)
        # Also where it was asked for from an invoice.
        return {"type": "ir.actions.client", "tag": "soft_reload"}
