"""The steps of a payment: asked for, approved, posted."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import leave_of, members, with_leave

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
        "currency_id",
        "date",
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

    @api.depends("amount", "currency_id", "date", "company_id")
    def _compute_is_approval_needed(self):
        """Whether the company's setting asks for an approval before it is posted."""
        for payment in self:
            company = payment.company_id
            payment.is_approval_needed = company.payment_approval and (
                payment._amount_of_company() >= company.payment_approval_from
            )

    def _amount_of_company(self):
        """The amount in the company's currency, without a sign."""
        company = self.company_id
        day = self.date or fields.Date.context_today(self)
        if not self.currency_id or self.currency_id == company.currency_id:
            return abs(self.amount)
        convert = self.currency_id._convert
        return abs(convert(self.amount, company.currency_id, company, day))

    @api.model
    def _approval_fields(self):
        """The fields that only the steps themselves write."""
        return {
            "approval_state",
            *("review_user_id", "review_date"),
            *("approval_user_id", "approval_date"),
            *("posting_user_id", "posting_date"),
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
        self._write_approval({**self._noted(state, steps), "approval_state": state})

    def _noted(self, state, steps):
        order = [name for name, _label in STATES]
        vals = {}
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
        payments = with_leave(self.sudo(), self, makes_steps=True)
        return payments.write(vals)

    # -- what Odoo does -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody begins at a later step."""
        for vals in vals_list:
            self._check_not_by_hand(vals)
        payments = super().create(vals_list)
        payments._follow_state()
        return payments

    def write(self, vals):
        """Refuse the steps by hand, and to post what is not approved; what is changed
        after an approval needs another one."""
        leave = leave_of(self.env)
        if not (leave and leave.makes_steps):
            self._check_not_by_hand(vals)
        if vals.get("state") in POSTED and self._keep_draft():
            vals = {name: value for name, value in vals.items() if name != "state"}
        elif vals.get("state") in POSTED:
            self.filtered(lambda one: one.state not in POSTED)._check_approved()
        changed = self._with_another_matter(vals)
        result = super().write(vals)
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

    def _keep_draft(self):
        leave = leave_of(self.env)
        return leave and leave.keeps_draft and self._waits()

    def _waits(self):
        """Whether all of them wait for an approval."""
        return all(
            payment.is_approval_needed
            and payment.approval_state != "approved"
            and payment.state not in POSTED
            for payment in self
        )

    def _with_another_matter(self, vals):
        """Those in review or approved of which ``vals`` change what that was about."""
        matter = _MATTER & vals.keys()
        if not matter:
            return self.browse()
        will_change = self.env["account.move"]._field_will_change
        return self.filtered(
            lambda one: (
                one.approval_state in ("review", "approved")
                and one.state == "draft"
                and any(will_change(one, vals, name) for name in matter)
            )
        )

    def _check_approved(self):
        """UserError where one waits for its approval."""
        for payment in self:
            if payment.is_approval_needed and payment.approval_state != "approved":
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
        posted = self.filtered(lambda one: one.state in POSTED)
        newly = posted.filtered(lambda one: one.approval_state != "posted")
        if newly:
            newly._step("posted", posting=True)
            newly._pay_what_waited()
        back = (self - posted).filtered(lambda one: one.approval_state == "posted")
        if back:
            back._step("draft")
        given_up = self.filtered(lambda one: one.state in ("canceled", "rejected"))
        if given_up.waiting_line_ids:
            given_up._write_approval({"waiting_line_ids": [(5,)]})

    def _managers_in_words(self):
        """The names of those who may, for error texts."""
        managers = self.env.ref(MANAGER).sudo()
        people = members(managers).filtered(lambda user: user.active and not user.share)
        companies = self.company_id
        if companies:
            people = people.filtered(lambda user: companies & user.company_ids)
        return ", ".join(people.sorted("name").mapped("name")) or self.env._(
            "nobody yet (an administrator names them under Settings › Users)"
        )
