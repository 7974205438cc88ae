"""Status and expiry state are sorted as they are declared, not by the alphabet."""

from odoo import models
from odoo.tools import SQL

RANKED = ("status", "expiry_state")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _rank_sql(self, name, value):
        """The place of ``value`` (SQL) among the choices of the selection ``name``."""
        choices = self._fields[name].get_values(self.env)
        return SQL("array_position(%s, %s::text)", choices, value)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
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
