"""The entries of protected payments and their items."""

from odoo import api, models

from ..tools import with_leave

# Of an entry: what may change whatever its state. The rest of its life (sequence, hash,
# payment state) Odoo computes or writes when it is posted.
_HARMLESS = frozenset(
    (
        "access_token",
        "activity_ids",
        "checked",
        "inalterable_hash",
        "is_manually_modified",
        "is_move_sent",
        "made_sequence_gap",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "payment_state",
        "secure_sequence_number",
        "sending_data",
    )
)
# Of an item: what a reconciliation writes. To undo one is guarded where that is done.
_RECONCILED = frozenset(("full_reconcile_id", "matching_number", "reconciled"))


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        payments = self.origin_payment_id
        if payments and vals.keys() - _HARMLESS:
            self._really_changed_by(vals).origin_payment_id._guard("a changed entry")
        if "matched_payment_ids" not in vals:
            return super().write(vals)
        before = {move: move.sudo().matched_payment_ids for move in self}
        result = super().write(vals)
        for move, matched in before.items():
            gone = matched - move.sudo().matched_payment_ids
            gone.with_env(self.env)._guard("taking it from an invoice")
        return result

    def _really_changed_by(self, vals):
        names = vals.keys() - _HARMLESS
        return self.filtered(
            lambda move: (
                move.origin_payment_id
                and any(self._field_will_change(move, vals, name) for name in names)
            )
        )

    def unlink(self):
        self.origin_payment_id._guard("deleting its entry")
        return super().unlink()

    def button_draft(self):
        payments = self.origin_payment_id
        payments._guard("a reset of its entry")
        return super(AccountMove, with_leave(self, payments)).button_draft()

    def button_cancel(self):
        payments = self.origin_payment_id
        payments._guard("cancelling its entry")
        return super(AccountMove, with_leave(self, payments)).button_cancel()

    def _post(self, soft=True):
        """To post what is a draft is no change of a posted payment."""
        drafts = self.filtered(lambda move: move.state == "draft").origin_payment_id
        if not drafts:
            return super()._post(soft)
        drafts.filtered(lambda one: one.approval_state != "posted")._check_approved()
        posted = super(AccountMove, with_leave(self, drafts))._post(soft)
        return posted.with_env(self.env)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.payment_id._guard("another journal item")
        return lines

    def write(self, vals):
        payments = self.payment_id
        if payments and vals.keys() - _RECONCILED:
            names = vals.keys() - _RECONCILED
            will_change = self.env["account.move"]._field_will_change
            changed = self.filtered(
                lambda line: (
                    line.payment_id
                    and any(will_change(line, vals, name) for name in names)
                )
            )
            changed.payment_id._guard("a changed journal item")
        return super().write(vals)

    def unlink(self):
        self.payment_id._guard("deleting a journal item")
        return super().unlink()
