"""What nobody but a payment manager may touch, and how it is decided."""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

from ...tools import changes, current_leave, leave_for
from .approval import MANAGER, POSTED

_logger = logging.getLogger(__name__)

# Of a payment: what may change whatever its state, since nothing of the payment does.
_HARMLESS = frozenset(
    (
        "access_token",
        "activity_ids",
        "activity_user_id",
        "is_sent",
        "message_follower_ids",
        "message_ids",
        "message_main_attachment_id",
        "message_partner_ids",
    )
)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    is_protected = fields.Boolean(compute="_compute_is_protected")

    @api.depends("state", "move_id.state", "approval_state")
    def _compute_is_protected(self):
        """Posted in one of the three ways in which a payment can be."""
        for payment in self:
            payment.is_protected = (
                payment.state in POSTED
                or payment.move_id.state == "posted"
                or payment.approval_state == "posted"
            )

    def _is_payment_reconciled(self):
        """Whether something was paid with it, fully or in part: an invoice, a line of a
        bank statement, or any other journal item. A payment without an entry of its own
        is reconciled with its invoices as soon as it counts."""
        self.ensure_one()
        payment = self.sudo()
        if payment.move_id:
            lines = payment.move_id.line_ids
            return bool(lines.matched_debit_ids or lines.matched_credit_ids)
        return payment.state in POSTED and bool(
            payment.invoice_ids or payment.state == "paid"
        )

    # -- guards ---------------------------------------------------------------

    def _guard(self, doing, operation=None):
        """AccessError where one of them is protected and the call has no leave for it.

        ``doing`` is what was tried, for the log. ``operation`` is the one of those that
        managers are asked about, where it is clear which: they get there by a button.
        Asked is who calls, whether or not Odoo works with ``sudo()``.
        """
        known = current_leave().ids
        protected = self.sudo().filtered(
            lambda one: one.id not in known and one.is_protected
        )
        if not protected:
            return
        if self.env.user.has_group(MANAGER):
            if operation:
                asking = protected.with_context(payment_operation=operation)
                question = RedirectWarning(
                    self.env._(
                        "%(payments)s: posted, so a reason is needed.",
                        payments=protected._in_words(),
                    ),
                    asking.action_override(),
                    self.env._("Undo With Reason"),
                )
                # Odoo's log takes it for an error, with a traceback, unless told so.
                question.loglevel = logging.WARNING
                raise question
            raise UserError(
                self.env._(
                    "%(payments)s: posted, so a reason is needed. Reset to Draft, "
                    "Cancel and Undo Reconciliation on the payment ask for it.",
                    payments=protected._in_words(),
                )
            )
        _logger.info(
            "payment %s: %s refused to user %s",
            ", ".join(map(str, protected.ids)),
            doing,
            self.env.uid,
        )
        raise AccessError(
            self.env._(
                "%(payments)s: posted, and protected from changes. Only a payment "
                "manager may change, reset, cancel or delete it or undo its "
                "reconciliation. Ask one of: %(managers)s.",
                payments=protected._in_words(),
                managers=protected._managers_in_words(),
            )
        )

    def _in_words(self):
        """The first names of them."""
        names = self[:5].mapped("display_name")
        return ", ".join(names) + ("…" if len(self) > len(names) else "")

    def _really_changed_by(self, vals):
        """The protected ones of which ``vals`` change something that counts."""

        def is_changed(payment):
            rest = dict(vals)
            if payment._goes_on_to(rest.get("state")):
                del rest["state"]
            return changes(payment, rest, _HARMLESS)

        protected = self.sudo().filtered("is_protected")
        return protected.filtered(is_changed).with_env(self.env)

    def _goes_on_to(self, state):
        """Whether it is Odoo's own next step: a payment whose money is on the account
        at once is paid, and so is one without an entry once its invoices are; and one
        whose entry was posted follows it."""
        outstanding = self.outstanding_account_id
        return (
            (self.state, state) == ("in_process", "paid")
            and (
                outstanding.account_type == "asset_cash"
                or not (self.move_id or outstanding)
            )
        ) or (self.state == "draft" and state in POSTED)

    def write(self, vals):
        self.check_access("write")
        self._really_changed_by(vals)._guard("a change")
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self._guard("deleting")
        with leave_for(self):
            return super().unlink()

    def action_post(self):
        """What Odoo is still making it may change: a payment by a saved card is linked
        with its transaction, and cancelled where the card gives nothing."""
        new = self.filtered(lambda one: one.move_id.state != "posted")
        with leave_for(new):
            return super().action_post()

    def action_draft(self):
        self._guard("a reset to draft")
        with leave_for(self):
            return super().action_draft()

    def action_cancel(self):
        self._guard("cancelling")
        with leave_for(self):
            return super().action_cancel()

    def action_reject(self):
        self._guard("rejecting")
        with leave_for(self):
            return super().action_reject()

    def _generate_journal_entry(self, *args, **kwargs):
        """Odoo says *In Process* of a payment whose entry it is still writing."""
        without = self.filtered(lambda one: not one.move_id)
        without.filtered("outstanding_account_id")._guard("another journal entry")
        with leave_for(without):
            return super()._generate_journal_entry(*args, **kwargs)
