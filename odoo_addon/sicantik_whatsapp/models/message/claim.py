"""Messages are handed to a worker: the most urgent first, in batches. Those that nobody
needs any more, or that came too late, are given to nobody."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.constants import LEASE_MAX, LEASE_MIN
from odoo.addons.sicantik_connector.tools.landing import lock_rows

from .message import OPEN

# Messages of one answer, and of one look for those that came too late.
CLAIMED_AT_ONCE = 200
ENDED_AT_ONCE = 500
# Uuids that one answer asks to stop.
STOPPED_AT_ONCE = 1000
# A worker is asked again for what it has not spoken of for so long.
ASKED_AFTER_HOURS, ASKED_AT_ONCE = 6, 200


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    @api.model
    def claim(self, worker, limit, lease_seconds):
        """Give messages to the worker instance ``worker``; see docs/interfaces.md.

        ``{"accounts": [ACCOUNT], "claimed": [MESSAGE], "cancel": [ORDER], "ask":
        [ORDER], "more"}``.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        seconds = min(max(int(lease_seconds), LEASE_MIN), LEASE_MAX)
        limit = min(max(int(limit), 0), CLAIMED_AT_ONCE)
        model = configs._worker_env().env[self._name]
        accounts = model.env["sicantik.whatsapp.account"].search(
            [("active", "=", True), ("config_id.active", "=", True)]
        )
        model._end_useless()
        found = model.search(
            model._claimable(accounts), order="priority, id", limit=limit + 1
        )
        taken = found[:limit]
        taken._lock()
        until = fields.Datetime.now() + timedelta(seconds=seconds)
        ways = {message: message._ways_now(accounts) for message in taken}
        refused = taken.filtered(
            lambda message: not (ways[message] and message._is_still_meant())
        )
        refused._hand_back()
        (taken - refused)._take(worker, until)
        return {
            "accounts": [account._worker_values() for account in accounts],
            "claimed": [one._claim_values(ways[one]) for one in taken - refused],
            "cancel": model._to_be_stopped(),
            "ask": model._not_heard_of(),
            "more": len(found) > limit,
        }

    @api.model
    def _claimable(self, accounts):
        """What one of ``accounts`` may carry: its own, and what another account of the
        same configuration may take over."""
        now = fields.Datetime.now()
        return [
            "|",
            ("account_id", "in", accounts.ids),
            *("&", ("is_test", "=", False), ("state", "=", "queued")),
            ("config_id", "in", accounts.config_id.ids),
            ("cancel_requested", "=", False),
            "|",
            ("state", "=", "queued"),
            "&",
            ("state", "=", "claimed"),
            ("lease_until", "<", now),
        ]

    def _lock(self):
        """Lock the rows, as they are here, until the end of the transaction."""
        if self:
            self.flush_recordset()
            lock_rows(self)

    @api.model
    def _end_useless(self, limit=ENDED_AT_ONCE):
        """End what waits in Odoo and came too late, or whose notice was deleted; call
        with sudo. Returns whether there may be more.

        What a worker took it may have sent: its end is for the worker to tell.
        """
        now = fields.Datetime.now()
        waiting = [("state", "=", "queued")]
        late = self.search([*waiting, ("expires_at", "<=", now)], limit=limit)
        late._lock()
        late._end("expired", "expired")
        orphans = self.search([*waiting, *self._without_notice()], limit=limit)
        orphans._lock()
        orphans._end("cancelled", "gone")
        return limit in (len(late), len(orphans))

    @api.model
    def _without_notice(self):
        return [("notice_id", "=", False), ("is_test", "=", False)]

    def _is_still_meant(self):
        """Whether the recipient may still be written to at this number. Of what a
        worker had already, the worker knows what became of it."""
        notice = self.notice_id
        return self.is_test or self.state == "claimed" or notice._may_whatsapp(self)

    @api.model
    def _withdraw_of(self, partners):
        """Stop what waits for ``partners`` and may not go to its number any more; call
        with sudo. What a worker has, it is asked to stop."""
        open_ones = [("partner_id", "in", partners.ids), ("state", "in", OPEN)]
        gone = self.search([*open_ones, ("notice_id", "!=", False)]).filtered(
            lambda message: not message.notice_id._may_whatsapp(message)
        )
        gone._lock()
        waiting = gone.filtered(lambda message: message.state == "queued")
        waiting._hand_back()
        (gone - waiting)._stop("changed")

    def _hand_back(self, why="changed"):
        """The notices of these wait again, for whichever channel can reach the
        recipient now."""
        self._end("cancelled", why, tell=False)
        for message in self:
            message.notice_id._begin_anew(message.notice_attempt)

    def _take(self, worker, until):
        now = fields.Datetime.now()
        for date, messages in self.grouped("date_claimed").items():
            messages.write(
                {
                    "state": "claimed",
                    "worker_name": worker,
                    "lease_until": until,
                    "date_claimed": date or now,
                }
            )

    @api.model
    def _to_be_stopped(self):
        # Of one that was claimed just now its worker has not said yet that it has it.
        told = [state for state in OPEN if state not in ("queued", "claimed")]
        stopped = [
            *("&", "|", ("state", "in", told)),
            *("&", ("state", "=", "claimed")),
            ("lease_until", "<", fields.Datetime.now()),
            "|",
            ("cancel_requested", "=", True),
            *["&", *self._without_notice()],
        ]
        found = self.search(stopped, order="id", limit=STOPPED_AT_ONCE)
        return found._named()

    @api.model
    def _not_heard_of(self):
        """What waits at the worker, as Odoo believes, and of which it has heard nothing
        for hours: a database that was restored, here or there, may believe wrongly."""
        long_ago = fields.Datetime.now() - timedelta(hours=ASKED_AFTER_HOURS)
        waiting = [("state", "=", "waiting"), ("date_heard", "<", long_ago)]
        return self.search(waiting, order="id", limit=ASKED_AT_ONCE)._named()

    def _named(self):
        return [{"uuid": one.uuid, "attempt": one.attempt} for one in self]

    def _claim_values(self, ways):
        """MESSAGE of docs/interfaces.md."""
        self.ensure_one()
        return {
            "uuid": self.uuid,
            "attempt": self.attempt,
            "key": self.key,
            "ways": ways,
            "configuration": self.config_id.id,
            "number": self.number,
            "language": self.language,
            "button": self.button or None,
            "header": self.header or None,
            "parameters": self.parameters or [],
            "may_be_empty": self.may_be_empty or [],
            "variables": self.variables,
            "priority": self.priority,
            "expires_at": fields.Datetime.to_string(self.expires_at) or None,
            "at_night": self.at_night,
        }
