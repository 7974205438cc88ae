"""What providers told, so that nothing counts twice: no words, no number, no name."""

from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools import compat

KINDS = [
    ("inbound", "A Person Wrote"),
    ("text", "Approval of a Text"),
    ("category", "Category of a Text"),
]
OUTCOMES = [
    ("agreed", "Agreed"),
    ("refused", "Refused"),
    ("asked", "A Person Decides"),
    ("no_number", "Without a Number"),
    ("nobody", "No Such Contact"),
    ("changed", "The Text Changed"),
    ("nothing", "Nothing"),
]
# No provider and no worker repeats what is older.
KEPT_DAYS = 30
FORGOTTEN_AT_ONCE = 1000


class SicantikWhatsappEvent(models.Model):
    """One event of a provider; written by ``hear`` of the account."""

    _name = "sicantik.whatsapp.event"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK WhatsApp Event"
    _order = "id desc"

    # SHA-256: the provider's own id may have a telephone number in it.
    key = fields.Char("Event as Key", required=True)
    account_id = fields.Many2one(
        "sicantik.whatsapp.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Selection(KINDS, required=True)
    outcome = fields.Selection(OUTCOMES, "What Came of It", required=True)
    date = fields.Datetime("Heard on", default=fields.Datetime.now, required=True)

    compat.add_constraint(
        locals(), "key_uniq", "UNIQUE(key)", "This event was heard already."
    )

    @api.model
    def _key_of(self, account, event):
        return sha256(f"{account.uuid}\x1f{event}".encode()).hexdigest()

    @api.model
    def _is_heard(self, key):
        return bool(self.search_count([("key", "=", key)], limit=1))


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _housekeeping(self):
        return [*super()._housekeeping(), "_forget_events"]

    def _forget_events(self):
        """Whether there may be more than went in this call."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        old = self.env["sicantik.whatsapp.event"].search(
            [("account_id.config_id", "=", self.id), ("date", "<", before)],
            order="id",
            limit=FORGOTTEN_AT_ONCE,
        )
        old.unlink()
        return len(old) == FORGOTTEN_AT_ONCE
