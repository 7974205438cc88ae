"""What a check found: whether the account works, what the provider says of its number,
and how it stands with the texts. Asked for by a person, and by the night."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

CHECK_STATES = [("never", "Not Checked"), ("ok", "Works"), ("failed", "Does Not Work")]
# How people rate the number, in the words of Meta and of Bird.
QUALITIES = [
    ("GREEN", "High (Green)"),
    ("YELLOW", "Medium (Yellow)"),
    ("RED", "Low (Red)"),
    ("UNKNOWN", "Not Known Yet"),
]
LONGEST_DETAIL = 300
# Characters of a name, a number or a code that the provider tells.
LONGEST_TOLD = 100
# A check that is younger does for the night.
FRESH_HOURS = 20


class SicantikWhatsappAccount(models.Model):
    _inherit = "sicantik.whatsapp.account"

    check_requested = fields.Boolean("Check Asked for", readonly=True, copy=False)
    check_state = fields.Selection(
        CHECK_STATES, "Last Check", default="never", readonly=True, copy=False
    )
    check_date = fields.Datetime("Checked on", readonly=True, copy=False)
    check_why = fields.Char("Why as Code", readonly=True, copy=False)
    check_code = fields.Char("Code of the Provider", readonly=True, copy=False)
    check_detail = fields.Char("What Was Said", readonly=True, copy=False)
    check_reason = fields.Char("Why It Does Not Work", compute="_compute_reasons")
    number = fields.Char("Telephone Number", readonly=True, copy=False)
    verified_name = fields.Char("Name Shown", readonly=True, copy=False)
    quality = fields.Selection(QUALITIES, readonly=True, copy=False)
    daily_limit = fields.Integer(
        "Recipients in 24 Hours",
        readonly=True,
        copy=False,
        help="How many different people Meta lets the business write to in 24 hours.",
    )
    daily_limit_known = fields.Boolean("Limit Was Told", readonly=True, copy=False)

    @nothing_for_none
    def action_check(self):
        """Have the worker ask the provider whether the account works; managers only."""
        self._require_manager()
        # sudo: what is asked of the worker is written by methods only
        self.sudo()._ask_for_check()
        return True

    def _ask_for_check(self):
        """Call with sudo."""
        for account in self:
            account.check_requested = True
            account.config_id._wake_worker(account.uuid)

    def _registered_texts(self):
        """``[{"name", "language"}]``: those whose state a check asks for."""
        registrations = self.env["sicantik.whatsapp.registration"].search(
            [("provider", "=", self.provider)], order="text_id, id"
        )
        return [
            {"name": one.name, "language": one.text_id.language}
            for one in registrations
        ]

    def _take_report(self, item):
        """A check may tell of texts, too; one that is not the office's is nobody's."""
        result = super()._take_report(item)
        registrations = self.env["sicantik.whatsapp.registration"]
        for told in (item.get("check") or {}).get("texts") or []:
            registrations._told_by(self, told)._take_told(told)
        return result

    def _reported_values(self, item):
        values = super()._reported_values(item)
        return {**values, **self._check_values(item.get("check"))}

    @api.model
    def _check_values(self, check):
        """Field values of a check; nothing when there was none."""
        if not check:
            return {}
        told = {
            "number": check.get("number"),
            "verified_name": check.get("name"),
            "check_why": check.get("why"),
            "check_code": check.get("code"),
        }
        limit = check.get("daily_limit")
        quality = str(check.get("quality") or "").upper()
        return {
            "check_requested": False,
            "check_state": "ok" if check.get("ok") else "failed",
            "check_date": check.get("at") or fields.Datetime.now(),
            **{
                name: (text or "")[:LONGEST_TOLD] or False
                for name, text in told.items()
            },
            "check_detail": (check.get("detail") or "")[:LONGEST_DETAIL] or False,
            "quality": quality if quality in dict(QUALITIES) else False,
            "daily_limit": limit or 0,
            "daily_limit_known": limit is not None,
        }


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _housekeeping(self):
        return [*super()._housekeeping(), "_check_whatsapp_accounts"]

    def _check_whatsapp_accounts(self):
        """Have each active account checked once a day, so that approvals, limit and
        quality are those of today."""
        if not self.active:
            return
        fresh = fields.Datetime.now() - timedelta(hours=FRESH_HOURS)
        accounts = self.env["sicantik.whatsapp.account"]._of(self)
        accounts.filtered(
            lambda account: (
                not account.check_requested
                and (not account.check_date or account.check_date < fresh)
            )
        )._ask_for_check()
