"""The calls to SICANTIK, counted: how many, how long, how many without an answer.

The worker counts those of its run; the configuration shows how SICANTIK answered in the
last seven days.
"""

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import compat
from ...tools.constants import MAX_TEXT
from ...tools.counted import listed
from ...tools.rights import nothing_for_none
from ...wording import call_error_labels, call_errors_in_words, error_sentence

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

SUMMARY_DAYS = 7
# Look-ups that say how the next ones will go; fewer may be chance.
ENOUGH_LOOKUPS = 20


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
    purpose = fields.Selection(
        PURPOSES, "Kind of Call", compute="_compute_purpose", store=True
    )
    calls = fields.Integer("How Many")
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
    def _remove_old(self, config):
        """Delete what is older than ``config`` keeps it.

        Returns whether there may be more than went in this call; call with sudo.
        """
        first = config._today() - timedelta(days=config.keep_api_days)
        old = self.search(
            [("config_id", "=", config.id), ("day", "<", first)],
            order="id",
            limit=REMOVED_AT_ONCE,
        )
        old.unlink()
        return len(old) == REMOVED_AT_ONCE


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    # Not ``attempts``: a run that was handed back in order begins that one anew, and
    # its next worker would write over what the first one counted.
    claims = fields.Integer("Times Claimed")
    call_ids = fields.One2many("sicantik.api.call", "run_id", "Calls by Endpoint")

    def _take_calls(self, told):
        """Store ``[API]`` of docs/interfaces.md. It holds absolute values since the
        claim, so that one that comes twice changes nothing."""
        self._check_batch(told)
        known = {
            call.endpoint: call for call in self.call_ids if call.claim == self.claims
        }
        for item in told:
            endpoint = str(item.get("endpoint") or "?")[:MAX_TEXT]
            values = self.call_ids._values_of(item)
            if endpoint in known:
                known[endpoint].write(values)
                continue
            known[endpoint] = self.call_ids.create(
                {
                    **values,
                    "run_id": self.id,
                    "claim": self.claims,
                    "config_id": self.config_id.id,
                    "company_id": self.company_id.id,
                    "day": self.config_id._today(),
                    "endpoint": endpoint,
                }
            )


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    keep_api_days = fields.Integer(
        "Keep API Statistics",
        default=30,
        help="Days for which the calls to SICANTIK stay counted, 7 or more.",
    )
    api_summary = fields.Json("API Calls (7 Days)", compute="_compute_api_summary")

    def _compute_api_summary(self):
        """``{"calls", "failed", "success_rate", "average_ms", "slowest_ms",
        "purposes": […], "errors": [{"code", "label", "meaning", "calls"}]}``, rates in
        percent; False without a call."""
        for config in self:
            domain = config._calls_of_the_week()
            purposes = config._calls_by_purpose(domain)
            config.api_summary = bool(purposes) and {
                **_sum(purposes),
                "purposes": purposes,
                "errors": config._calls_by_error(domain),
            }

    @nothing_for_none
    def action_view_calls(self):
        """Open what the summary counts."""
        self.ensure_one()
        action = "sicantik_connector.sicantik_api_call_action"
        return listed(self.env, action, self._calls_of_the_week())

    def _calls_of_the_week(self):
        first = self._today() - timedelta(days=SUMMARY_DAYS - 1)
        return [("config_id", "in", self.ids), ("day", ">=", first)]

    def _calls_by_purpose(self, domain):
        calls = self.env["sicantik.api.call"]
        groups = calls._read_group(
            domain,
            ["purpose"],
            ["calls:sum", "failed:sum", "total_ms:sum", "slowest_ms:max"],
        )
        labels = dict(calls._fields["purpose"]._description_selection(self.env))
        names = ("calls", "failed", "total_ms", "slowest_ms")
        found = {
            purpose: {"purpose": purpose, "label": labels[purpose], **_sum([values])}
            for purpose, *figures in groups
            if (values := dict(zip(names, figures, strict=True)))["calls"]
        }
        return [found[purpose] for purpose, _label in PURPOSES if purpose in found]

    def _calls_by_error(self, domain):
        """``[{"code", "label", "meaning", "calls"}]``, the most frequent first."""
        rows = self.env["sicantik.api.call"].search_fetch(
            [*domain, ("failed", ">", 0)], ["error_codes"]
        )
        count = Counter()
        for row in rows:
            count.update(row.error_codes or {})
        labels = call_error_labels(self.env)
        return [
            {
                "code": code,
                "label": labels.get(code, code),
                "meaning": code in labels and error_sentence(self.env, code, False),
                "calls": calls,
            }
            for code, calls in count.most_common()
        ]

    def _detail_experience(self):
        """``(misses, seconds)`` of the detail calls that are still counted: the share
        of first look-ups that found nothing (None: not known yet), and the time of one
        call."""
        groups = self.env["sicantik.api.call"]._read_group(
            [("config_id", "in", self.ids), ("purpose", "in", ("detail", "code"))],
            ["purpose"],
            ["calls:sum", "failed:sum", "total_ms:sum"],
        )
        known = {purpose: figures for purpose, *figures in groups}
        first, failed, first_ms = known.get("detail", (0, 0, 0))
        second, second_failed, second_ms = known.get("code", (0, 0, 0))
        answered, missed = first - failed, second - second_failed
        misses = None
        if answered >= ENOUGH_LOOKUPS:
            misses = min(missed / answered, 1.0)
        calls = first + second
        return misses, (first_ms + second_ms) / calls / 1000 if calls else 0.0


def _sum(parts):
    """The figures of ``parts`` together."""
    calls, failed, total = (
        sum(part[name] for part in parts) for name in ("calls", "failed", "total_ms")
    )
    return {
        "calls": calls,
        "failed": failed,
        "total_ms": total,
        "slowest_ms": max(part["slowest_ms"] for part in parts),
        "success_rate": 100.0 * (calls - failed) / calls,
        "average_ms": total / calls,
    }
