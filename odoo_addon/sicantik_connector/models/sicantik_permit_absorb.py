"""One permit where there were several unnumbered ones."""

from odoo import models

DATES = [("expiry_date", "expiry_source"), ("issue_date", "issue_source")]


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _absorb(self, others):
        """Take over what people left on ``others``, which then go.

        An application for two types has two unnumbered permits; when SICANTIK gives
        both the same number they become one permit with two types.
        """
        self.ensure_one()
        self._take_notes(others)
        self._take_dates(others)
        self._take_reasons(others)
        self._take_contact(others)
        self.message_subscribe(partner_ids=others.message_partner_ids.ids)
        for model, name in (
            ("mail.message", "model"),
            ("mail.activity", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            domain = [(name, "=", self._name), ("res_id", "in", others.ids)]
            self.env[model].search(domain).write({"res_id": self.id})
        others.unlink()

    def _take_notes(self, others):
        notes = [permit.notes for permit in self | others if permit.notes]
        if notes and notes != [self.notes]:
            self.write({"notes": "".join(notes)})

    def _take_dates(self, others):
        """A date by hand wins over SICANTIK's, on this record, too."""
        for name, source in DATES:
            dated = others.filtered(lambda p, source=source: p[source] == "manual")[:1]
            if dated and self[source] != "manual":
                self.write({name: dated[name], source: "manual"})

    def _take_reasons(self, others):
        """What was cancelled is a permit now; why it was stays readable."""
        for permit in others.filtered("cancel_reason"):
            body = self.env._(
                "An application that became part of this permit had been cancelled: "
                "%(reason)s",
                reason=permit.cancel_reason,
            )
            self._message_log(body=body)

    def _take_contact(self, others):
        """A person's choice of contact outlives the record on which it was made."""
        chosen = others.filtered(lambda p: p.partner_source == "manual")[:1]
        if chosen and self.partner_source != "manual":
            self.write(
                {
                    "partner_id": chosen.partner_id.id,
                    "partner_source": "manual",
                    "proposed_partner_id": False,
                }
            )
