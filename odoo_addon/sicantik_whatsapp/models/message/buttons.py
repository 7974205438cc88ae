"""The buttons of a message: *Send Again* and *Cancel*."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.constants import OPERATOR
from odoo.addons.sicantik_connector.tools.rights import require_group

from ..account import TEST_HOURS
from .make import key_of
from .message import AGAIN, OPEN

# A message that is sent again begins anew.
FORGOTTEN = (
    "why",
    "code",
    "detail",
    "provider_id",
    "category",
    "lease_until",
    "worker_name",
    "date_claimed",
    "date_waiting",
    "date_accepted",
    "date_sent",
    "date_ended",
)
# A person pressed Cancel.
BY_HAND = "by_hand"
# Of a notice in these states a message may be sent again by itself.
OF_NOTICE = ("sent", "unknown", "failed")


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    # In which word it was asked to stop: of *changed* the notice goes another way.
    stop_why = fields.Char("Why It Is to Be Stopped")
    may_be_sent_again = fields.Boolean(compute="_compute_may_be", compute_sudo=True)
    may_be_cancelled = fields.Boolean(compute="_compute_may_be", compute_sudo=True)

    @api.depends("state", "cancel_requested", "number", "notice_id.state")
    def _compute_may_be(self):
        """What people may do with it now."""
        for message in self:
            message.may_be_sent_again = message._may_go_again()
            open_one = message.state in OPEN
            message.may_be_cancelled = open_one and not message.cancel_requested

    def _may_go_again(self):
        """Whether it ended without having arrived, and is still what the notice says,
        to whom and where."""
        if self.state not in AGAIN or not self.number or not self._carriers():
            return False
        notice = self.notice_id
        if not notice:
            return self.is_test
        newest = notice.attempts == self.notice_attempt and notice.state in OF_NOTICE
        overtaken, _code = notice._overtaken()
        return bool(newest and not overtaken and notice._may_whatsapp(self))

    def action_send_again(self):
        """Send messages once more, with the same values; operators only."""
        self._require_operator()
        if not all(message.may_be_sent_again for message in self):
            raise UserError(
                self.env._(
                    "Only messages that failed, expired or were cancelled, or of which "
                    "nobody knows whether they went out, are sent again, and only "
                    "while the notice, the number and the answer of the contact are "
                    "still the same. Else open the notice and press Send Again there."
                )
            )
        # sudo: messages are written by methods only; the group was checked above
        for message in self.sudo():
            message._lock()
            attempt = message.attempt + 1
            notice = message.notice_id
            message.write(
                {
                    **dict.fromkeys(FORGOTTEN, False),
                    "state": "queued",
                    "cancel_requested": False,
                    "stop_why": False,
                    "attempt": attempt,
                    "date_queued": fields.Datetime.now(),
                    "key": key_of(message.content, 1 + message._count_again()),
                    "expires_at": message._expiry_anew(),
                }
            )
            # It is handed over once more; what comes of it is heard as the first time.
            notice._end("sent")
        self.sudo()._wake()
        return True

    def _expiry_anew(self):
        """Until when it is of use when it is sent again now, in UTC."""
        if self.is_test:
            return fields.Datetime.now() + timedelta(hours=TEST_HOURS)
        return self.notice_id._whatsapp_expiry()

    def _count_again(self):
        """Count that a person sends it again; returns how often that was."""
        told = self._told_notices()
        for notice in told:
            notice.resends += 1
        return max(told.mapped("resends"), default=self.attempt)

    def _told_notices(self):
        """The notices that it tells of; a test has none."""
        return self.notice_id

    def action_cancel(self):
        """Stop messages that nobody got yet; operators only. One that the worker has it
        is asked to stop."""
        self._require_operator()
        if not all(message.state in OPEN for message in self):
            raise UserError(
                self.env._("Only messages that still wait can be cancelled.")
            )
        # sudo: as above
        self.sudo()._stop(BY_HAND)
        return True

    def _stop(self, why, tell=True):
        """End what no worker took, ask for the rest to be stopped; call with sudo."""
        self._lock()
        waiting = self.filtered(lambda message: message.state == "queued")
        waiting._end("cancelled", why, tell)
        taken = (self - waiting).filtered(lambda message: message.state in OPEN)
        taken.cancel_requested = True
        taken._stop_for(why)
        taken._wake()

    def _stop_for(self, why):
        """Note why these are to be stopped. What a person cancelled stays cancelled,
        whatever becomes a reason after that."""
        self.filtered(lambda message: message.stop_why != BY_HAND).stop_why = why

    def _require_operator(self):
        """AccessError unless the user is an operator who may see the messages."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may send or cancel "
                "messages. Ask an administrator for it."
            ),
        )
