"""How SICANTIK answered in the last seven days, and how long that is known."""

from collections import Counter
from datetime import timedelta

from odoo import fields, models

from ..wording import call_error_labels, error_sentence
from .sicantik_api_call import PURPOSES

SUMMARY_DAYS = 7
# Look-ups that say how the next ones will go; fewer may be chance.
ENOUGH_LOOKUPS = 20


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
