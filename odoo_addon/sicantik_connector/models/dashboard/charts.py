"""The dashboard in time: columns of permits by month and by year, and the timeline of
what expired, and of what expires until when.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...tools.constants import DECISIONS

MONTH = relativedelta(months=1)
DAY = timedelta(days=1)
# Columns that a phone can show side by side.
COLUMNS = 12

# Each span begins where the one before it ends, and ends so long after today.
SPANS = {
    "today": relativedelta(),
    "week": relativedelta(days=7),
    "month": relativedelta(days=30),
    "quarter": relativedelta(months=3),
    "half": relativedelta(months=6),
    "year": relativedelta(years=1),
}


def spans(today):
    """``{key: (first day, last day)}`` around ``today``; None: without end."""
    found, first = {"expired": (None, today - DAY)}, today
    for key, step in SPANS.items():
        found[key] = first, today + step
        first = today + step + DAY
    return {**found, "later": (first, None)}


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
                "none", self.env._("Not Known"), without, domain, [(field, "=", False)]
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
        return self._figure(key, label, count, domain, days)

    @api.model
    def _todays(self):
        """``{configuration id: today in its office's zone}``; never empty."""
        # sudo: only zones are read; who sees a permit sees its expiry
        configs = self.env["sicantik.config"].sudo().with_context(active_test=False)
        configs = configs.search_fetch([("id", "!=", False)], ["name", "tz"])
        today = {config.id: config._today() for config in configs}
        return today or {0: fields.Date.context_today(self)}

    @api.model
    def _expiry_figures(self, domain, today):
        """``[FIGURE]``: every permit that was neither renewed nor cancelled, once.

        ``today`` as ``_todays`` gives it: the days of a span are those of each
        permit's own office.
        """
        # What a person decided on does not expire any more.
        open_ones = [("status", "not in", DECISIONS)]
        by_day = {day: spans(day) for day in set(today.values())}
        counts, drafts = self._count_expiry([*domain, *open_ones], today, by_day)
        figures = [
            self._figure(
                key,
                label,
                counts.get(key, 0),
                domain,
                [*open_ones, *self._span_domain(key, today, by_day)],
            )
            for key, label in self._span_labels().items()
        ]
        none = [*open_ones, ("expiry_date", "=", False)]
        label, count = self.env._("Without Date"), counts.get("none", 0)
        without = self._figure("none", label, count, domain, none)
        if drafts:
            without["note"] = self.env._(
                "including %(count)s in process",
                count=formatLang(self.env, drafts, digits=0),
            )
        return [*figures, without]

    @api.model
    def _count_expiry(self, domain, today, by_day):
        """``({key of a span, or none: number of permits}, drafts among those without
        a date)``: one query."""
        groups = self.env["sicantik.permit"]._read_group(
            domain, ["config_id", "expiry_date:day", "status"], ["__count"]
        )
        counts, drafts = {}, 0
        for config, expiry, status, count in groups:
            key = "none"
            if expiry:
                ends = by_day[today[config.id]].items()
                key = next(k for k, (_, last) in ends if not last or expiry <= last)
            elif status == "draft":
                drafts += count
            counts[key] = counts.get(key, 0) + count
        return counts, drafts

    @api.model
    def _span_domain(self, key, today, by_day):
        """Domain terms of a span: one branch for each day that it is in some office."""
        branches = []
        for day, found in by_day.items():
            first, last = map(fields.Date.to_string, found[key])
            branch = [("expiry_date", ">=", first)] if first else []
            branch += [("expiry_date", "<=", last)] if last else []
            if len(by_day) > 1:
                configs = [config for config, now in today.items() if now == day]
                branch.insert(0, ("config_id", "in", configs))
            branches.append(["&"] * (len(branch) - 1) + branch)
        either = ["|"] * (len(branches) - 1)
        return [*either, *(term for branch in branches for term in branch)]

    @api.model
    def _span_labels(self):
        return {
            "expired": self.env._("Expired"),
            "today": self.env._("Today"),
            "week": self.env._("1–7 Days"),
            "month": self.env._("8–30 Days"),
            "quarter": self.env._("1–3 Months"),
            "half": self.env._("3–6 Months"),
            "year": self.env._("6–12 Months"),
            "later": self.env._("Later"),
        }
