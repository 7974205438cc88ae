"""The columns of the dashboard: permits by month and by year."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date

MONTH = relativedelta(months=1)
DAY = relativedelta(days=1)
# Columns that a phone can show side by side.
COLUMNS = 12


class SicantikDashboard(models.AbstractModel):
    _inherit = "sicantik.dashboard"

    @api.model
    def _charts(self, domain, year, registered, today):
        """``{"registered": CHART, "issued": CHART}``.

        CHART = ``{"months": [FIGURE], "years": [FIGURE], "without": FIGURE}``: the
        months of ``year``, else the twelve until ``today``; the last twelve years that
        have permits and what was before them; the permits without that date.
        ``registered`` = ``{first of a month: number of permits}`` of all years.
        """
        if year:
            registered = {m: n for m, n in registered.items() if m and m.year == year}
        issued = self._count_by(domain, "issue_date:month")
        end = date(year, 12, 1) if year else today.replace(day=1)
        return {
            "registered": self._chart(domain, "registered_month", registered, end),
            "issued": self._chart(domain, "issue_date", issued, end),
        }

    @api.model
    def _chart(self, domain, field, counts, end):
        """CHART of the date ``field``; its last month begins on ``end``."""
        dated = {month: count for month, count in counts.items() if month}
        months = [end - MONTH * back for back in reversed(range(COLUMNS))]
        years = sorted({month.year for month in dated})
        columns = [
            *self._early_column(years[:-COLUMNS]),
            *(
                (str(year), str(year), date(year, 1, 1), date(year, 12, 31))
                for year in years[-COLUMNS:]
            ),
        ]
        without = sum(counts.values()) - sum(dated.values())
        return {
            "months": [
                self._column(domain, field, dated, column)
                for column in map(self._month_column, months)
            ],
            "years": [self._column(domain, field, dated, column) for column in columns],
            "without": self._figure(
                "none", self.env._("Not Known"), without, [*domain, (field, "=", False)]
            ),
        }

    @api.model
    def _month_column(self, first):
        """``(key, label, first day, last day)`` of a month."""
        label = format_date(self.env, first, date_format="MMMM yyyy")
        return f"{first.year:04}-{first.month:02}", label, first, first + MONTH - DAY

    @api.model
    def _early_column(self, years):
        """At most one column: all of the ``years`` that have none of their own."""
        if not years:
            return []
        label = self.env._("Until %(year)s", year=years[-1])
        return [("early", label, date(years[0], 1, 1), date(years[-1], 12, 31))]

    @api.model
    def _column(self, domain, field, counts, column):
        """FIGURE of the permits whose ``field`` lies in the days of ``column``."""
        key, label, first, last = column
        count = sum(n for month, n in counts.items() if first <= month <= last)
        days = [
            (field, ">=", fields.Date.to_string(first)),
            (field, "<=", fields.Date.to_string(last)),
        ]
        return self._figure(key, label, count, [*domain, *days])
