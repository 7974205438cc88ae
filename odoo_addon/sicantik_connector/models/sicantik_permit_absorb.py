"""One permit where there were several unnumbered ones."""

from odoo import models


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _absorb(self, others):
        """Take over what people left on ``others``, which then go.

        An application for two types has two unnumbered permits; when SICANTIK gives
        both the same number they become one permit with two types.
        """
        self.ensure_one()
        self._take_notes(others)
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
