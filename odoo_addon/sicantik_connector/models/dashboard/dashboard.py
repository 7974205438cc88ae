"""The figures of the dashboard, each with the permits that it counts: what they are
narrowed to (a year, a permit type, a district), and the bars of types and districts.
"""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from ...tools.constants import MANAGER, OPERATOR, VIEWER

FILTERS = {"year": int, "type_id": int, "district": str}
# Years that a date can have.
YEARS = range(1, 10000)

# Bars that are read at a glance.
BARS = 8


class SicantikDashboard(models.AbstractModel):
    """What the dashboard shows: one call, the user's own rights, nothing kept.

    FIGURE = ``{"key": str, "label": str, "count": int, "domain": list, "own": list}``:
    whoever searches permits by ``domain`` finds ``count`` of them. ``own`` is the
    domain without that of the filters, empty for all permits. The label is in the
    reader's language; a ``"note"``, where there is one, says what the count includes,
    and a ``"state"`` the expiry state of its permits, for the colour.
    """

    _name = "sicantik.dashboard"
    _inherit = "sicantik.mixin"
    _description = "SICANTIK Dashboard"

    @api.model
    @api.readonly
    def figures(self, filters=None):
        """Everything on the dashboard; viewers only.

        ``filters`` = ``{"year": int, "type_id": int, "district": str}``; what is
        missing or null does not filter. The year is that of the application number,
        because the issue date is known only for permits with detail.

        ``{"now": UTC, "filters", "choices": {"years": [int], "types": [{"id", "name"}],
        "districts": [str]}, "total": FIGURE, "status": [FIGURE], "expiry": [FIGURE],
        "types": [FIGURE], "districts": [FIGURE], "charts": {"registered": CHART,
        "issued": CHART}, "workers": [WORKER], "runs": [RUN], "may": {"sync", "connect",
        "configure"}}``. Each choice leaves at least one permit together with the other
        filters. ``"chosen": [{"key", "label", "terms"}]`` is what filters now. CHART,
        WORKER and RUN are described where they are made.
        """
        self._require_viewer()
        filters = self._checked(filters or {})
        terms = self._terms(filters)
        domain, offices = self._domain(terms), self._offices()
        counts = self._choice_counts(terms)
        names = self._type_names(counts["type_id"], filters["type_id"])
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "filters": filters,
            "choices": self._choices(filters, counts, names),
            "chosen": self._chosen(filters, terms, names),
            **self._status_figures(domain),
            "expiry": self._expiry_figures(domain, offices),
            "types": self._type_bars(
                domain, counts["type_id"], names, filters["type_id"]
            ),
            "districts": self._bars(
                domain, "district", counts["district"], filters["district"]
            ),
            "charts": self._charts(
                domain, filters["year"], counts["year"], max(offices.values())[0]
            ),
            "workers": self._workers(),
            "runs": self._last_runs(),
            "may": self._rights(),
        }

    @api.model
    def _rights(self):
        """Which buttons the user may press."""
        user = self.env.user
        return {
            "sync": user.has_group(OPERATOR),
            "connect": user.has_group("base.group_system"),
            "configure": user.has_group(MANAGER),
        }

    @api.model
    def _require_viewer(self):
        """AccessError unless the user is a viewer; an abstract model has no access
        rights of its own."""
        if not self.env.user.has_group(VIEWER):
            raise AccessError(
                self.env._(
                    "Only members of the group SICANTIK / Viewer may see the "
                    "dashboard. Ask an administrator for it."
                )
            )

    @api.model
    def _figure(self, key, label, count, domain, own=()):
        """FIGURE of the permits that ``domain``, the filters', and ``own`` find."""
        return {
            "key": key,
            "label": label,
            "count": count,
            "domain": [*domain, *own],
            "own": list(own),
        }

    @api.model
    def _count_by(self, domain, field):
        """``{value: number of permits}``, as the user may see them."""
        permits = self.env["sicantik.permit"]
        return dict(permits._read_group(domain, [field], ["__count"]))

    @api.model
    def _status_figures(self, domain):
        """``{"total": FIGURE, "status": [FIGURE]}``, every status there is. The figure
        of what has ended says in ``note`` of which kinds it is, where there are any."""
        permits = self.env["sicantik.permit"]
        counts, endings = Counter(), Counter()
        for status, ending, count in permits._read_group(
            domain, ["status", "ending"], ["__count"]
        ):
            counts[status] += count
            if status == "cancelled":
                endings[ending] += count
        figures = [
            self._figure(key, label, counts[key], domain, [("status", "=", key)])
            for key, label in permits._fields["status"]._description_selection(self.env)
        ]
        kinds = permits._fields["ending"]._description_selection(self.env)
        note = ", ".join(
            f"{label} {formatLang(self.env, endings[kind], digits=0)}"
            for kind, label in kinds
            if endings[kind]
        )
        for figure in figures:
            if figure["key"] == "cancelled" and note:
                figure["note"] = note
        every = self._figure("total", self.env._("All Permits"), counts.total(), domain)
        return {"total": every, "status": figures}

    @api.model
    def _checked(self, filters):
        """``filters`` with every name, None where there is none; UserError."""
        known = isinstance(filters, dict) and not filters.keys() - FILTERS.keys()
        checked = {name: known and filters.get(name) or None for name in FILTERS}
        typed = all(
            value is None or type(value) is FILTERS[name]
            for name, value in checked.items()
        )
        if not known or not typed or (checked["year"] or 1) not in YEARS:
            raise UserError(
                self.env._(
                    "The dashboard does not know this filter. Reload the page, then "
                    "choose again."
                )
            )
        return checked

    @api.model
    def _terms(self, filters):
        """The domain terms of each filter: ``{name: [term]}``."""
        year, type_id, district = (filters[name] for name in FILTERS)
        return {
            "year": [
                ("registered_month", ">=", f"{year:04}-01-01"),
                ("registered_month", "<=", f"{year:04}-12-31"),
            ]
            if year
            else [],
            "type_id": [("permit_type_id", "=", type_id)] if type_id else [],
            "district": [("district", "=", district)] if district else [],
        }

    @api.model
    def _domain(self, terms, without=None):
        """The domain of all filters, or of all but the one named ``without``."""
        chosen = [part for name, part in terms.items() if name != without]
        return [term for part in chosen for term in part]

    @api.model
    def _choice_counts(self, terms):
        """``{filter: {value: number of permits}}``, each without its own filter, so
        that another value can be chosen; the years as first days of months."""
        fields = {
            "year": "registered_month:month",
            "type_id": "permit_type_id",
            "district": "district",
        }
        return {
            name: self._count_by(self._domain(terms, without=name), field)
            for name, field in fields.items()
        }

    @api.model
    def _choices(self, filters, counts, names):
        """``{"years", "types", "districts"}`` of ``figures``; what is chosen stays a
        choice when the other filters leave nothing of it."""
        years = {month.year for month in counts["year"] if month} | {filters["year"]}
        districts = {*counts["district"], filters["district"]}
        return {
            "years": sorted(filter(None, years), reverse=True),
            "types": [{"id": key, "name": name} for key, name in names.items()],
            "districts": sorted(filter(None, districts)),
        }

    @api.model
    def _chosen(self, filters, terms, names):
        """``[{"key": name of the filter, "label": its value, "terms": [term]}]``; a
        type that the user may not see has no label."""
        labels = {**filters, "type_id": names.get(filters["type_id"], "")}
        return [
            {"key": key, "label": str(labels[key]), "terms": terms[key]}
            for key, value in filters.items()
            if value
        ]

    @api.model
    def _type_names(self, types, chosen):
        """``{id: name}`` by name; a name that two configurations have gets theirs."""
        found = self.env["sicantik.permit.type"].union(*types)
        if chosen and chosen not in found.ids:
            # Nothing is read of a type that the user may not see.
            found |= found.with_context(active_test=False).search([("id", "=", chosen)])
        often = Counter(found.mapped("name"))
        return {
            record.id: f"{record.name} ({record.config_id.name})"
            if often[record.name] > 1
            else record.name
            for record in found.sorted(lambda record: record.name.casefold())
        }

    @api.model
    def _type_bars(self, domain, types, names, chosen):
        """``[FIGURE]`` of the main types; ``types`` = ``{record: number}``."""
        counts = {permit_type.id: count for permit_type, count in types.items()}
        return self._bars(domain, "permit_type_id", counts, chosen, names)

    @api.model
    def _bars(self, domain, field, counts, chosen, names=None):
        """``[FIGURE]``: the most frequent values of ``field``, the others together, and
        the permits without one. Together they are the permits of ``domain``.

        Their keys begin with a colon; the others are the values themselves.
        """
        if chosen:
            counts = {chosen: counts.get(chosen, 0)}
        labels = {value: (names or {}).get(value, str(value)) for value in counts}
        ranked = sorted(
            filter(None, counts), key=lambda value: (-counts[value], labels[value])
        )
        shown, rest = ranked[:BARS], ranked[BARS:]
        figures = [
            self._figure(
                str(value),
                labels[value],
                counts[value],
                domain,
                [(field, "=", value)],
            )
            for value in shown
        ]
        if rest:
            others = [(field, "not in", shown), (field, "!=", False)]
            count, label = sum(counts[value] for value in rest), self.env._("Others")
            figures.append(self._figure(":others", label, count, domain, others))
        without = sum(count for value, count in counts.items() if not value)
        if without:
            none, label = [(field, "=", False)], self.env._("Not Known")
            figures.append(self._figure(":none", label, without, domain, none))
        return figures
