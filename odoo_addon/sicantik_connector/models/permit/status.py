"""Which status a permit has: what follows from number and date, brought up to date when
a day begins, and what people write and decide.

People enter dates, which the status follows, and decide that a permit is cancelled, or
open again; that it is renewed is in renewal.py.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.constants import DECISIONS, OPERATOR
from ...tools.landing import quietly
from ...tools.rights import require_group

# Fields of the chatter and of activities, whose own models guard them.
CHATTER_PREFIXES = ("message_", "activity_", "website_message_", "rating_")
# What people may write that has rules of its own.
BY_HAND = {"cancel_reason", "expiry_date", "issue_date", "status"}

# Notes of one batch of inserts.
NOTES = 1000


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    source_issue_date = fields.Date("Issued in SICANTIK")
    issue_source = fields.Selection(
        [("detail", "Detail"), ("manual", "Entered by Hand")], "Issue Date From"
    )

    cancel_reason = fields.Text("Reason for Cancelling", tracking=True)
    cancel_date = fields.Date("Cancelled on")

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
        """Dates and a status by hand follow their rules; the rest as always."""
        if self.env.su or not BY_HAND & vals.keys():
            return super().write(vals)
        self._check_people_fields(vals)
        self._require_operator()
        rest = dict(vals)
        status, reason = rest.pop("status", None), rest.pop("cancel_reason", None)
        if "issue_date" in vals:
            self._set_issue_date_by_hand(fields.Date.to_date(rest.pop("issue_date")))
        if "expiry_date" in vals:
            self._set_expiry_by_hand(fields.Date.to_date(rest.pop("expiry_date")))
        result = super().write(rest) if rest else True
        # The status last: a date in the same call may be what it follows from.
        if "status" in vals:
            self._set_status_by_hand(status, reason)
        if "cancel_reason" in vals and status != "cancelled":
            self._correct_reason(reason)
        return result

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

    def _status_today(self, decided=True):
        """The status that follows today; ``decided``: a person's decision stays."""
        # sudo: only the zone is read
        today = self.sudo().config_id._today()
        current = self.status if decided else None
        return self._status_for(self.permit_number, self.expiry_date, today, current)

    def _status_label(self, status):
        labels = dict(self._fields["status"]._description_selection(self.env))
        return labels[status]

    def _set_status_by_hand(self, status, reason=None):
        """Renewed and cancelled are people's decisions, the others follow from number
        and date: choosing the one that follows takes a decision back."""
        changed = self.filtered(lambda permit: permit.status != status)
        if status == "cancelled":
            changed._cancel(reason)
        elif status == "renewed":
            changed._mark_renewed(self.browse())
        else:
            changed._check_follows(status)
            changed._reopen()

    def _check_follows(self, status):
        for permit in self:
            derived = permit._status_today(decided=False)
            if status != derived:
                raise UserError(
                    self.env._(
                        "By its number and expiry date, %(permit)s is “%(status)s”; "
                        "nobody has to set that. Besides, it can be marked as renewed, "
                        "or cancelled with a reason.",
                        permit=permit.display_name,
                        status=self._status_label(derived),
                    )
                )

    def _correct_reason(self, reason):
        if (
            self.filtered(lambda p: p.status != "cancelled")
            or not (reason or "").strip()
        ):
            raise UserError(
                self.env._(
                    "A reason belongs to a cancelled permit, which always has one. Use "
                    "Cancel Permit to cancel, or Reopen to take it back."
                )
            )
        # sudo: access was checked in write()
        self.sudo().write({"cancel_reason": reason.strip()})

    def _cancel(self, reason):
        """Cancel these permits for a ``reason``; operators only.

        UserError without a reason, or when one is renewed or cancelled already.
        """
        self._require_operator()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._(
                    "A permit is cancelled with a reason: press Cancel Permit and say "
                    "why. It is kept with the permit."
                )
            )
        self._require_open()
        for config, permits in self.grouped("config_id").items():
            # sudo: only the zone is read
            today = config.sudo()._today()
            permits._decide(status="cancelled", cancel_reason=reason, cancel_date=today)

    def _reopen(self):
        """Take a decision back: the status follows from number and date again, and the
        renewal is forgotten. Operators only; UserError when nothing was decided."""
        self._require_operator()
        for permit in self:
            if permit.status not in DECISIONS:
                raise UserError(
                    self.env._(
                        "%s is neither renewed nor cancelled, so there is nothing to "
                        "take back.",
                        permit.display_name,
                    )
                )
            permit._decide(
                status=permit._status_today(decided=False),
                renewed_by_id=False,
                cancel_reason=False,
                cancel_date=False,
            )

    def _require_open(self):
        """UserError when one of the permits is renewed or cancelled already."""
        for permit in self:
            if permit.status in DECISIONS:
                raise UserError(
                    self.env._(
                        "%(permit)s is “%(status)s” already. Reopen it first.",
                        permit=permit.display_name,
                        status=self._status_label(permit.status),
                    )
                )

    def _decide(self, **values):
        """Write what a person decided; the caller has checked access and rules."""
        before = self.grouped("status")
        # sudo: status and what belongs to it are written by their rules only
        self.sudo().write(values)
        for old_status, permits in before.items():
            permits._after_status_by_hand(old_status)

    def _after_status_by_hand(self, old_status):
        """A person changed the status of these permits from ``old_status``. For files
        and addons that have something to tell."""

    @api.model
    def _update_expired(self, config):
        """Active → expired where the date lies before the office's today, and back.

        Two statements, whatever the number of permits. Drafts and what people decided
        (renewed, cancelled) stay. Call with sudo.
        """
        today = config._today()
        self.flush_model(["config_id", "expiry_date", "status"])
        past = SQL("expiry_date < %s", today)
        present = SQL("(expiry_date IS NULL OR expiry_date >= %s)", today)
        changes = {
            **self._turn(config, "active", "expired", past),
            **self._turn(config, "expired", "active", present),
        }
        self.invalidate_model(["status"])
        ids = sorted(changes)
        for start in range(0, len(ids), NOTES):
            part = ids[start : start + NOTES]
            self._note_changes({key: changes[key] for key in part})

    @api.model
    def _turn(self, config, old, new, condition):
        """Give the permits of ``config`` in status ``old`` the status ``new``; what
        deserves a note, as ``_note_changes`` takes it."""
        quietly(
            self.env.cr,
            SQL(
                "UPDATE sicantik_permit SET status = %s, write_uid = %s,"
                " write_date = NOW() AT TIME ZONE 'UTC'"
                " WHERE config_id = %s AND status = %s AND %s RETURNING id",
                new,
                self.env.uid,
                config.id,
                old,
                condition,
            ),
        )
        return {key: (old, new, False, False) for (key,) in self.env.cr.fetchall()}
