"""What waits for an account that was archived. Where the office has no other one, its
notice waits again, for whichever way there is; a test goes by its own account or not
at all."""

from odoo import api, models

from .claim import ENDED_AT_ONCE
from .message import OPEN


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    @api.model
    def _end_useless(self, limit=ENDED_AT_ONCE):
        more = super()._end_useless(limit)
        return self._end_stranded(limit) or more

    @api.model
    def _end_stranded(self, limit=ENDED_AT_ONCE):
        """End what no account may carry any more, also at the worker; call with sudo.
        Returns whether there may be more."""
        accounts = self.env["sicantik.whatsapp.account"].search(
            [("active", "=", True), ("sender_id", "!=", False)]
        )
        waiting = [
            ("state", "in", OPEN),
            ("cancel_requested", "=", False),
            ("config_id.active", "=", True),
        ]
        own = [("is_test", "=", True), ("account_id.active", "=", False)]
        tests = self.search([*waiting, *own], limit=limit)
        tests._stop("no_account")
        others = [
            ("is_test", "=", False),
            ("config_id", "not in", accounts.config_id.ids),
        ]
        left = self.search([*waiting, *others], limit=limit)
        left._lock()
        queued = left.filtered(lambda message: message.state == "queued")
        queued._hand_back("account_archived")
        (left - queued)._stop("changed")
        return limit in (len(tests), len(left))

    def _begins_anew(self, state, why):
        """A worker that knows the account no more has certainly not sent it. What a
        person cancelled stays so."""
        gone = state == "failed" and why == "no_account" and not self.account_id.active
        anew = gone and self.stop_why != "by_hand"
        return anew or super()._begins_anew(state, why)


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    def write(self, vals):
        """What only an archived account could carry goes another way at once."""
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            # sudo: messages are written by methods only
            self.env["sicantik.whatsapp.message"].sudo()._end_stranded()
        return result
