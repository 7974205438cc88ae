"""The values of a detail that was found."""

from datetime import timedelta

from odoo import models

from ..tools.constants import DETAIL_CYCLE_DAYS, DETAIL_CYCLE_NEAR_DAYS
from ..tools.contacts import npwp_key
from ..tools.permit_row import date_of, text_of

DATES = ("received_date", "company_founded")
TEXTS = (
    "applicant_address",
    "applicant_phone",
    "whatsapp_number",
    "whatsapp_state",
    "company_name",
    "company_npwp",
    "company_address",
    "company_phone",
    "district",
    "village",
    "regency",
    "province",
)
# Addresses are not indexed; this only keeps nonsense out.
MAX_DETAIL_TEXT = 2000


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    def _found_values(self, row, run, now):
        """``(values, changed, with_expiry)`` of a detail; RowError.

        The columns are written only when the fingerprint differs; when it was asked
        and when it is due again are always written.
        """
        detail = row.get("detail") or {}
        fingerprint = text_of(row.get("hash"), "hash", required=True)
        expiry = date_of(detail.get("expiry_date"), "expiry_date")
        values = {
            "detail_state": "found" if expiry else "no_expiry",
            "detail_misses": 0,
        }
        changed = self.detail_hash != fingerprint
        if changed:
            values.update({name: date_of(detail.get(name), name) for name in DATES})
            values.update(
                {
                    name: text_of(detail.get(name), name, MAX_DETAIL_TEXT)
                    for name in TEXTS
                },
                detail_hash=fingerprint,
                last_run_id=run.id,
                detail_flags=text_of(",".join(row.get("flags") or ()), "flags"),
            )
            values["company_npwp_key"] = npwp_key(values["company_npwp"])
            self._add_flags(values, "detail", values["detail_flags"], row.get("raw"))
            self._add_issue_date(
                values, date_of(detail.get("issue_date"), "issue_date")
            )
            self._add_detail_expiry(values, expiry, run.config_id)
        effective = values.get("expiry_date", self.expiry_date)
        values["detail_next_check"] = now + self._detail_cycle(effective, run.config_id)
        return values, changed, bool(expiry)

    def _add_issue_date(self, values, date):
        """A date by hand stays the effective one."""
        values["source_issue_date"] = date
        if self.issue_source != "manual":
            values.update(issue_date=date, issue_source="detail" if date else False)

    def _add_detail_expiry(self, values, expiry, config):
        """The detail's date is SICANTIK's word unless the list carries dates; a date
        by hand stays the effective one."""
        if self.source_expiry_origin == "list":
            return
        origin = "detail" if expiry else False
        values.update(source_expiry_date=expiry, source_expiry_origin=origin)
        if self.expiry_source != "manual":
            values.update(
                expiry_date=expiry,
                expiry_source=origin,
                status=self._status_for(
                    self.permit_number, expiry, config._today(), self.status
                ),
            )

    def _detail_cycle(self, expiry, config):
        """Time until the next call: shorter when the permit expires soon."""
        days = DETAIL_CYCLE_DAYS
        if expiry and 0 <= (expiry - config._today()).days <= config.warning_days:
            days = DETAIL_CYCLE_NEAR_DAYS
        return timedelta(days=days)

    def _issue_of(self, row):
        """The issue of a detail call that failed."""
        return {
            "key": self.permit_number or self.registration_number,
            "code": row.get("code") or "error",
            "message": row.get("message"),
            "permit_id": self.id,
        }
