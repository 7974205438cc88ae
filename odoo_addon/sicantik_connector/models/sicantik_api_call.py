"""The calls to SICANTIK, counted: how many, how long, how many without an answer."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import compat
from ..wording import call_errors_in_words

PURPOSES = [
    ("list", "List of Permits"),
    ("detail", "Permit by Number"),
    ("code", "Permit by Printed Code"),
    ("types", "Permit Types"),
    ("type_count", "Number of Permit Types"),
    ("other", "Other"),
]
PURPOSE_OF = {
    "listpermohonanterbit": "list",
    "cekperizinanizin": "detail",
    "cekperizinan": "code",
    "jenisperizinanlist": "types",
    "jumlahperizinan": "type_count",
}
# Rows that go in one transaction.
REMOVED_AT_ONCE = 10_000


class SicantikApiCall(models.Model):
    """The calls of one run to one endpoint, since one claim; retries included."""

    _name = "sicantik.api.call"
    _inherit = "sicantik.owned.mixin"
    _description = "SICANTIK API Calls"
    _order = "day desc, id desc"
    _rec_name = "endpoint"

    # Statistics outlive their run: an office may keep runs for a shorter time.
    run_id = fields.Many2one(
        "sicantik.sync.run", "Sync Run", index="btree_not_null", ondelete="set null"
    )
    claim = fields.Integer(aggregator=None, help="Which claim of the run it was.")
    config_id = fields.Many2one(
        "sicantik.config", "Configuration", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    day = fields.Date(required=True, index=True, help="In the office's zone.")
    endpoint = fields.Char(required=True)
    purpose = fields.Selection(PURPOSES, "Call", compute="_compute_purpose", store=True)
    calls = fields.Integer()
    failed = fields.Integer("Without an Answer")
    total_ms = fields.Integer("Time of All (ms)")
    slowest_ms = fields.Integer("Slowest (ms)", aggregator="max")
    average_ms = fields.Float("Average (ms)", digits=(16, 0), aggregator="avg")
    success_rate = fields.Float("Success (%)", digits=(16, 1), aggregator="avg")
    error_codes = fields.Json()
    error_text = fields.Char("Errors", compute="_compute_error_text")

    compat.add_constraint(
        locals(),
        "run_claim_endpoint_uniq",
        "UNIQUE(run_id, claim, endpoint)",
        "These calls are counted already.",
    )

    @api.depends("endpoint")
    def _compute_purpose(self):
        for call in self:
            call.purpose = PURPOSE_OF.get((call.endpoint or "").lower(), "other")

    @api.depends("error_codes")
    @api.depends_context("lang")
    def _compute_error_text(self):
        for call in self:
            call.error_text = call_errors_in_words(call.env, call.error_codes)

    def _read_group_select(self, aggregate_spec, query):
        """An average over rows weighs each row by its calls."""
        shares = {
            "average_ms:avg": ("total_ms", 1),
            "success_rate:avg": ("calls", 100),
        }
        if aggregate_spec not in shares:
            return super()._read_group_select(aggregate_spec, query)
        name, factor = shares[aggregate_spec]
        column = {
            name: self._field_to_sql(self._table, name, query)
            for name in ("total_ms", "calls", "failed")
        }
        amount = SQL("SUM(%s)", column[name])
        if name == "calls":
            amount = SQL("SUM(%s - %s)", column["calls"], column["failed"])
        return SQL(
            "%s * %s::float / NULLIF(SUM(%s), 0)", factor, amount, column["calls"]
        )

    @api.model
    def _values_of(self, item):
        """Field values of API of docs/interfaces.md; what is missing counts as 0."""
        calls, failed = int(item.get("calls") or 0), int(item.get("failed") or 0)
        total = int(item.get("total_ms") or 0)
        return {
            "calls": calls,
            "failed": failed,
            "total_ms": total,
            "slowest_ms": int(item.get("slowest_ms") or 0),
            "average_ms": total / calls if calls else 0.0,
            "success_rate": 100.0 * (calls - failed) / calls if calls else 0.0,
            "error_codes": item.get("error_codes") or False,
        }

    @api.model
    def _remove_old(self):
        """Delete what is older than its configuration keeps it.

        Returns whether there is more than went in this call; call with sudo.
        """

        def old_of(config):
            first = config._today() - timedelta(days=config.keep_api_days)
            return [("day", "<", first)]

        configs = self.env["sicantik.config"]
        old, more = configs._some_of_each(self, old_of, REMOVED_AT_ONCE)
        old.unlink()
        return more
