"""What providers tell that is not about a message of ours: people's answers, and the
state of texts. The worker brings it; what people write is not kept."""

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.landing import land
from odoo.addons.sicantik_connector.tools.phone_number import phone_key

from ...tools.answers import AGREES, REFUSES, read_answer

EVENTS_AT_ONCE = 200
# Of two calls with one event the later one is repeated, and then knows the event.
HEARD_TWICE = "sicantik_whatsapp_event_key_uniq"


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    @api.model
    def hear(self, events):
        """Take over what providers told; see docs/interfaces.md.

        ``{"accepted": [id], "refused": [{"key", "code", "message"}]}`` with the codes
        ``unknown``, ``data``, ``constraint`` and ``internal``. An event that comes
        twice counts once.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        self.env["sicantik.sync.run"]._check_batch(events, EVENTS_AT_ONCE)
        model = configs._worker_env().env[self._name]
        found = model.search(
            [("uuid", "in", [str(event.get("account")) for event in events])]
        )
        found._lock()
        by_uuid = {account.uuid: account for account in found}
        known = [event for event in events if event.get("account") in by_uuid]

        def take(some):
            for event in some:
                by_uuid[event.get("account")]._take_event(event)

        message = self.env._("There is no such account.")
        refused = [
            {"key": event.get("id"), "code": "unknown", "message": message}
            for event in events
            if event.get("account") not in by_uuid
        ]
        for event, (code, message) in land(model.env, known, take, (HEARD_TWICE,)):
            refused.append({"key": event.get("id"), "code": code, "message": message})
        keys = {item["key"] for item in refused}
        accepted = [event.get("id") for event in known if event.get("id") not in keys]
        return {"accepted": accepted, "refused": refused}

    def _take_event(self, event):
        """Do what one event says, unless it was heard; ValueError for another kind."""
        log, kind = self.env["sicantik.whatsapp.event"], event.get("kind")
        if kind not in dict(log._fields["kind"].selection):
            raise ValueError(kind)
        key = log._key_of(self, event.get("id"))
        if log._is_heard(key):
            return
        outcome = getattr(self, f"_hear_{kind}")(event)
        log.create(
            {
                "key": key,
                "account_id": self.id,
                "company_id": self.company_id.id,
                "kind": kind,
                "outcome": outcome,
            }
        )
        self.env.flush_all()

    def _hear_inbound(self, event):
        """A person wrote: it may be an answer about notices. Whoever shows no telephone
        number cannot be told from others."""
        answer, code = read_answer(event.get("text"))
        if not answer:
            return "nothing"
        digits = str(event.get("from") or "").lstrip("+")
        number = phone_key(f"+{digits}")
        if not number:
            return "no_number"
        # A provider's clock may be ahead.
        now = fields.Datetime.now()
        date = min(fields.Datetime.to_datetime(event.get("at")) or now, now)
        config = self.config_id
        told = config._whom_to_tell(config._responsible())
        partners = self.env["res.partner"].with_context(lang=told.lang or self.env.lang)
        return {
            AGREES: lambda: partners._hear_agreement(config, number, code, date),
            REFUSES: lambda: partners._hear_refusal(config, number, date),
        }[answer]()

    def _hear_text(self, event):
        """What the provider says of a text's approval."""
        return self._registration_of(event)._take_state(event.get("state"))

    def _hear_category(self, event):
        """As what the provider counts a text."""
        return self._registration_of(event)._take_category(event.get("category"))

    def _registration_of(self, event):
        """The text as it is registered with the account's provider; none for one that
        is not the office's."""
        return self.env["sicantik.whatsapp.registration"]._told_by(self, event)
