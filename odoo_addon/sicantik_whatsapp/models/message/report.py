"""What the worker tells of messages: twice, late, in the wrong order. Whatever the
order, a message ends in the same state, and its notice hears of each.
"""

from odoo import api, fields, models

from .message import OTHER_PRICE, PRICES

# What is told may come in any order; a lower rank takes nothing back.
RANKS = {
    "queued": 0,
    "claimed": 1,
    "waiting": 2,
    "unknown": 3,
    "accepted": 4,
    "sent": 5,
    "failed": 6,
    "expired": 6,
    "cancelled": 6,
    "delivered": 7,
    "read": 8,
}
REPORTED = frozenset(RANKS) - {"queued", "claimed"}
ARRIVED = ("delivered", "read")
# What the notice hears.
OUTCOMES = {
    "accepted": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "unknown": "unknown",
    "expired": "failed",
    "cancelled": "failed",
}
DATES = {
    state: f"date_{state}"
    for state in ("waiting", "accepted", "sent", "delivered", "read")
}
REPORTS_AT_ONCE = 200
LONGEST_DETAIL = 300
# Characters of a word that comes from the provider.
LONGEST_WORD = 200


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    @api.model
    def report(self, reports):
        """Take over what became of messages; see docs/interfaces.md.

        ``{"accepted": [uuid], "refused": [{"key", "code", "message"}]}`` with the codes
        ``unknown`` and ``data``.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        self.env["sicantik.sync.run"]._check_batch(reports, REPORTS_AT_ONCE)
        model = configs._worker_env().env[self._name]
        found = model.search([("uuid", "in", [item["uuid"] for item in reports])])
        found._lock()
        by_uuid = {message.uuid: message for message in found}
        accepted, refused = [], []
        for item in reports:
            message = by_uuid.get(item["uuid"], model)
            refusal = message._refusal_of(item)
            if refusal:
                refused.append({"key": item["uuid"], **refusal})
                continue
            message._take_report(item)
            accepted.append(message.uuid)
        return {"accepted": accepted, "refused": refused}

    def _refusal_of(self, item):
        if not self:
            message = self.env._("There is no such message.")
            return {"code": "unknown", "message": message}
        if item.get("state") not in REPORTED or not isinstance(
            item.get("attempt"), int
        ):
            message = self.env._("This is no state of a message.")
            return {"code": "data", "message": message}
        return None

    def _take_report(self, item):
        """Write what is news of ``item``, and tell the notice."""
        state, arrived = item["state"], item["state"] in ARRIVED
        if item["attempt"] != self.attempt and not arrived:
            return
        now = fields.Datetime.now()
        at = fields.Datetime.to_datetime(item.get("at")) or now
        self.date_heard = now
        told = self._told_values(item)
        values = {name: value for name, value in told.items() if value != self[name]}
        if state in DATES and not self[DATES[state]]:
            values[DATES[state]] = at
        higher = RANKS[state] > RANKS[self.state]
        again = state == self.state == "waiting"
        if higher or again:
            values |= self._state_values(item) | self._account_values(item)
        if higher:
            values["date_ended"] = state not in DATES and at
        if values:
            self.write(values)
        if higher:
            self._tell_notice(state, at, item.get("why"))

    @api.model
    def _told_values(self, item):
        """What the provider calls the message, once it is known."""
        told = {}
        if item.get("provider_id"):
            told["provider_id"] = str(item["provider_id"])[:LONGEST_WORD]
        if item.get("category"):
            price = str(item["category"]).lower()
            told["category"] = price if price in dict(PRICES) else OTHER_PRICE
        return told

    def _account_values(self, item):
        """Another account of the office took it over: from now on it is that one's."""
        by = item.get("account")
        if not by or by == self.account_id.uuid:
            return {}
        account = self.env["sicantik.whatsapp.account"].search(
            [("uuid", "=", by), ("config_id", "=", self.config_id.id)]
        )
        registration = self.text_id._registration(account.provider)
        name = registration.name or self.text_name
        return {"account_id": account.id, "text_name": name} if account else {}

    @api.model
    def _state_values(self, item):
        return {
            "state": item["state"],
            "why": (item.get("why") or "")[:LONGEST_WORD] or False,
            "code": (item.get("code") or "")[:LONGEST_WORD] or False,
            "detail": (item.get("detail") or "")[:LONGEST_DETAIL] or False,
            "lease_until": False,
        }

    def _end(self, state, why, tell=True):
        """End these in Odoo, where no worker has them; the notices hear of it, unless
        they are the cause."""
        now = fields.Datetime.now()
        for message in self:
            message.write(
                {
                    "state": state,
                    "why": why,
                    "code": False,
                    "detail": False,
                    "lease_until": False,
                    "date_ended": now,
                }
            )
            if tell:
                message._tell_notice(state, now, why)

    def _tell_notice(self, state, at, why):
        """The notice hears what became of it; a number that has no WhatsApp is not
        written to any more."""
        outcome, notice = OUTCOMES.get(state), self.notice_id
        missing = state == "failed" and why == "not_on_whatsapp"
        if missing and self.partner_id and self.number and not notice.redirected:
            self.partner_id.whatsapp_unreachable = self.number
        if not (outcome and notice):
            return
        if self._begins_anew(state, why):
            notice._begin_anew(self.notice_attempt)
            return
        code = None
        if outcome in ("failed", "unknown"):
            code = f"whatsapp_{why or state}"
        notice._note_outcome(
            outcome,
            at,
            attempt=self.notice_attempt,
            code=code,
            detail=self.technical_detail or None,
            unreachable=missing,
        )

    def _begins_anew(self, state, _why):
        """Whether its notice waits again instead: it was stopped for another way."""
        return state == "cancelled" and self.stop_why == "changed"
