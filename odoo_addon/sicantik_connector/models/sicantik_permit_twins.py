"""Permits of different applications that carry the same number."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import compat
from ..tools.constants import NUMBERED, SEPARATOR


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    has_twin = fields.Boolean(
        "Number Given Twice",
        compute="_compute_has_twin",
        search="_search_has_twin",
        help="Another permit of the same SICANTIK has this number, too; blanks and "
        "capital letters do not count.",
    )

    @api.depends("identity")
    def _compute_has_twin(self):
        twins = self.search([("id", "in", self.ids), ("has_twin", "=", True)])
        for permit in self:
            permit.has_twin = permit in twins

    @api.model
    def _search_has_twin(self, operator, value):
        """A domain on ``id``; the number for comparing is the identity's last part."""
        is_in = compat.asks_for_true("has_twin", operator, value)
        self.flush_model(["config_id", "identity"])
        twins = SQL(
            """(
                SELECT id FROM (
                    SELECT id, COUNT(*) OVER (
                        PARTITION BY config_id, split_part(identity, %s, 3)
                    ) AS permits
                    FROM sicantik_permit
                    WHERE starts_with(identity, %s)
                ) AS numbered
                WHERE permits > 1
            )""",
            SEPARATOR,
            NUMBERED,
        )
        return [("id", "in" if is_in else "not in", twins)]
