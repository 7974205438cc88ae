"""What people enter by hand: dates, notes, and who may."""

from odoo import api, fields, models

from ..tools.constants import OPERATOR
from ..tools.rights import require_group

# Fields of the chatter and of activities, whose own models guard them.
CHATTER_PREFIXES = ("message_", "activity_", "website_message_", "rating_")
DATES_BY_HAND = {"expiry_date", "issue_date"}


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    source_issue_date = fields.Date("Issued in SICANTIK")
    issue_source = fields.Selection(
        [("detail", "Detail"), ("manual", "Entered by Hand")], "Issue Date From"
    )

    @api.model
    def _people_may_write(self, name):
        return name.startswith(CHATTER_PREFIXES) or super()._people_may_write(name)

    def _require_operator(self):
        """AccessError unless the user is an operator who may write these permits."""
        require_group(
            self,
            OPERATOR,
            self.env._(
                "Only members of the group SICANTIK / Operator may change permits. "
                "Ask an administrator for it."
            ),
            "write",
        )

    def write(self, vals):
        """People's dates go through their rules; the rest as always."""
        if self.env.su or not DATES_BY_HAND & vals.keys():
            return super().write(vals)
        self._check_people_fields(vals)
        self._require_operator()
        rest = dict(vals)
        if "issue_date" in vals:
            self._set_issue_date_by_hand(fields.Date.to_date(rest.pop("issue_date")))
        if "expiry_date" in vals:
            self._set_expiry_by_hand(fields.Date.to_date(rest.pop("expiry_date")))
        return super().write(rest) if rest else True

    def _set_issue_date_by_hand(self, date):
        """A date wins over SICANTIK's; ``None`` goes back to what SICANTIK says."""
        # sudo: the source follows from the date; access was checked in write()
        for permit in self.sudo():
            known = permit.source_issue_date
            source = "manual" if date else "detail" if known else False
            permit.write({"issue_date": date or known, "issue_source": source})

    def _set_expiry_by_hand(self, date):
        """A date wins over SICANTIK's; ``None`` goes back to what SICANTIK says.

        Like a sync, it leaves no note of a date where there was none.
        """
        # sudo: source and status follow from the date; access was checked in write()
        for permit in self.sudo():
            if date:
                vals = {"expiry_date": date, "expiry_source": "manual"}
            else:
                vals = {
                    "expiry_date": permit.source_expiry_date,
                    "expiry_source": permit.source_expiry_origin,
                }
            first = not permit.expiry_date
            permit.with_context(mail_notrack=first).write(vals)
            status = permit._status_today()
            if status != permit.status:
                permit.write({"status": status})
