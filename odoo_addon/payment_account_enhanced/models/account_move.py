"""The entries of protected payments and their items."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import changes, current_leave, leave_for

# Who sees payments in Odoo.
_READERS = "account.group_account_invoice,account.group_account_readonly"
# Of an entry: what may change whatever its state.
_HARMLESS = frozenset(
    (
        "access_token",
        "activity_ids",
        "checked",
        "is_manually_modified",
        "is_move_sent",
        "made_sequence_gap",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "sending_data",
    )
)
# What Odoo writes of a posted entry as the superuser.
_ODOOS = frozenset(("inalterable_hash", "payment_state", "secure_sequence_number"))
# Of an item: what a reconciliation writes. To undo one is guarded where that is done.
_RECONCILED = frozenset(("full_reconcile_id", "matching_number"))


def check_bond(records, vals, name):
    """AccessError where somebody would take an entry from its payment, or give it
    another one: that is how it is known to be protected."""
    if name in vals and any(record[name].id != vals[name] for record in records):
        raise AccessError(
            records.env._("Which entry belongs to a payment is not written by hand.")
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    waiting_payment_ids = fields.Many2many(
        "account.payment",
        string="Payments Waiting",
        compute="_compute_waiting_payments",
        groups=_READERS,
    )

    @api.depends("line_ids.waiting_payment_ids")
    def _compute_waiting_payments(self):
        """Those that pay it once they are approved."""
        for move in self:
            move.waiting_payment_ids = move.line_ids.waiting_payment_ids

    def _guard_payments(self, doing):
        """That of the payments whose entries they are. Before an entry was ever posted
        Odoo is still writing it."""
        written = self.filtered(
            lambda move: move.state != "draft" or move.posted_before
        )
        payments = written.origin_payment_id
        payments._guard(doing)
        return payments

    def write(self, vals):
        check_bond(self, vals, "origin_payment_id")
        harmless = _HARMLESS | (_ODOOS if self.env.su else frozenset())
        changed = self.filtered(
            lambda move: move.origin_payment_id and changes(move, vals, harmless)
        )
        changed._guard_payments("a changed entry")
        if "line_ids" in vals:
            changed._ask_again()
        if "matched_payment_ids" not in vals:
            return super().write(vals)
        before = {move: move.sudo().matched_payment_ids for move in self}
        result = super().write(vals)
        for move, matched in before.items():
            gone = matched - move.sudo().matched_payment_ids
            gone._guard("taking it from an invoice")
        return result

    def _ask_again(self):
        """Another entry than the one that was approved needs another approval."""
        known = current_leave().ids
        payments = self.filtered(lambda move: move.state == "draft").origin_payment_id
        approved = payments.filtered(
            lambda one: (
                one.approval_state in ("review", "approved") and one.id not in known
            )
        )
        if approved:
            approved._step("draft")

    def unlink(self):
        self._guard_payments("deleting its entry")
        return super().unlink()

    def button_draft(self):
        payments = self._guard_payments("a reset of its entry")
        with leave_for(payments):
            result = super().button_draft()
        self.origin_payment_id._follow_state()
        return result

    def button_cancel(self):
        payments = self._guard_payments("cancelling its entry")
        with leave_for(payments):
            return super().button_cancel()

    def _post(self, soft=True):
        """To post what is a draft is no change of a posted payment."""
        payments = self.filtered(lambda move: move.state == "draft").origin_payment_id
        if not payments:
            return super()._post(soft)
        payments._check_approved()
        with leave_for(payments):
            posted = super()._post(soft)
        payments._follow_state()
        return posted


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    waiting_payment_ids = fields.Many2many(
        "account.payment",
        "payment_waiting_line_rel",
        "line_id",
        "payment_id",
        "Payments Waiting",
        readonly=True,
        copy=False,
        groups=_READERS,
    )

    def _check_not_by_hand(self, *vals_list):
        """AccessError where somebody says from this side what a payment pays."""
        for vals in vals_list:
            if vals.get("waiting_payment_ids"):
                payments = self.env["account.payment"]
                payments._check_not_by_hand({"waiting_line_ids": True})

    def _waiting_amount(self, currency, company, day):
        """What waiting payments will pay of these items, in ``currency`` and with the
        sign of the items."""
        waiting = self.sudo().waiting_payment_ids
        return sum(
            item.currency_id._convert(amount, currency, company, day)
            for item, amount in waiting._waiting_amounts().items()
            if item in self
        )

    def reconcile(self):
        """Whoever posts without a person, as an online payment, goes on to reconcile
        what was posted; what waits is reconciled when it is."""
        if self.env.su:
            drafts = self.filtered(lambda line: line.parent_state == "draft")
            waiting = drafts.filtered(
                lambda line: line.payment_id and line.payment_id._waits()
            )
            if waiting:
                return super(AccountMoveLine, self - waiting).reconcile()
        return super().reconcile()

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["waiting_payment_ids"])
        self._check_not_by_hand(*vals_list, defaults)
        lines = super().create(vals_list)
        entries = lines.filtered("payment_id").move_id
        entries._guard_payments("another journal item")
        entries._ask_again()
        return lines

    def write(self, vals):
        check_bond(self, vals, "payment_id")
        self._check_not_by_hand(vals)
        if vals.get("move_id"):
            other = self.env["account.move"].browse(vals["move_id"]) - self.move_id
            other._guard_payments("another journal item")
        changed = self.filtered(
            lambda line: line.payment_id and changes(line, vals, _RECONCILED)
        )
        changed.move_id._guard_payments("a changed journal item")
        changed.move_id._ask_again()
        return super().write(vals)

    def unlink(self):
        entries = self.filtered("payment_id").move_id
        entries._guard_payments("deleting a journal item")
        entries._ask_again()
        return super().unlink()
