"""Expiry as it is today: computed when read and searched by date, so never stale."""

from datetime import timedelta

from odoo import api, fields, models


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    days_left = fields.Integer(
        compute="_compute_expiry",
        help="Days until the expiry date in the office's zone; 0 without a date.",
    )
    expiry_state = fields.Selection(
        [
            ("ok", "Valid"),
            ("warning", "Expires Soon"),
            ("critical", "Critical"),
            ("expired", "Expired"),
            ("unknown", "No Date"),
        ],
        "Expiry",
        compute="_compute_expiry",
        search="_search_expiry_state",
    )

    @api.depends("expiry_date")
    def _compute_expiry(self):
        # sudo: who sees a permit sees its expiry, whatever the configuration's rules
        today = {config: config._today() for config in self.sudo().config_id}
        for permit in self:
            config = permit.sudo().config_id
            if not permit.expiry_date or not config:
                permit.days_left, permit.expiry_state = 0, "unknown"
                continue
            days = (permit.expiry_date - today[config]).days
            permit.days_left = days
            permit.expiry_state = config._expiry_state(days)

    @api.model
    def _search_expiry_state(self, operator, value):
        """A domain on ``expiry_date``, one branch per configuration and state."""
        states = {value} if isinstance(value, str) else set(value or ())
        if operator in ("!=", "not in"):
            everything = {"ok", "warning", "critical", "expired", "unknown"}
            states = everything - states
        elif operator not in ("=", "in"):
            raise NotImplementedError(f"expiry_state {operator}")
        # sudo: only zones and limits are read; the permits keep their own rules
        configs = self.env["sicantik.config"].sudo().with_context(active_test=False)
        branches = [
            [("config_id", "=", config.id), *config._expiry_range(state)]
            for config in configs.search([])
            for state in sorted(states)
            if state and state != "unknown"
        ]
        if "unknown" in states:
            branches.append([("expiry_date", "=", False)])
        if not branches:
            return [("id", "=", False)]
        domain = ["|"] * (len(branches) - 1)
        for branch in branches:
            domain += ["&"] * (len(branch) - 1) + branch
        return domain


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _expiry_state(self, days):
        """The state of a permit with ``days`` left: ok, warning, critical, expired."""
        if days < 0:
            return "expired"
        if days <= self.critical_days:
            return "critical"
        return "warning" if days <= self.warning_days else "ok"

    def _expiry_range(self, state):
        """Domain terms on ``expiry_date`` for the permits in ``state`` today."""
        today = self._today()
        critical = today + timedelta(days=self.critical_days)
        warning = today + timedelta(days=self.warning_days)
        after, until = {
            "expired": (None, today - timedelta(days=1)),
            "critical": (today - timedelta(days=1), critical),
            "warning": (critical, warning),
            "ok": (warning, None),
        }[state]
        terms = [("expiry_date", "!=", False)]
        if after:
            terms.append(("expiry_date", ">", after))
        if until:
            terms.append(("expiry_date", "<=", until))
        return terms
