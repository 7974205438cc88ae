"""The bars of the dashboard (permit types, districts), and what can be chosen there."""

from collections import Counter

from odoo import api, models

# Bars that are read at a glance.
BARS = 8


class SicantikDashboard(models.AbstractModel):
    _inherit = "sicantik.dashboard"

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
                [*domain, (field, "=", value)],
            )
            for value in shown
        ]
        if rest:
            others = [*domain, (field, "not in", shown), (field, "!=", False)]
            count = sum(counts[value] for value in rest)
            figures.append(self._figure(":others", self.env._("Others"), count, others))
        without = sum(count for value, count in counts.items() if not value)
        if without:
            none, label = [*domain, (field, "=", False)], self.env._("Not Known")
            figures.append(self._figure(":none", label, without, none))
        return figures
