"""What a channel hears after the hand-over: late, twice, or in the wrong order.

Whatever the order in which outcomes come, the notice ends in the same state:

- *delivered* and *read* never go back, whichever hand-over they are of: the recipient
  has it, so what was to be sent again is not;
- of *unknown*, *sent* and *failed* the latest one of the newest hand-over counts; of
  two at the same moment the one that says more, in this order;
- a notice that was cancelled stays so, and keeps when it was delivered nevertheless.

One that failed since the recipient cannot be reached goes by the next channel, by
itself, when the action runs next. Nothing else is sent again by itself, and nothing of
which nobody knows whether it went out.
"""

from odoo import fields, models

HANDED_OVER = ("unknown", "sent", "failed")
ARRIVED = ("delivered", "read")


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    date_outcome = fields.Datetime("Last Heard of")
    date_delivered = fields.Datetime("Delivered on")

    def _note_outcome(
        self, outcome, at, attempt=None, code=None, detail=None, unreachable=False
    ):
        """Take over what became of a hand-over; call with sudo.

        ``outcome`` is ``unknown`` (nobody knows whether it went out), ``sent``,
        ``delivered``, ``read`` or ``failed``; ``at`` when that was, in UTC;
        ``attempt`` the number of the hand-over (``attempts`` at that time), default
        the newest. ``code`` is one of ``_notice_reasons``, ``detail`` what was said.
        ``unreachable``: it certainly was not sent, and this channel will never reach
        the recipient.
        """
        self.ensure_one()
        at = fields.Datetime.to_datetime(at)
        unreachable = unreachable and outcome == "failed"
        attempt = self.attempts if attempt is None else attempt
        if outcome in ARRIVED:
            self._note_arrival(outcome, at, attempt, code, detail)
        elif self._is_newest(outcome, at, attempt, unreachable):
            self.date_outcome = at
            self._take_channel_of(attempt)
            self._end(outcome, code, detail)
            if unreachable and self._move_on():
                self._end("due", code, detail)
                self.date_due = self.config_id._notice_time()
                self._wake_action()

    def _is_newest(self, outcome, at, attempt, unreachable):
        """Whether this is the newest that is known of the newest hand-over."""
        handed_over = attempt == self.attempts and self.tried
        if not handed_over or self.state not in ("due", *HANDED_OVER):
            return False
        # It waits for the next channel, since this one failed.
        waits = self.state == "due"
        known = HANDED_OVER.index("failed" if waits else self.state)
        said = (at, HANDED_OVER.index(outcome), unreachable)
        return not self.date_outcome or said > (self.date_outcome, known, waits)

    def _note_arrival(self, outcome, at, attempt, code, detail):
        before = self.date_delivered
        self.date_delivered = min(before, at) if before else at
        if self.state in ("cancelled", "skipped", "read", outcome):
            return
        if attempt != self.attempts:
            # What an earlier hand-over brought needs no e-mail and no call any more.
            self._give_up()
        self._take_channel_of(attempt)
        self._end(outcome, code, detail)

    def _take_channel_of(self, attempt):
        """The channel of a hand-over, which the next one may have replaced."""
        later, tried = self.attempts - attempt, self.tried or ()
        if later < len(tried) and tried[-1 - later] != self.channel:
            self._take_channel(tried[-1 - later])
