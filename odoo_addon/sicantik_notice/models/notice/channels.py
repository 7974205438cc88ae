"""How a notice reaches its recipient: by e-mail (``email.py``), else through a person
of the office (``activity.py``).

An addon with a further channel adds it to the field (``selection_add``), puts its name
into ``_channels`` and brings ``_can_<channel>`` and ``_send_<channel>``. What it hears
afterwards it tells by ``_note_outcome`` (``outcome.py``).

While a configuration names *All Notices To*, every notice goes there: a channel asks
``_addresses`` and ``_number`` where to.
"""

from odoo import api, fields, models

from ...tools.addresses import addresses_in
from .notice import STAFF


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    # Hand-overs so far, and the channels of the latest ones: since it was last sent
    # again by a person.
    attempts = fields.Integer("Hand-overs", default=0, required=True)
    tried = fields.Json("Channels Tried")
    # Not what Odoo hands over anew by itself: for a channel that has to know whether a
    # message is the same one.
    resends = fields.Integer("Times Sent Again", default=0, required=True)
    redirected = fields.Boolean(
        "Went to All Notices To",
        help="It went to the address or number of All Notices To instead of the "
        "recipient's.",
    )
    trial = fields.Boolean(compute="_compute_trial", compute_sudo=True)

    def _channels(self):
        """The names of the channels, the one to be preferred first.

        The first whose ``_can_<channel>()`` says yes is chosen when the notice becomes
        due. ``_send_<channel>()`` hands the notice over and returns nothing, or a code
        of ``_notice_reasons`` that says why it could not; ``attempts`` is the number of
        this hand-over. After a code of ``_unreachable_reasons`` the next one is tried.
        """
        self.ensure_one()
        return ["email", "activity"]

    @api.model
    def _channels_together(self):
        """The channels that tell of several notices at once: ``_send_<channel>`` is
        called of the first one, and hands over all of ``_together()``."""
        return {"email", "activity"}

    @api.model
    def _unreachable_reasons(self):
        """The codes by which a channel says that the recipient cannot be reached by it,
        and certainly got nothing."""
        return {"no_address"}

    def _choose_channel(self):
        """Begin with the first one that can."""
        for notice in self:
            if notice.tried:
                notice.tried = False
            notice._take_channel(notice._next_channel())

    def _follow_channel(self):
        """What was not tried yet goes by the first channel that can now; one that is
        chosen, and is none any more, stays."""
        if self.tried or (self.channel and self.channel not in self._channels()):
            return
        channel = self._next_channel()
        if channel != (self.channel or None):
            self._take_channel(channel)

    def _next_channel(self):
        """The first one that can, and was not tried yet; None when none is left."""
        tried = self.tried or ()
        left = [name for name in self._channels() if name not in tried]
        return next((name for name in left if getattr(self, f"_can_{name}")()), None)

    def _take_channel(self, channel):
        for notice in self:
            asked = channel == "activity" and notice.recipient_type != STAFF
            user = asked and notice.config_id.user_id.id
            notice.write({"channel": channel, "user_id": user})
            # Who is told together may depend on the channel.
            notice.together_key = notice._together_key()

    def _addresses(self):
        """The e-mail addresses to write to: of *All Notices To*, else all that stand in
        the contact's field. None of an archived contact."""
        partner = self.partner_id
        own = addresses_in(partner.email) if partner.active else []
        instead = self.config_id.all_notices_email
        return [instead] if own and instead else own

    def _number(self, own):
        """The telephone number to use instead of ``own``."""
        return (own and self.config_id.all_notices_phone) or own

    @api.depends("redirected", "state", "config_id.all_notices_email")
    def _compute_trial(self):
        for notice in self:
            waits = notice.state == "due" and notice.config_id.all_notices_email
            notice.trial = notice.redirected or bool(waits)
