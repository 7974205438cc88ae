"""What people do with a permit: a date by hand, renewed, cancelled, notes."""

from odoo import api, fields, models
from odoo.exceptions import UserError

DECISIONS = ("renewed", "cancelled")
# Fields of the chatter and of activities, whose own models guard them.
CHATTER_PREFIXES = ("message_", "activity_", "website_message_", "rating_")


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    @api.model
    def _people_may_write(self, name):
        return name.startswith(CHATTER_PREFIXES) or super()._people_may_write(name)

    def write(self, vals):
        """People's dates and statuses go through their rules; the rest as always."""
        if self.env.su or not {"expiry_date", "status"} & vals.keys():
            return super().write(vals)
        self._check_people_fields(vals)
        self.check_access("write")
        rest = dict(vals)
        if "expiry_date" in vals:
            self._set_expiry_by_hand(fields.Date.to_date(rest.pop("expiry_date")))
        if "status" in vals:
            self._set_status_by_hand(rest.pop("status"))
        return super().write(rest) if rest else True

    def _set_expiry_by_hand(self, date):
        """A date wins over SICANTIK's; ``None`` goes back to what SICANTIK says."""
        # sudo: source and status follow from the date; access was checked in write()
        for permit in self.sudo():
            if date:
                vals = {"expiry_date": date, "expiry_source": "manual"}
            else:
                vals = {
                    "expiry_date": permit.source_expiry_date,
                    "expiry_source": permit.source_expiry_origin,
                }
            vals["status"] = permit._status_for(
                permit.permit_number,
                vals["expiry_date"],
                permit.config_id._today(),
                permit.status,
            )
            permit.write(vals)

    def _set_status_by_hand(self, status):
        """Renewed and cancelled are people's decisions, the others follow from number
        and date: choosing the one that follows takes a decision back."""
        # sudo: access was checked in write()
        for permit in self.sudo():
            derived = permit._status_for(
                permit.permit_number, permit.expiry_date, permit.config_id._today()
            )
            if status not in (*DECISIONS, derived):
                labels = dict(self._fields["status"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "By its number and expiry date, %(permit)s is “%(status)s”. "
                        "Choose that, “Renewed” or “Cancelled”.",
                        permit=permit.display_name,
                        status=labels[derived],
                    )
                )
            permit.write({"status": status})

    @api.model
    def _status_for(self, number, expiry, today, current=None):
        """The status that follows from number and expiry date.

        ``current`` stays when it is a person's decision (renewed, cancelled).
        """
        if current in DECISIONS:
            return current
        if not number:
            return "draft"
        return "expired" if expiry and expiry < today else "active"
