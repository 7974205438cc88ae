"""Which status a permit has: what follows from number and date, and what people write.

What people decide (renewed, cancelled) and take back is in sicantik_permit_decide.py.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.constants import DECISIONS


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

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

    def write(self, vals):
        """A status that a person chooses follows its rules; the rest as always."""
        if self.env.su or not {"status", "cancel_reason"} & vals.keys():
            return super().write(vals)
        self._check_people_fields(vals)
        self._require_operator()
        rest = dict(vals)
        status, reason = rest.pop("status", None), rest.pop("cancel_reason", None)
        # The status last: a date in the same call may be what it follows from.
        result = super().write(rest) if rest else True
        if "status" in vals:
            self._set_status_by_hand(status, reason)
        if "cancel_reason" in vals and status != "cancelled":
            self._correct_reason(reason)
        return result

    def _set_status_by_hand(self, status, reason=None):
        """Renewed and cancelled are people's decisions, the others follow from number
        and date: choosing the one that follows takes a decision back."""
        changed = self.filtered(lambda permit: permit.status != status)
        if status == "cancelled":
            changed._cancel(reason)
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
                        "or cancelled with a reason.",
                        permit=permit.display_name,
                        status=self._status_label(derived),
                    )
                )

    def _correct_reason(self, reason):
        if (
            self.filtered(lambda p: p.status != "cancelled")
            or not (reason or "").strip()
        ):
            raise UserError(
                self.env._(
                    "A reason belongs to a cancelled permit, which always has one. Use "
                    "Cancel Permit to cancel, or Reopen to take it back."
                )
            )
        # sudo: access was checked in write()
        self.sudo().write({"cancel_reason": reason.strip()})
