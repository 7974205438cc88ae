"""What the dashboard is narrowed to: a year, a permit type, a district."""

from odoo import api, models
from odoo.exceptions import UserError

FILTERS = {"year": int, "type_id": int, "district": str}
# Years that a date can have.
YEARS = range(1, 10000)


class SicantikDashboard(models.AbstractModel):
    _inherit = "sicantik.dashboard"

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
