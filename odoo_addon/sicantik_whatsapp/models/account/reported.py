"""What the worker knows of an account: its settings as the worker gets them, and what
the worker tells of its secrets and of what holds it up.
"""

from datetime import datetime

from pytz import timezone, utc

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.landing import lock_rows
from odoo.addons.sicantik_connector.tools.rights import require_group
from odoo.addons.sicantik_notice.models.notice import EVENING, MORNING

from ...tools.providers import META
from ...wording import reason_sentence

SECRETS = ("token", "app_secret")


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    token_set = fields.Datetime("Key to Send Set on", readonly=True, copy=False)
    app_secret_set = fields.Datetime(
        "Key of the Webhook Set on", readonly=True, copy=False
    )
    token_line = fields.Char(
        "Line for the Key to Send", compute="_compute_lines", groups=MANAGER
    )
    app_secret_line = fields.Char(
        "Line for the Key of the Webhook", compute="_compute_lines", groups=MANAGER
    )
    held_why = fields.Char("Held by", readonly=True, copy=False)
    held_until = fields.Datetime(readonly=True, copy=False)
    held_reason = fields.Char("Why It Is Held", compute="_compute_reasons")

    @api.depends("uuid")
    def _compute_lines(self):
        for account in self:
            for name in SECRETS:
                line = f"sicantik secret set {account._bound_to(name)}"
                account[f"{name}_line"] = line

    @api.depends("check_why", "held_why")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for account in self:
            account.check_reason = reason_sentence(self.env, account.check_why)
            account.held_reason = reason_sentence(self.env, account.held_why)

    def _require_manager(self, operation="read"):
        require_group(
            self,
            MANAGER,
            self.env._(
                "Only members of the group SICANTIK / Manager may check WhatsApp "
                "accounts, enter their keys and send test notifications. Ask an "
                "administrator for it."
            ),
            operation,
        )

    def _bound_to(self, name):
        """How the worker calls the secret ``name`` of the account."""
        return f"whatsapp.{self.uuid}.{name}"

    def _worker_values(self):
        """ACCOUNT of docs/interfaces.md."""
        self.ensure_one()
        ids = self._own_ids()
        return {
            "uuid": self.uuid,
            "provider": self.provider,
            **ids,
            "sender_id": ids["sender_id"] or "",
            "people_per_day": None if self.provider == META else self.people_per_day,
            "verify_token": self.verify_token,
            "per_minute": self.per_minute,
            "per_day": self.per_day,
            "retries": self.retries,
            "retry_seconds": self.retry_seconds,
            "night": self._night(),
            "check": self.check_requested,
            "texts": self._registered_texts(),
        }

    def _night(self):
        """``[from, until]`` as ``HH:MM`` in UTC: the office's night, in which nobody is
        written to."""
        zone, today = timezone(self.config_id.tz), self.config_id._today()
        ends = [zone.localize(datetime.combine(today, t)) for t in (EVENING, MORNING)]
        return [end.astimezone(utc).strftime("%H:%M") for end in ends]

    @api.model
    def report(self, reports):
        """Store what the worker knows of its accounts; see docs/interfaces.md.

        ``{"accepted": [uuid], "refused": [{"key", "code", "message"}]}`` with the code
        ``unknown``.
        """
        configs = self.env["sicantik.config"]
        configs._require_worker()
        self.env["sicantik.sync.run"]._check_batch(reports)
        model = configs._worker_env().env[self._name]
        found = model.search([("uuid", "in", [item["uuid"] for item in reports])])
        found._lock()
        by_uuid = {account.uuid: account for account in found}
        accepted, refused = [], []
        for item in reports:
            account = by_uuid.get(item["uuid"])
            if not account:
                message = self.env._("There is no such account.")
                refusal = {"key": item["uuid"], "code": "unknown", "message": message}
                refused.append(refusal)
                continue
            account._take_report(item)
            accepted.append(account.uuid)
        return {"accepted": accepted, "refused": refused}

    def _lock(self):
        """Lock the rows, as they are here, until the end of the transaction."""
        if self:
            self.flush_recordset()
            lock_rows(self)

    def _take_report(self, item):
        """Write what differs of ``item``."""
        values = {
            name: self._fields[name].convert_to_cache(value, self)
            for name, value in self._reported_values(item).items()
        }
        changed = {
            name: value
            for name, value in values.items()
            if (self[name] or False) != (value or False)
        }
        if changed:
            self.write(changed)

    def _reported_values(self, item):
        """Field values of one report."""
        set_on, held = item.get("secrets") or {}, item.get("held") or {}
        return {
            **{f"{name}_set": set_on.get(name) or False for name in SECRETS},
            "held_why": held.get("why") or False,
            "held_until": held.get("until") or False,
        }
