"""What people decide about a permit: cancelled, or open again. See also
sicantik_permit_renewal.py."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.constants import DECISIONS


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    cancel_reason = fields.Text("Reason for Cancelling", tracking=True)
    cancel_date = fields.Date("Cancelled on")

    def _cancel(self, reason):
        """Cancel these permits for a ``reason``; operators only.

        UserError without a reason, or when one is renewed or cancelled already.
        """
        self._require_operator()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "A permit is cancelled with a reason: press Cancel Permit and say "
                    "why. It is kept with the permit."
                )
            )
        self._require_open()
        for config, permits in self.grouped("config_id").items():
            # sudo: only the zone is read
            today = config.sudo()._today()
            permits._decide(status="cancelled", cancel_reason=reason, cancel_date=today)

    def _reopen(self):
        """Take a decision back: the status follows from number and date again, and the
        renewal is forgotten. Operators only; UserError when nothing was decided."""
        self._require_operator()
        for permit in self:
            if permit.status not in DECISIONS:
                raise UserError(
                    self.env._(
                        "%s is neither renewed nor cancelled, so there is nothing to "
                        "take back.",
                        permit.display_name,
                    )
                )
            permit._decide(
                status=permit._status_today(decided=False),
                renewed_by_id=False,
                cancel_reason=False,
                cancel_date=False,
            )

    def _require_open(self):
        """UserError when one of the permits is renewed or cancelled already."""
        for permit in self:
            if permit.status in DECISIONS:
                raise UserError(
                    self.env._(
                        "%(permit)s is “%(status)s” already. Reopen it first.",
                        permit=permit.display_name,
                        status=self._status_label(permit.status),
                    )
                )

    def _decide(self, **values):
        """Write what a person decided; the caller has checked access and rules."""
        before = self.grouped("status")
        # sudo: status and what belongs to it are written by their rules only
        self.sudo().write(values)
        for old_status, permits in before.items():
            permits._after_status_by_hand(old_status)

    def _after_status_by_hand(self, old_status):
        """A person changed the status of these permits from ``old_status``. For files
        and addons that have something to tell."""
