"""Notes in the chatter: only when a status or a date that was there changes."""

from odoo import api, models
from odoo.tools import format_date


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _changes_of(self, steps):
        """What deserves a note, to be read before the steps are applied: a first fill
        does not. ``{permit id: (old status, new status, old date, new date)}``"""
        values = {step.permit_id: step.values for step in steps if step.permit_id}
        changes = {}
        for permit in self.filtered(lambda p: p.id in values):
            new = values[permit.id]
            status = new.get("status", permit.status)
            date = new.get("expiry_date", permit.expiry_date)
            other_date = permit.expiry_date and date != permit.expiry_date
            if status != permit.status or other_date:
                old_date = permit.expiry_date if other_date else False
                changes[permit.id] = (permit.status, status, old_date, date)
        return changes

    @api.model
    def _note_changes(self, changes):
        """Log one note a permit, in the company's language; one batch of inserts."""
        changes = {key: change for key, change in changes.items() if key and change}
        if not changes:
            return
        permits = self.browse(changes)
        lang = permits[:1].company_id.partner_id.lang or self.env.lang
        permits = permits.with_context(lang=lang)
        labels = dict(self._fields["status"]._description_selection(permits.env))
        bodies = {
            permit.id: permit._note_of(*changes[permit.id], labels)
            for permit in permits
        }
        permits._message_log_batch(bodies=bodies)

    def _note_of(self, old_status, status, old_date, date, labels):
        parts = []
        if old_status != status:
            parts.append(
                self.env._(
                    "Status: %(old)s → %(new)s.",
                    old=labels[old_status],
                    new=labels[status],
                )
            )
        if old_date:
            parts.append(
                self.env._(
                    "Expiry date in SICANTIK: %(old)s → %(new)s.",
                    old=format_date(self.env, old_date),
                    new=format_date(self.env, date) if date else self.env._("none"),
                )
            )
        return " ".join(parts)
