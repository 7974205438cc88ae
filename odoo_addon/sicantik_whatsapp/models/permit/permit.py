"""What became of the last WhatsApp message about a permit, on its page."""

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.counted import listed
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ..message import MESSAGE_STATES

MESSAGES = "sicantik_whatsapp.sicantik_whatsapp_message_action"


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    whatsapp_message_count = fields.Integer(
        "WhatsApp Messages", compute="_compute_whatsapp_messages"
    )
    whatsapp_message_id = fields.Many2one(
        "sicantik.whatsapp.message",
        "Last WhatsApp Message",
        compute="_compute_whatsapp_messages",
    )
    whatsapp_message_state = fields.Selection(
        MESSAGE_STATES,
        "State of the Last WhatsApp Message",
        compute="_compute_whatsapp_messages",
    )
    whatsapp_message_date = fields.Datetime(
        "Date of the Last WhatsApp Message", compute="_compute_whatsapp_messages"
    )
    whatsapp_message_reason = fields.Char(
        "About the Last WhatsApp Message", compute="_compute_whatsapp_messages"
    )

    @api.depends_context("lang", "uid")
    def _compute_whatsapp_messages(self):
        """The newest one that the reader may see, also one that told of several."""
        messages = self.env["sicantik.whatsapp.message"]
        for permit in self:
            own = messages.search(permit._whatsapp_messages_domain(), order="id desc")
            permit.whatsapp_message_count = len(own)
            newest = own[:1]
            permit.whatsapp_message_id = newest
            permit.whatsapp_message_state = newest.state
            permit.whatsapp_message_date = newest._last_date()
            permit.whatsapp_message_reason = newest.reason

    def _whatsapp_messages_domain(self):
        """Also those whose notice is of several permits, and those that tell of several
        notices."""
        names = ("notice_id.permit_id", "notice_id.permit_ids")
        own, several = [(name, "in", self.ids) for name in names]
        return ["|", "|", own, several, ("many_notice_ids.permit_id", "in", self.ids)]

    @nothing_for_none
    def action_view_whatsapp_messages(self):
        """List the WhatsApp messages about these permits."""
        self.env["sicantik.whatsapp.message"].check_access("read")
        return listed(self.env, MESSAGES, self._whatsapp_messages_domain())


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    def _last_date(self):
        """When it came into its state; False of no message."""
        if self.state in ("accepted", "sent", "delivered", "read"):
            return self[f"date_{self.state}"] or self.date_queued
        return self.date_ended or self.date_queued


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    whatsapp_date = fields.Datetime(
        "Date of the Message", compute="_compute_whatsapp_date"
    )

    @api.depends("whatsapp_message_id")
    def _compute_whatsapp_date(self):
        for notice in self:
            notice.whatsapp_date = notice.whatsapp_message_id._last_date()
