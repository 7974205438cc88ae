"""Messages as figures: a row each, with 1 where it is counted. Nothing is stored, so
that it is always what the messages say."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.actions import form_of
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ..message import MESSAGE_STATES, OPEN, PRICES
from ..template import MANY

TEST = "test"
WENT_OUT = ("accepted", "sent", "delivered", "read")
ARRIVED = ("delivered", "read")
LOST = ("failed", "expired")
# Figures, and the states of which a message counts.
COUNTED = {
    "waiting": OPEN,
    "went_out": WENT_OUT,
    "delivered": ARRIVED,
    "seen": ("read",),
    "failed": LOST,
    "unknown": ("unknown",),
    "cancelled": ("cancelled",),
}


class SicantikWhatsappStatistic(models.Model):
    """A message as it counts, for graphs and pivots; read only."""

    _name = "sicantik.whatsapp.statistic"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Statistics"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "text_id"
    _depends = {
        "sicantik.whatsapp.message": [
            "company_id",
            "config_id",
            "account_id",
            "notice_id",
            "text_id",
            "language",
            "state",
            "category",
            "is_test",
            "date_queued",
        ],
        "sicantik.whatsapp.account": ["provider"],
        "sicantik.whatsapp.template": ["kind"],
        "sicantik.notice": ["kind"],
    }

    date = fields.Datetime("Made on")
    kind = fields.Selection(lambda self: self._kinds(), "About")
    text_id = fields.Many2one("sicantik.whatsapp.template")
    language = fields.Selection(lambda self: self._choices("template", "language"))
    provider = fields.Selection(lambda self: self._choices("account", "provider"))
    account_id = fields.Many2one("sicantik.whatsapp.account")
    state = fields.Selection(MESSAGE_STATES)
    category = fields.Selection(PRICES, "Price Category")
    is_test = fields.Boolean("Test")
    config_id = fields.Many2one("sicantik.config", "Configuration")
    company_id = fields.Many2one("res.company")
    waiting = fields.Integer()
    went_out = fields.Integer(help="Accepted, sent, delivered or read.")
    delivered = fields.Integer(help="Delivered, also those that were read.")
    seen = fields.Integer("Read")
    failed = fields.Integer(help="Failed or expired.")
    unknown = fields.Integer()
    cancelled = fields.Integer()
    delivered_rate = fields.Float(
        "Delivered (%)", aggregator="avg", help="Of those that went out."
    )
    seen_rate = fields.Float(
        "Read (%)", aggregator="avg", help="Of those that were delivered."
    )
    failed_rate = fields.Float(
        "Failed (%)",
        aggregator="avg",
        help="Of those that went out, failed, or are unknown.",
    )

    @api.model
    def _choices(self, model, name):
        """Those of the field ``name`` of accounts or of texts."""
        field = self.env[f"sicantik.whatsapp.{model}"]._fields[name]
        return field._description_selection(self.env)

    @api.model
    def _kinds(self):
        """Those of texts: of notices, of summaries, and of *Test Notification*."""
        return self._choices("template", "kind")

    @property
    def _table_query(self):
        counted = [
            SQL("(m.state IN %s)::int AS %s", states, SQL.identifier(name))
            for name, states in COUNTED.items()
        ]
        tried = (*WENT_OUT, *LOST, "unknown")
        return SQL(
            "SELECT m.id, m.date_queued AS date, m.text_id, m.language, m.account_id,"
            "       m.state, m.category, m.is_test, m.config_id, m.company_id,"
            "       a.provider, %(counted)s,"
            "       CASE WHEN m.is_test THEN %(test)s"
            "       WHEN t.kind = %(many)s THEN t.kind"
            "       ELSE COALESCE(n.kind, t.kind) END AS kind,"
            "       %(delivered)s AS delivered_rate, %(seen)s AS seen_rate,"
            "       %(failed)s AS failed_rate"
            "  FROM sicantik_whatsapp_message m"
            "  LEFT JOIN sicantik_whatsapp_account a ON a.id = m.account_id"
            "  LEFT JOIN sicantik_whatsapp_template t ON t.id = m.text_id"
            "  LEFT JOIN sicantik_notice n ON n.id = m.notice_id",
            counted=SQL(", ").join(counted),
            test=TEST,
            many=MANY,
            delivered=self._rate(ARRIVED, WENT_OUT),
            seen=self._rate(("read",), ARRIVED),
            failed=self._rate(LOST, tried),
        )

    @api.model
    def _rate(self, part, whole):
        """100 for a message of ``part``, 0 for the rest of ``whole``, else nothing: the
        average is the share in per cent."""
        return SQL(
            "CASE WHEN m.state IN %s THEN 100.0 WHEN m.state IN %s THEN 0.0 END",
            part,
            whole,
        )

    @nothing_for_none
    def action_open_message(self):
        """Open the message that a row counts."""
        self.ensure_one()
        self.check_access("read")
        return form_of(self.env["sicantik.whatsapp.message"].browse(self.id))
