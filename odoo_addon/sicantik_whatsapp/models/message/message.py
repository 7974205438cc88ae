"""The message's own fields, and why it is where it is, in words."""

import uuid

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat

from ...tools.placeholders import filled
from ...wording import reason_sentence

STATES = [
    ("queued", "Waiting"),
    ("claimed", "Taken by the Worker"),
    ("waiting", "Waiting at the Worker"),
    ("accepted", "Accepted"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read"),
    ("failed", "Failed"),
    ("unknown", "Unknown"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
]
# Nobody got it yet, and it may still go out.
OPEN = ("queued", "claimed", "waiting")
# It came to an end; of the last four people may send it again.
AGAIN = ("failed", "unknown", "expired", "cancelled")
ENDED = ("accepted", "sent", "delivered", "read", *AGAIN)
URGENT, REMINDER = 0, 10
# As what the provider counts a message, and what it costs.
OTHER_PRICE = "other"
PRICES = [
    ("utility", "Utility"),
    ("marketing", "Marketing"),
    ("authentication", "Authentication"),
    ("service", "Service"),
    (OTHER_PRICE, "Other"),
]


class SicantikWhatsappMessage(models.Model):
    """An order for the worker to send one text to one number, and what came of it.

    Made by notices and by *Test Notification*; written by methods only.
    """

    _name = "sicantik.whatsapp.message"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Message"
    _order = "id desc"
    _rec_names_search = ["number", "partner_id"]

    uuid = fields.Char(required=True, default=lambda self: str(uuid.uuid4()))
    config_id = fields.Many2one(
        "sicantik.config",
        "Configuration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True)
    # The first one that may carry it, then the one that did.
    account_id = fields.Many2one(
        "sicantik.whatsapp.account",
        required=True,
        index=True,
        ondelete="restrict",
    )
    # A test has none. One whose notice was deleted is not sent any more.
    notice_id = fields.Many2one(
        "sicantik.notice", index="btree_not_null", ondelete="set null"
    )
    notice_attempt = fields.Integer("Hand-over of the Notice")
    permit_id = fields.Many2one(related="notice_id.permit_id", related_sudo=False)
    partner_id = fields.Many2one(
        "res.partner", "Recipient", index="btree_not_null", ondelete="set null"
    )
    is_test = fields.Boolean("Test")
    text_id = fields.Many2one("sicantik.whatsapp.template", ondelete="set null")
    # As they were when the message was made: the text may be another one later.
    text_name = fields.Char("Name at the Provider")
    body = fields.Text("Text as Registered", required=True)
    language = fields.Char(required=True)
    parameters = fields.Json("Values in the Text")
    may_be_empty = fields.Json("Values That May Be Empty")
    variables = fields.Integer("Number of Variables")
    button = fields.Char("End of the Button's Address")
    # {"link", "name"} of a document.
    header = fields.Json("Document")
    number = fields.Char(help="Where it goes. Erased after a while.")
    key = fields.Char("Content as Key", required=True)
    content = fields.Char("Content as Key Without Send Again", index="btree_not_null")
    attempt = fields.Integer("Hand-over", default=1, required=True)
    priority = fields.Integer(default=URGENT, required=True)
    at_night = fields.Boolean("May Go Out at Night")
    expires_at = fields.Datetime("Of Use Until")

    state = fields.Selection(STATES, default="queued", required=True, index=True)
    why = fields.Char("Why as Code")
    code = fields.Char("Code of the Provider")
    detail = fields.Char("What Was Said")
    reason = fields.Char(compute="_compute_reason", compute_sudo=True)
    technical_detail = fields.Char("Technical Details", compute="_compute_technical")
    message = fields.Text("What Was Written", compute="_compute_message")
    provider_id = fields.Char("Number at the Provider", index="btree_not_null")
    category = fields.Selection(PRICES, "Price Category")
    lease_until = fields.Datetime("Leased until")
    worker_name = fields.Char("Worker")
    cancel_requested = fields.Boolean("Cancel Asked for")

    date_queued = fields.Datetime("Made on", default=fields.Datetime.now)
    date_claimed = fields.Datetime("Taken by the Worker on")
    date_waiting = fields.Datetime("Waiting at the Worker since")
    date_accepted = fields.Datetime("Accepted on")
    date_sent = fields.Datetime("Sent on")
    date_delivered = fields.Datetime("Delivered on")
    date_read = fields.Datetime("Read on")
    date_ended = fields.Datetime("Ended on")
    date_heard = fields.Datetime("Last Heard of")

    compat.add_constraint(
        locals(), "uuid_uniq", "UNIQUE(uuid)", "This message exists already."
    )

    @api.depends("text_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for message in self:
            text = message.text_id.display_name or message.text_name or ""
            message.display_name = f"{text} #{message._origin.id or ''}"

    @api.depends("state", "why", "cancel_requested", "account_id.held_why", "config_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for message in self:
            why = message._why_now()
            message.reason = reason_sentence(self.env, why)

    def _why_now(self):
        """The code of why it is in its state, or still waits."""
        if self.state not in OPEN:
            return self.why or (self.state if self.state in AGAIN else None)
        if self.cancel_requested:
            return "cancel_asked"
        if self.state == "waiting" and self.why:
            return self.why
        if not (self.account_id.active or self._carriers()):
            return "account_archived"
        if self.config_id.worker_state != "connected":
            return "worker_away"
        return self._why_all_wait() or self.state

    def _why_all_wait(self):
        """What holds the account that carries it: the worker tells that of the message
        that met it, and those behind wait for the same."""
        return self.account_id.held_why if self.state == "waiting" else None

    @api.depends("code", "detail")
    def _compute_technical(self):
        for message in self:
            said = filter(None, (message.code, message.detail))
            message.technical_detail = ": ".join(said) or False

    @api.depends("body", "parameters", "number")
    def _compute_message(self):
        """What was written, for as long as its values are kept."""
        for message in self:
            values = message.parameters or []
            message.message = message.number and filled(message.body, values)
