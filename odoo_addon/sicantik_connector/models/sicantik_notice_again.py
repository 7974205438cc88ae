"""What people do with a notice: send a failed one again, or give one up."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.constants import OPERATOR
from ..tools.rights import require_group
from .sicantik_permit_tell import RENEWED


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def action_send_again(self):
        """Send failed notices again, to the contact as it is now; operators only.

        Of a renewal the holder of the older permit is told, whatever contact the new
        one has.
        """
        self._require_states(
            ("failed",), self.env._("Only failed notices are sent again.")
        )
        # sudo: notices are written by methods only; the group was checked above
        for notice in self.sudo():
            notice._stop_mail()
            notice._end("due")
            notice.write({"date_due": fields.Datetime.now(), "mail_id": False})
            own = notice.kind != RENEWED and notice.permit_id.partner_id
            notice._readdress(own or notice.partner_id)
        self.sudo()._wake_action()
        return True

    def action_cancel(self):
        """Give up notices that wait or failed; operators only."""
        self._require_states(
            ("due", "failed"),
            self.env._("Only notices that wait or failed can be cancelled."),
        )
        # sudo: as above
        for notice in self.sudo():
            notice._end("cancelled", "by_hand", self.env.user.name)
        return True

    def _require_states(self, states, remedy):
        """AccessError unless the user is an operator who may see the notices; UserError
        with ``remedy`` unless all are in one of ``states``."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may send or cancel "
                "notices. Ask an administrator for it."
            ),
        )
        if any(notice.state not in states for notice in self):
            raise UserError(remedy)
