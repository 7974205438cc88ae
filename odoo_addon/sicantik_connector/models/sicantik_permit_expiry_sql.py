"""Expiry as it is today, in SQL: grouped, ordered and averaged without being stored.

See docs/decisions/0009-expiry-state-is-never-stored.md.
"""

from odoo import models
from odoo.tools import SQL


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

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
