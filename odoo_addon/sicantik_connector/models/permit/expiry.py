"""Expiry as it is today: computed when read, searched by date, and grouped, ordered and
averaged in SQL; never stored, so never stale.

Which dates mean which state is said by the configuration, the one place that knows zone
and limits, so all of it always agrees. Expiry state and status are sorted as they are
declared, not by the alphabet. See docs/decisions/0009-expiry-state-is-never-stored.md.
"""

from collections.abc import Sequence, Set
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import compat
from ...tools.constants import DECISIONS

# More days than there are between any two dates that an office writes; beyond it
# Python has no dates.
MANY_DAYS = 700_000
# Odoo's palette, as kanban and calendar know it, by state; what is decided has none.
COLORS = {"expired": 1, "critical": 2, "warning": 3, "ok": 10, "unknown": 0}

RANKED = ("status", "expiry_state")

# By these a domain asks for expiry, and by these for the past alone.
OF_EXPIRY = ("days_left", "expiry_date", "expiry_state")
EXPIRED = ("status", "=", "expired")
OVER = ("expiry_state", "=", "expired")
PAST_DATES = (("expiry_date", "<"), ("expiry_date", "<="))


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _expiry_limits(self):
        """``[(state, most days left in it)]``, the most urgent one first; with more
        days left a permit is ``ok``."""
        return [
            ("expired", -1),
            ("critical", self.critical_days),
            ("warning", self.warning_days),
        ]

    def _expiry_state(self, days):
        """The state of a permit with ``days`` left."""
        limits = self._expiry_limits()
        return next((state for state, most in limits if days <= most), "ok")

    def _expiry_bounds(self):
        """``[(state, its last expiry date)]``: the limits as of today."""
        today = self._today()
        return [
            (state, today + timedelta(days=most))
            for state, most in self._expiry_limits()
        ]

    def _expiry_range(self, state):
        """Domain terms on ``expiry_date`` for the permits in ``state`` today."""
        terms = [("expiry_date", "!=", False)]
        for name, last in self._expiry_bounds():
            if name == state:
                return [*terms, ("expiry_date", "<=", last)]
            terms = [("expiry_date", ">", last)]
        return terms


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

    # Odoo 18 has one argument more than Odoo 19: ``flush``.
    def _field_to_sql(self, alias, fname, query=None, *args, **kwargs):
        """``expiry_state`` and ``days_left`` (NULL without a date) follow from the
        date: a branch for each configuration, with its zone's today and its limits."""
        column = super()._field_to_sql
        if fname not in ("expiry_state", "days_left"):
            return column(alias, fname, query, *args, **kwargs)
        date = column(alias, "expiry_date", query, *args, **kwargs)
        config_id = column(alias, "config_id", query, *args, **kwargs)
        if fname == "days_left":
            undated, dated = SQL("NULL::integer"), self._days_left_sql
        else:
            undated, dated = SQL("%s", "unknown"), self._expiry_state_sql
        branches = [
            SQL("WHEN %s = %s THEN %s", config_id, config.id, dated(config, date))
            for config in self.env["sicantik.config"]._every_config()
        ]
        return SQL(
            "CASE WHEN %s IS NULL THEN %s %s END",
            date,
            undated,
            SQL(" ").join(branches),
        )

    def _days_left_sql(self, config, date):
        return SQL("%s - %s", date, config._today())

    def _expiry_state_sql(self, config, date):
        states = [
            SQL("WHEN %s <= %s THEN %s", date, last, state)
            for state, last in config._expiry_bounds()
        ]
        return SQL("CASE %s ELSE %s END", SQL(" ").join(states), "ok")

    def _read_group_select(self, aggregate_spec, query):
        # The list of Odoo 18 that is sorted by the days sorts groups by the bare name.
        if aggregate_spec == "days_left":
            aggregate_spec = "days_left:avg"
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    @api.readonly
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        """A list that asks for expiry comes in its order, unless another one is asked
        for."""
        order = order or self._order_of_expiry(domain)
        return super().web_search_read(
            domain, specification, offset, limit, order, count_limit
        )

    if compat.OPEN_GROUPS_BRING_RECORDS:

        @api.model
        @api.readonly
        def web_read_group(
            self,
            domain,
            groupby,
            aggregates=(),
            limit=None,
            offset=0,
            order=None,
            **opening,
        ):
            """The groups keep their order; the records of each that is open come as
            in a list of it."""
            permits = self.with_context(sicantik_lists_of_groups=not order)
            return super(SicantikPermit, permits).web_read_group(
                domain, groupby, aggregates, limit, offset, order, **opening
            )

        @api.model
        @api.readonly
        def search(self, domain, offset=0, limit=None, order=None):
            if self.env.context.get("sicantik_lists_of_groups"):
                order = self._order_of_expiry(domain) or order
            return super().search(domain, offset, limit, order)

    @api.model
    def _order_of_expiry(self, domain):
        """The nearest date first; of what has expired the newest. ``None`` where
        ``domain`` does not ask for expiry, or for its lack."""
        terms = [
            self._single(*term) for term in domain if isinstance(term, list | tuple)
        ]
        asked = [
            (name, operator, value)
            for name, operator, value in terms
            if value and (name in OF_EXPIRY or (name, operator, value) == EXPIRED)
        ]
        over = [term for term in asked if term in (EXPIRED, OVER)]
        dates = [term for term in asked if term[:2] in PAST_DATES]
        is_past = len(over + dates) == len(asked) or (over and "|" not in domain)
        if not asked:
            return None
        return "expiry_date desc, id desc" if is_past else "expiry_date, id"

    @api.model
    def _single(self, name, operator, value):
        """Odoo 19 writes ``in`` one value where a domain has ``=``."""
        if operator == "in" and isinstance(value, Set | Sequence) and len(value) == 1:
            operator, [value] = "=", value
        return name, operator, value

    def _rank_sql(self, name, value):
        """The place of ``value`` (SQL) among the choices of the selection ``name``."""
        choices = self._fields[name].get_values(self.env)
        return SQL("array_position(%s, %s::text)", choices, value)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "urgency_color":
            # What is nearest to its date comes first, before it as after it.
            days = self._field_to_sql(alias, "days_left", query)
            return SQL("ABS(%s) %s %s", days, direction, nulls)
        if field_name not in RANKED:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        value = self._field_to_sql(alias, field_name, query)
        return SQL("%s %s %s", self._rank_sql(field_name, value), direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        plain = {name: groupby_terms[name] for name in RANKED if name in groupby_terms}
        # Odoo may add to the terms that it is given, so they are lent and given back.
        groupby_terms.update(
            {name: self._rank_sql(name, value) for name, value in plain.items()}
        )
        try:
            return super()._read_group_orderby(order, groupby_terms, query)
        finally:
            groupby_terms.update(plain)
