"""The door for events: something happened to a permit, and its applicant is told."""

from odoo import api, fields, models


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    @api.model
    def _tell(self, permits, kind, event, partner=None, facts=None):
        """Queue a notice about an event for each of ``permits``; returns the new ones.

        ``kind`` is one of the field's; ``event`` is a short key of what happened, the
        same at every call for the same event (``renewed:12``), so that calling twice
        tells once. ``partner`` is who is told, default each permit's own contact.
        ``facts`` are for the text: for ``status_update`` two statuses, ``{"old",
        "new"}``.

        Nothing is sent here: the action sends what is due, within a minute in the
        office's daytime. Nothing at all is made for an office that is not live yet.
        """
        # sudo: whoever may change the permit causes the notice; nobody writes notices
        notices = self.sudo()
        permits = permits.sudo().filtered(lambda permit: permit.config_id._is_live())
        for config in permits.config_id:
            config._announce()
        facts = {
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            **(facts or {}),
        }
        told = notices._told(permits, kind, event)
        new = []
        for permit in permits:
            to = permit.partner_id if partner is None else partner
            vals = notices._values_of_new(permit, kind, event, to)
            vals |= {"expiry_date": permit.expiry_date, "facts": facts}
            keys = told.get(permit.id, ())
            # Whom the caller names has a notice of their own; else one is enough.
            if vals["recipient_key"] in keys or (keys and partner is None):
                continue
            new.append(vals)
        due = notices._create_due(new)
        due._wake_action()
        return due

    @api.model
    def _told(self, permits, kind, event):
        """``{permit id: {recipient key}}`` of the notices about the event."""
        told = {}
        known = self.search_fetch(
            [
                ("permit_id", "in", permits.ids),
                ("kind", "=", kind),
                ("event", "=", event),
            ],
            ["permit_id", "recipient_key"],
        )
        for notice in known:
            told.setdefault(notice.permit_id.id, set()).add(notice.recipient_key)
        return told

    def _wake_action(self):
        """Have the action run when the first of these is due."""
        if self:
            # sudo: scheduled actions are for administrators
            action = self.env.ref("sicantik_connector.cron_notices").sudo()
            action._trigger(min(self.mapped("date_due")))
