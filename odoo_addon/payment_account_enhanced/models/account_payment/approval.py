"""The steps of a payment: asked for, approved, posted."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import changes, current_leave, leave_for, members

STATES = [
    ("draft", "Draft"),
    ("review", "In Review"),
    ("approved", "Approved"),
    ("posted", "Posted"),
]
POSTED = ("in_process", "paid")
"""States of Odoo in which a payment counts."""
MANAGER = "payment_account_enhanced.group_manager"
USER = "payment_account_enhanced.group_user"
# What an approval is about: a payment with another one needs a new approval.
_MATTER = frozenset(
    (
        "amount",
        "company_id",
        "currency_id",
        "date",
        "destination_account_id",
        "journal_id",
        "memo",
        "partner_bank_id",
        "partner_id",
        "partner_type",
        "payment_method_line_id",
        "payment_reference",
        "payment_type",
    )
)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    approval_state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    review_user_id = fields.Many2one(
        "res.users", "Review Asked by", readonly=True, copy=False
    )
    review_date = fields.Datetime("Review Asked on", readonly=True, copy=False)
    approval_user_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False
    )
    approval_date = fields.Datetime("Approved on", readonly=True, copy=False)
    posting_user_id = fields.Many2one(
        "res.users", "Posted by", readonly=True, copy=False
    )
    posting_date = fields.Datetime("Posted on", readonly=True, copy=False)
    is_approval_needed = fields.Boolean(compute="_compute_is_approval_needed")

    @api.depends(
        "amount",
        "currency_id",
        "date",
        "company_id.payment_approval",
        "company_id.payment_approval_from",
        "move_id.line_ids.debit",
    )
    def _compute_is_approval_needed(self):
        """Whether the setting of its company, or of one above that, asks for an
        approval before it is posted."""
        for payment in self:
            payment.is_approval_needed = payment._needs_approval(payment.move_id)

    def _needs_approval(self, entry):
        """The same with this ``entry``, which may not be the payment's yet."""
        return any(
            company.payment_approval
            and self._amount_in(company, entry) >= company.payment_approval_from
            for company in self.company_id.sudo().parent_ids
        )

    def _amount_in(self, company, entry):
        """What it is about in the company's currency, without a sign: the larger of its
        own amount and that of its entry."""
        entry = entry.sudo()
        day = self.date or fields.Date.context_today(self)

        def convert(amount, currency):
            if not currency or currency == company.currency_id:
                return abs(amount)
            return abs(currency._convert(amount, company.currency_id, company, day))

        return max(
            convert(self.amount, self.currency_id),
            convert(sum(entry.line_ids.mapped("debit")), entry.company_currency_id),
        )

    @api.model
    def _approval_fields(self):
        """The fields that only the steps themselves write."""
        return {
            "approval_state",
            *("review_user_id", "review_date"),
            *("approval_user_id", "approval_date"),
            *("posting_user_id", "posting_date"),
            *("waiting_line_ids", "waiting_rate", "override_date"),
        }

    # -- steps ----------------------------------------------------------------

    def action_ask_review(self):
        """Draft to *In Review*; users and managers of payments."""
        self._check_step(USER, "draft")
        self._step("review", review=True)

    def action_approve(self):
        """*In Review* to *Approved*; managers of payments, not those who asked unless
        the company lets one person do both."""
        self._check_step(MANAGER, "review")
        for payment in self:
            if (
                payment.review_user_id == self.env.user
                and not payment.company_id.payment_approval_alone
            ):
                raise UserError(
                    self.env._(
                        "You asked for the review of %(payment)s. Another payment "
                        "manager has to approve it: %(managers)s.",
                        payment=payment.display_name,
                        managers=payment._managers_in_words(),
                    )
                )
        self._step("approved", approval=True)

    def _send_back(self, reason):
        """*In Review* or *Approved* to draft, with a reason that all can read."""
        self._check_step(MANAGER, "review", "approved")
        reason = self._checked_reason(reason)
        self._step("draft")
        for payment in self:
            payment._message_log(
                body=self.env._("Sent back: %(reason)s", reason=reason)
            )

    def _check_step(self, group, *states):
        self.check_access("write")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "This step is for the group %(group)s. Ask one of: %(managers)s.",
                    group=self.env.ref(group).sudo().full_name,
                    managers=self._managers_in_words(),
                )
            )
        for payment in self:
            if payment.approval_state not in states or payment.state != "draft":
                raise UserError(
                    self.env._(
                        "%(payment)s is not at this step any more. Reload the page.",
                        payment=payment.display_name,
                    )
                )

    def _step(self, state, **steps):
        """Go to ``state``; of the steps given by name it is noted who made them, and
        those behind the state are forgotten."""
        self._write_approval(self._noted(state, **steps))

    @api.model
    def _noted(self, state, **steps):
        order = [name for name, _label in STATES]
        vals = {"approval_state": state}
        for name, its_state in (
            ("review", "review"),
            ("approval", "approved"),
            ("posting", "posted"),
        ):
            if steps.get(name):
                vals[f"{name}_user_id"] = self.env.uid
                vals[f"{name}_date"] = fields.Datetime.now()
            elif order.index(its_state) > order.index(state):
                vals[f"{name}_user_id"] = vals[f"{name}_date"] = False
        return vals

    def _write_approval(self, vals):
        """Past the guards, and past the rights: who may make a step is asked before."""
        with leave_for(self, makes_steps=True):
            return self.sudo().write(vals)

    # -- what Odoo does -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody begins at a later step."""
        for vals in vals_list:
            self._check_not_by_hand(vals)
        # Said, so that neither a context nor somebody's own defaults say otherwise.
        beginning = dict.fromkeys(self._approval_fields(), False)
        beginning |= {"approval_state": "draft", "waiting_line_ids": []}
        payments = super().create([{**vals, **beginning} for vals in vals_list])
        payments._check_own_entry()
        payments.filtered(lambda one: one.state in POSTED)._check_approved()
        payments._follow_state()
        return payments

    def write(self, vals):
        """Refuse the steps by hand, and to post what is not approved; what is changed
        after an approval needs another one."""
        leave = current_leave()
        if not leave.steps.issuperset(self.ids):
            self._check_not_by_hand(vals)
        if vals.get("state") in POSTED:
            kept = leave.drafts.issuperset(self.ids)
            if kept and self._waits(entry=vals.get("move_id")):
                # It gets its entry alone.
                rest = {name: value for name, value in vals.items() if name != "state"}
                return self.write(rest)
            # What is posted is what is approved: another amount comes first.
            matter = {name: vals[name] for name in _MATTER & vals.keys()}
            if matter:
                self.write(matter)
            self.filtered(lambda one: one.state not in POSTED)._check_approved()
            if all(payment.approval_state != "posted" for payment in self):
                # Along with it, rather than once more for each.
                vals = {**vals, **self._noted("posted", posting=True)}
        changed = self._with_another_matter(vals)
        result = super().write(vals)
        if "move_id" in vals:
            self._check_own_entry()
        if changed:
            changed._step("draft")
        if "state" in vals:
            self._follow_state()
        return result

    @api.model
    def _check_not_by_hand(self, vals):
        if self._approval_fields() & vals.keys():
            raise AccessError(
                self.env._(
                    "The steps of a payment are made with its buttons (Request Review, "
                    "Approve, Send Back), not by writing them."
                )
            )

    def _waits(self, entry=None):
        """Whether all of them wait for an approval; with the ``entry`` of this id where
        it is about to become theirs."""
        entry = self.move_id.browse(entry)
        return all(
            (payment._needs_approval(entry) if entry else payment.is_approval_needed)
            and payment.approval_state != "approved"
            and payment.state not in POSTED
            for payment in self
        )

    def _with_another_matter(self, vals):
        """Those in review or approved of which ``vals`` change what that was about."""
        matter = {name: vals[name] for name in _MATTER & vals.keys()}
        if not matter:
            return self.browse()
        return self.filtered(
            lambda one: (
                one.approval_state in ("review", "approved") and changes(one, matter)
            )
        )

    def _check_own_entry(self):
        """UserError where an entry of something else was taken for a payment's."""
        for payment in self:
            entry = payment.move_id.sudo()
            if entry and entry.origin_payment_id != payment:
                raise UserError(
                    self.env._("The journal entry of a payment is made by Odoo.")
                )

    def _check_approved(self):
        """UserError where one waits for its approval."""
        for payment in self:
            approved = payment.approval_state in ("approved", "posted")
            if payment.is_approval_needed and not approved:
                raise UserError(
                    self.env._(
                        "%(payment)s is not approved yet. Press Request Review; then "
                        "one of %(managers)s approves it.",
                        payment=payment.display_name,
                        managers=payment._managers_in_words(),
                    )
                )

    def _follow_state(self):
        """*Posted* is what Odoo says; what is taken back begins anew."""
        posted = self.filtered(
            lambda one: one.state in POSTED or one.move_id.state == "posted"
        )
        newly = posted.filtered(lambda one: one.approval_state != "posted")
        if newly:
            newly._step("posted", posting=True)
        # Of them all: what is filtered first is read one by one.
        waiting = self.filtered("waiting_line_ids")
        (posted & waiting)._pay_what_waited()
        back = (self - posted).filtered(lambda one: one.approval_state == "posted")
        if back:
            back._step("draft")
        for payment in self.filtered(lambda one: one.state in ("canceled", "rejected")):
            if payment.approval_state in ("review", "approved"):
                payment._step("draft")
            if payment in waiting:
                payment._write_approval({"waiting_line_ids": [(5,)]})

    def _managers_in_words(self):
        """The names of those who may, for error texts."""
        managers = self.env.ref(MANAGER).sudo()
        people = members(managers).filtered(lambda user: user.active and not user.share)
        companies = self.company_id
        if companies:
            people = people.filtered(lambda user: companies & user.company_ids)
        return ", ".join(sorted(one.name or one.login for one in people)) or self.env._(
            "nobody yet (an administrator names them under Settings › Users)"
        )
