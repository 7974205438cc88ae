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

# The state that the permits of a span have everywhere else.
SPAN_STATES = {
    "expired": "expired",
    "today": "critical",
    "week": "critical",
    "critical": "critical",
    "warning": "warning",
    "half": "ok",
    "year": "ok",
    "later": "ok",
}


def spans(today, critical, warning):
    """``{key: (first day, last day)}`` around ``today``; None: without end.

    Each span begins where the one before it ends. Two of them end with the limits of
    the office, so that no span has permits of two colours; one for which the limits
    leave no day is not there.
    """
    last_critical = today + timedelta(days=critical)
    ends = {
        "today": today,
        "week": min(today + timedelta(days=7), last_critical),
        "critical": last_critical,
        "warning": today + timedelta(days=warning),
        "half": today + relativedelta(months=6),
        "year": today + relativedelta(years=1),
    }
    found, first = {"expired": (None, today - DAY)}, today
    for key, last in ends.items():
        if first <= last:
            found[key] = first, last
            first = last + DAY
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
    def _offices(self):
        """``{configuration id: (today in its office's zone, critical days, warning
        days)}``; never empty."""
        # sudo: only zones and limits are read; who sees a permit sees its expiry
        configs = self.env["sicantik.config"].sudo().with_context(active_test=False)
        names = ["name", "tz", "critical_days", "warning_days"]
        configs = configs.search_fetch([("id", "!=", False)], names) or configs.new()
        return {
            config.id: (config._today(), config.critical_days, config.warning_days)
            for config in configs
        }

    @api.model
    def _expiry_figures(self, domain, offices):
        """``[FIGURE]``: every permit that was neither renewed nor cancelled, once.

        ``offices`` as ``_offices`` gives it: the days of a span are those of each
        permit's own office. ``"state"`` of a figure is the expiry state of its permits.
        """
        # What a person decided on does not expire any more.
        open_ones = [("status", "not in", DECISIONS)]
        spans_of = {office: spans(*office) for office in set(offices.values())}
        counts, drafts = self._count_expiry([*domain, *open_ones], offices, spans_of)
        figures = [
            self._figure(
                key,
                self._span_label(key, spans_of),
                counts.get(key, 0),
                domain,
                [*open_ones, *self._span_domain(key, offices, spans_of)],
            )
            for key in SPAN_STATES
            if any(key in found for found in spans_of.values())
        ]
        for figure in figures:
            figure["state"] = SPAN_STATES[figure["key"]]
        none = [*open_ones, ("expiry_date", "=", False)]
        label, count = self.env._("Without Date"), counts.get("none", 0)
        without = self._figure("none", label, count, domain, none)
        without["state"] = "unknown"
        if drafts:
            without["note"] = self.env._(
                "including %(count)s in process",
                count=formatLang(self.env, drafts, digits=0),
            )
        return [*figures, without]

    @api.model
    def _count_expiry(self, domain, offices, spans_of):
        """``({key of a span, or none: number of permits}, drafts among those without
        a date)``: one query."""
        groups = self.env["sicantik.permit"]._read_group(
            domain, ["config_id", "expiry_date:day", "status"], ["__count"]
        )
        counts, drafts = {}, 0
        for config, expiry, status, count in groups:
            key = "none"
            if expiry:
                ends = spans_of[offices[config.id]].items()
                key = next(k for k, (_, last) in ends if not last or expiry <= last)
            elif status == "draft":
                drafts += count
            counts[key] = counts.get(key, 0) + count
        return counts, drafts

    @api.model
    def _span_domain(self, key, offices, spans_of):
        """Domain terms of a span: one branch for each day that it is in some office."""
        branches = []
        for office, found in spans_of.items():
            if key not in found:
                continue
            first, last = map(fields.Date.to_string, found[key])
            branch = [("expiry_date", ">=", first)] if first else []
            branch += [("expiry_date", "<=", last)] if last else []
            if len(spans_of) > 1:
                configs = [config for config, own in offices.items() if own == office]
                branch.insert(0, ("config_id", "in", configs))
            branches.append(["&"] * (len(branch) - 1) + branch)
        either = ["|"] * (len(branches) - 1)
        return [*either, *(term for branch in branches for term in branch)]

    @api.model
    def _span_label(self, key, spans_of):
        """The days of a span; where the limits of offices differ, its state."""
        days = {
            tuple((day - office[0]).days for day in found[key])
            for office, found in spans_of.items()
            if key in ("week", "critical", "warning") and key in found
        }
        if len(days) == 1:
            [(first, last)] = days
            if first == last:
                return self.env._("Day %(day)s", day=first)
            return self.env._("%(first)s–%(last)s Days", first=first, last=last)
        return {
            "expired": self.env._("Expired"),
            "today": self.env._("Today"),
            "week": self.env._("Within a Week"),
            "critical": self.env._("Critical"),
            "warning": self.env._("Expires Soon"),
            "half": self.env._("Up to 6 Months"),
            "year": self.env._("Up to 12 Months"),
            "later": self.env._("Later"),
        }[key]
