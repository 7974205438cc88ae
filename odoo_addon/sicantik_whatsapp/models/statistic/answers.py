"""How many contacts of permits agreed, refused, or were not asked yet."""

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.sicantik_connector.tools.actions import form_of
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none
from odoo.addons.sicantik_notice.models.res_partner_consent import (
    CONSENT_SOURCES,
    CONSENTS,
)


class SicantikWhatsappAnswer(models.Model):
    """A contact of an office's permits with its answer; read only."""

    _name = "sicantik.whatsapp.answer"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK Answers About WhatsApp"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "sicantik.permit": ["company_id", "partner_id"],
        "res.partner": [
            "active",
            "whatsapp_consent",
            "whatsapp_consent_source",
            "whatsapp_consent_date",
        ],
    }

    partner_id = fields.Many2one("res.partner", "Contact")
    company_id = fields.Many2one("res.company")
    consent = fields.Selection(CONSENTS, "Answer")
    source = fields.Selection(CONSENT_SOURCES, "Given By")
    date = fields.Datetime("Given On")
    permits = fields.Integer()
    agreed_rate = fields.Float(
        "Agreed (%)", aggregator="avg", help="Of all contacts of permits."
    )
    asked_rate = fields.Float(
        "Asked (%)",
        aggregator="avg",
        help="Contacts of permits that agreed or refused, of all.",
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT p.id, p.partner_id, p.company_id, p.permits,"
            "       c.whatsapp_consent AS consent, c.whatsapp_consent_source AS source,"
            "       c.whatsapp_consent_date AS date,"
            "       100.0 * (c.whatsapp_consent = 'opted_in')::int AS agreed_rate,"
            "       100.0 * (c.whatsapp_consent != 'unknown')::int AS asked_rate"
            "  FROM (SELECT min(id) AS id, partner_id, company_id, count(*) AS permits"
            "          FROM sicantik_permit WHERE partner_id IS NOT NULL"
            "         GROUP BY partner_id, company_id) p"
            "  JOIN res_partner c ON c.id = p.partner_id"
            " WHERE c.active"
        )

    @nothing_for_none
    def action_open_contact(self):
        """Open the contact whose answer a row counts."""
        self.ensure_one()
        return form_of(self.partner_id)
