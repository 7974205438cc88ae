"""The figures of the dashboard, each with the permits that it counts."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.constants import MANAGER, OPERATOR, VIEWER


class SicantikDashboard(models.AbstractModel):
    """What the dashboard shows: one call, the user's own rights, nothing kept.

    FIGURE = ``{"key": str, "label": str, "count": int, "domain": list}``: whoever
    searches permits by ``domain`` finds ``count`` of them. The label is in the reader's
    language.
    """

    _name = "sicantik.dashboard"
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
        filters. CHART, WORKER and RUN are described where they are made.
        """
        self._require_viewer()
        filters = self._checked(filters or {})
        terms = self._terms(filters)
        domain, today = self._domain(terms), self._todays()
        counts = self._choice_counts(terms)
        names = self._type_names(counts["type_id"], filters["type_id"])
        return {
            "now": fields.Datetime.to_string(fields.Datetime.now()),
            "filters": filters,
            "choices": self._choices(filters, counts, names),
            **self._status_figures(domain),
            "expiry": self._expiry_figures(domain, today),
            "types": self._type_bars(
                domain, counts["type_id"], names, filters["type_id"]
            ),
            "districts": self._bars(
                domain, "district", counts["district"], filters["district"]
            ),
            "charts": self._charts(
                domain, filters["year"], counts["year"], max(today.values())
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
    def _figure(self, key, label, count, domain):
        return {"key": key, "label": label, "count": count, "domain": domain}

    @api.model
    def _count_by(self, domain, field):
        """``{value: number of permits}``, as the user may see them."""
        permits = self.env["sicantik.permit"]
        return dict(permits._read_group(domain, [field], ["__count"]))

    @api.model
    def _status_figures(self, domain):
        """``{"total": FIGURE, "status": [FIGURE]}``, every status there is."""
        counts = self._count_by(domain, "status")
        status = self.env["sicantik.permit"]._fields["status"]
        every = sum(counts.values())
        return {
            "total": self._figure("total", self.env._("All Permits"), every, domain),
            "status": [
                self._figure(
                    key, label, counts.get(key, 0), [*domain, ("status", "=", key)]
                )
                for key, label in status._description_selection(self.env)
            ],
        }
