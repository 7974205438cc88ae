"""Which status a permit has: what follows from number and date, and what people write
and decide. Whatever changes it ends with ``_after_status_change``.

People decide that a permit is cancelled, or open again; that it is renewed is in
renewal.py, what they enter in dates.py, that a day begins in day.py.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.constants import DECISIONS, OPERATOR
from ...tools.rights import require_group

# Fields of the chatter and of activities, whose own models guard them.
CHATTER_PREFIXES = ("message_", "activity_", "website_message_", "rating_")
# What people may write that has rules of its own.
BY_HAND = {"cancel_reason", "ending", "expiry_date", "issue_date", "status"}
# What belongs to a cancelled permit, which always has both.
OF_CANCELLED = ("cancel_reason", "ending")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    cancel_reason = fields.Text("Reason for Ending", tracking=True)
    cancel_date = fields.Date("Terminated on")
    # An addon may add kinds.
    ending = fields.Selection(
        [
            ("cancelled", "Cancelled"),
            ("revoked", "Revoked"),
            ("closed", "No Longer Valid"),
            ("replaced", "Replaced"),
        ],
        "Kind of Ending",
        tracking=True,
        help="What the office calls the end of a permit.",
    )

    @api.model
    def _people_may_write(self, name):
        return name.startswith(CHATTER_PREFIXES) or super()._people_may_write(name)

    def _require_operator(self):
        """AccessError unless the user is an operator who may write these permits."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may change permits. "
                "Ask an administrator for it."
            ),
            "write",
        )

    def write(self, vals):
        """Dates, a status and what belongs to it follow their rules where people write
        them; the rest as always. Where the status becomes another one,
        ``_after_status_change`` is told."""
        by_hand = set() if self.env.su else BY_HAND & vals.keys()
        if by_hand:
            self._check_people_fields(vals)
            self._require_operator()
            self._set_dates_by_hand(vals)
        rest = {name: vals[name] for name in vals if name not in by_hand}
        before = self.grouped("status") if "status" in rest else {}
        result = super().write(rest) if rest or not by_hand else True
        for old_status, permits in before.items():
            if old_status != rest["status"]:
                permits._after_status_change(old_status)
        # The status last: a date in the same call may be what it follows from.
        if by_hand:
            self._decide_by_hand(vals)
        return result

    def _after_status_change(self, old_status):
        """These permits had ``old_status`` until now: the day, a sync, a person or a
        merge gave them another one, which costs no query to read. Does nothing; addons
        extend it. The permits are in superuser mode; new ones are not told of.

        Called once a change, inside the savepoint of whatever else is written, which
        may be undone and done again: so it has effects in the database only. What it
        raises refuses the change: of that permit alone where a sync or the day makes
        it, of all that were chosen where a person does.
        """

    def _decide_by_hand(self, vals):
        if "status" in vals:
            self._set_status_by_hand(vals)
        cancelled = {name: vals[name] for name in OF_CANCELLED if name in vals}
        if cancelled and vals.get("status") != "cancelled":
            self._correct_cancellation(cancelled)

    @api.model
    def _status_for(self, number, expiry, today, current=None):
        """The status that follows from number and expiry date.

        ``current`` stays when it is a person's decision (renewed, cancelled).
        """
        if current in DECISIONS:
            return current
        if not number:
            return "draft"
        return "expired" if expiry and expiry < today else "active"

    def _status_today(self, decided=True):
        """The status that follows today; ``decided``: a person's decision stays."""
        # sudo: only the zone is read
        today = self.sudo().config_id._today()
        current = self.status if decided else None
        return self._status_for(self.permit_number, self.expiry_date, today, current)

    def _status_label(self, status):
        labels = dict(self._fields["status"]._description_selection(self.env))
        return labels[status]

    def _status_words(self):
        """The status as the office calls it: of an ended permit the kind of ending."""
        self.ensure_one()
        if self.status != "cancelled":
            return self._status_label(self.status)
        kinds = dict(self._fields["ending"]._description_selection(self.env))
        return kinds.get(self.ending) or self._status_label(self.status)

    def _set_status_by_hand(self, vals):
        """Renewed and cancelled are people's decisions, the others follow from number
        and date: choosing the one that follows takes a decision back."""
        status = vals["status"]
        changed = self.filtered(lambda permit: permit.status != status)
        if status == "cancelled":
            ending = vals.get("ending") or "cancelled"
            changed._cancel(vals.get("cancel_reason"), ending)
        elif status == "renewed":
            changed._mark_renewed(self.browse())
        else:
            changed._check_follows(status)
            changed._reopen()

    def _check_follows(self, status):
        for permit in self:
            derived = permit._status_today(decided=False)
            if status != derived:
                raise UserError(
                    self.env._(
                        "By its number and expiry date, %(permit)s is “%(status)s”; "
                        "nobody has to set that. Besides, it can be marked as renewed, "
                        "or ended with a reason.",
                        permit=permit.display_name,
                        status=self._status_label(derived),
                    )
                )

    def _correct_cancellation(self, values):
        values = {name: (value or "").strip() for name, value in values.items()}
        open_permits = self.filtered(lambda permit: permit.status != "cancelled")
        if open_permits or not all(values.values()):
            raise UserError(
                self.env._(
                    "A reason and a kind of ending belong to a permit that was ended, "
                    "which always has both. Use Cancel Permit to end it, or Reopen to "
                    "take it back."
                )
            )
        # sudo: access was checked in write()
        self.sudo().write(values)

    def _cancel(self, reason, ending="cancelled"):
        """Cancel these permits for a ``reason``; operators only. ``ending`` is one of
        the field's: what the office calls it.

        UserError without a reason, or when one is renewed or cancelled already.
        """
        self._require_operator()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "A permit is ended with a reason: press Cancel Permit and say why. "
                    "It is kept with the permit."
                )
            )
        self._require_open()
        for config, permits in self.grouped("config_id").items():
            # sudo: only the zone is read
            today = config.sudo()._today()
            permits._decide(
                status="cancelled",
                cancel_reason=reason,
                cancel_date=today,
                ending=ending,
            )

    def _reopen(self):
        """Take a decision back: the status follows from number and date again, and the
        renewal is forgotten. Operators only; UserError when nothing was decided."""
        self._require_operator()
        for permit in self:
            if permit.status not in DECISIONS:
                raise UserError(
                    self.env._(
                        "%s is neither renewed nor ended, so there is nothing to take "
                        "back.",
                        permit.display_name,
                    )
                )
            permit._decide(
                status=permit._status_today(decided=False),
                renewed_by_id=False,
                cancel_reason=False,
                cancel_date=False,
                ending=False,
            )

    def _require_open(self):
        """UserError when one of the permits is renewed or cancelled already."""
        for permit in self:
            if permit.status in DECISIONS:
                raise UserError(
                    self.env._(
                        "%(permit)s is “%(status)s” already. Reopen it first.",
                        permit=permit.display_name,
                        status=permit._status_words(),
                    )
                )

    def _decide(self, **values):
        """Write what a person decided; the caller has checked access and rules."""
        # sudo: status and what belongs to it are written by their rules only
        self.sudo().write(values)
