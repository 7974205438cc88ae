"""Where a blocked number is obeyed: at the way of a notice, at what waits, at tests."""

from odoo import api, models
from odoo.exceptions import UserError

from ..message import OPEN


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _whatsapp_to(self):
        """Nowhere, where the number is blocked; in a trial that of *All Notices To*,
        too."""
        number = super()._whatsapp_to()
        blocked = self.env["sicantik.whatsapp.blocked"]
        # sudo: whoever causes a notice need not see blocked numbers
        if number and blocked.sudo()._among([number], self.company_id):
            return False
        return number

    def _whatsapp_number(self):
        """Nor does a person write there by the link of the notice."""
        number = super()._whatsapp_number()
        blocked = self.env["sicantik.whatsapp.blocked"]
        # sudo: as above
        if number and blocked.sudo()._among([number], self.company_id):
            return False
        return number


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    def _may_go_again(self):
        return super()._may_go_again() and not self._is_blocked_test()

    def _is_still_meant(self):
        """Of what a worker had already, the worker knows what became of it."""
        had = self.state == "claimed"
        return super()._is_still_meant() and (had or not self._is_blocked_test())

    def _is_blocked_test(self):
        """Whether it is a test to a number that was blocked since; of notices their way
        looks at it."""
        blocked = self.env["sicantik.whatsapp.blocked"]
        # sudo: as above
        return self.is_test and bool(
            blocked.sudo()._among([self.number], self.company_id)
        )

    @api.model
    def _stop_blocked(self, numbers, company):
        """Stop what waits for ``numbers``, of one company, or of all without one; call
        with sudo. Notices go by whichever way there is now; what a worker has, it is
        asked to stop."""
        concerned = [("number", "in", numbers), ("state", "in", OPEN)]
        if company:
            concerned.append(("company_id", "=", company.id))
        found = self.search(concerned)
        found._lock()
        of_notices = found.filtered("notice_id")
        waiting = of_notices.filtered(lambda message: message.state == "queued")
        waiting._hand_back("blocked")
        (of_notices - waiting)._stop("changed")
        (found - of_notices)._stop("blocked")


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    def _send_test(self, text, number):
        """UserError for a number that is blocked."""
        blocked = self.env["sicantik.whatsapp.blocked"]
        if blocked._among([number], self.company_id):
            raise UserError(
                self.env._(
                    "Your number %s is blocked. Have it removed under WhatsApp › "
                    "Blocked, then press Test Notification again.",
                    number,
                )
            )
        return super()._send_test(text, number)
