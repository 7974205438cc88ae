"""What makes two messages the same: what they say, to whom. No id of a record and
nothing random is in it, so an Odoo that was restored makes the same again.
"""

from odoo import fields, models

from odoo.addons.sicantik_notice.models.notice import PERMIT


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _whatsapp_content(self, number):
        """The parts of the key: kind, about what, event by facts, step and number. How
        often a person had it sent again is added to them (``_whatsapp_resends``)."""
        self.ensure_one()
        trial = "trial" if self.redirected else ""
        return (
            self.kind,
            *self._whatsapp_about(),
            self._by_kind("_whatsapp_event"),
            self.step,
            number,
            trial and self._whatsapp_own_number(),
        )

    def _whatsapp_resends(self):
        """How often a person had it sent again. Hand-overs by themselves do not count:
        an Odoo that was restored may need fewer, or more, of them for the same."""
        return self.resends

    def _whatsapp_about(self):
        """Of a permit the host of its SICANTIK and its identity; of a summary the
        office's day."""
        config, permit = self.config_id, self.permit_id
        if permit:
            return config.source_host, permit.identity
        return config.source_host, config.company_id.name, self._whatsapp_day()

    def _whatsapp_day(self):
        """The day of the event in the office's zone."""
        said = fields.Datetime.to_datetime((self.facts or {}).get("at"))
        moment = said or self.create_date or fields.Datetime.now()
        config = self.config_id.with_context(tz=self.config_id.tz)
        return fields.Date.to_string(fields.Date.context_today(config, moment))

    def _whatsapp_event_default(self):
        """What happened, by facts: an addon whose event has an id or a random part in
        it brings its own."""
        return self.event

    def _whatsapp_event_permit_expiring(self):
        return fields.Date.to_string(self.expiry_date) or self.event

    def _whatsapp_event_status_update(self):
        """From which status to which, on which day."""
        facts = self.facts or {}
        if self.res_model != PERMIT or not facts.get("new"):
            return self.event
        names = ("old", "old_ending", "new", "ending")
        said = [facts.get(name) or "" for name in names]
        return "/".join([*said, self._whatsapp_day()])
