"""Expiry as it is today: computed when read and searched by date, so never stale."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import DECISIONS

# More days than there are between any two dates that an office writes; beyond it
# Python has no dates.
MANY_DAYS = 700_000
# Odoo's palette, as kanban and calendar know it, by state; what is decided has none.
COLORS = {"expired": 1, "critical": 2, "warning": 3, "ok": 10, "unknown": 0}


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    days_left = fields.Integer(
        compute="_compute_expiry",
        search="_search_days_left",
        aggregator="avg",
        help="Days until the expiry date in the office's zone; 0 without a date.",
    )
    # In the order of urgency: columns and groups come in it.
    expiry_state = fields.Selection(
        [
            ("expired", "Expired"),
            ("critical", "Critical"),
            ("warning", "Expires Soon"),
            ("ok", "Valid"),
            ("unknown", "No Date"),
        ],
        "Expiry",
        compute="_compute_expiry",
        search="_search_expiry_state",
        group_expand=True,
    )
    urgency_color = fields.Integer(
        "Colour by Urgency", compute="_compute_urgency_color", aggregator=None
    )

    @api.depends("expiry_date", "config_id")
    def _compute_expiry(self):
        # sudo: who sees a permit sees its expiry, whatever the configuration's rules
        today = {config: config._today() for config in self.sudo().config_id}
        for permit in self:
            config = permit.sudo().config_id
            if not permit.expiry_date or not config:
                permit.days_left, permit.expiry_state = 0, "unknown"
                continue
            days = (permit.expiry_date - today[config]).days
            permit.days_left, permit.expiry_state = days, config._expiry_state(days)

    @api.depends("expiry_state", "status")
    def _compute_urgency_color(self):
        for permit in self:
            decided = permit.status in DECISIONS
            permit.urgency_color = 0 if decided else COLORS[permit.expiry_state]

    @api.model
    def _search_expiry_state(self, operator, value):
        """A domain on ``expiry_date``, one branch per configuration and state."""
        states = {value} if isinstance(value, str) else set(value or ())
        if operator in ("!=", "not in"):
            states = set(COLORS) - states
        elif operator not in ("=", "in"):
            raise NotImplementedError(f"expiry_state {operator}")
        branches = [
            [("config_id", "=", config.id), *config._expiry_range(state)]
            for config in self.env["sicantik.config"]._every_config()
            for state in sorted(states - {"unknown", False})
        ]
        if "unknown" in states:
            branches.append([("expiry_date", "=", False)])
        return self._any_of(branches)

    @api.model
    def _search_days_left(self, operator, value):
        """A domain on ``expiry_date``, one branch per configuration; ``False`` is a
        permit without a date."""
        if operator not in ("=", "!=", "in", "not in", "<", "<=", ">", ">="):
            raise NotImplementedError(f"days_left {operator}")
        branches = []
        for config in self.env["sicantik.config"]._every_config():
            today = config._today()
            if operator in ("in", "not in"):
                dates = [self._date_after(today, days) for days in value]
            else:
                dates = self._date_after(today, value)
            term = ("expiry_date", operator, dates)
            branches.append([("config_id", "=", config.id), term])
        return self._any_of(branches)

    @api.model
    def _date_after(self, today, days):
        """The date ``days`` after ``today``; ``False`` stays what it is."""
        if days is False:
            return False
        return today + timedelta(days=max(min(int(days), MANY_DAYS), -MANY_DAYS))

    @api.model
    def _any_of(self, branches):
        """The domain of what is in any of ``branches``, which are domains of terms."""
        if not branches:
            return [("id", "=", False)]
        domain = ["|"] * (len(branches) - 1)
        for branch in branches:
            domain += ["&"] * (len(branch) - 1) + branch
        return domain
