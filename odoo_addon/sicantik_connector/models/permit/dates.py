"""Dates that people enter: they win over SICANTIK's, the status follows from them, and
they keep the rules by which SICANTIK's own are flagged.

What SICANTIK says is not refused here: the worker flags it.
"""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...wording import flag_labels

DATES = ("issue_date", "expiry_date")
# The worker's rule for SICANTIK's dates (src/domain/date.rs), in whole years.
FIRST_YEAR, LAST_YEAR = 1990, 2100
# An expiry date further ahead is asked about.
FAR_YEARS = 10
# mail's notes of changes hold no date of an earlier year.
FIRST_NOTED_YEAR = 1000


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    source_issue_date = fields.Date("Issued in SICANTIK")
    issue_source = fields.Selection(
        [("detail", "Detail"), ("manual", "Entered by Hand")], "Issue Date From"
    )

    def _set_dates_by_hand(self, vals):
        """ValidationError for what is no date, and, in the words of the flag, for one
        out of range."""
        days = {n: self._date_by_hand(n, vals[n]) for n in DATES if n in vals}
        for name, day in days.items():
            if refusal := self._refusal_of_date(name, day):
                raise ValidationError(refusal)
        if "issue_date" in days:
            self._set_issue_date_by_hand(days["issue_date"])
        if "expiry_date" in days:
            self._set_expiry_by_hand(days["expiry_date"])

    @api.model
    def _date_by_hand(self, name, value):
        """The date that a person writes into the field ``name``, or ``None``;
        ValidationError for what is none."""
        try:
            return fields.Date.to_date(value)
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(value)s” is no date. Write year, month and day, for "
                    "example 2030-12-31.",
                    field=self._fields[name]._description_string(self.env),
                    value=str(value),
                )
            ) from error

    @api.model
    def _refusal_of_date(self, name, day):
        """Why a person may not write ``day`` into the field ``name``; ``None`` when
        they may."""
        if not day or FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        return self.env._(
            "%(field)s, %(date)s: %(reason)s. Check the year.",
            field=self._fields[name]._description_string(self.env),
            date=format_date(self.env, day),
            reason=flag_labels(self.env)["date_out_of_range"],
        )

    @api.onchange(*DATES)
    def _onchange_dates(self):
        """Ask about dates that are possible, but seldom meant."""
        changed = [name for name in DATES if self[name] != self._origin[name]]
        refusals = [self._refusal_of_date(name, self[name]) for name in changed]
        questions = list(filter(None, refusals)) or self._questions_about(changed)
        if not questions:
            return None
        title = self.env._("Is the Date Right?")
        return {"warning": {"title": title, "message": "\n".join(questions)}}

    def _questions_about(self, changed):
        """Sentences about the dates by hand in the fields ``changed``."""
        env, issued, expires = self.env, self.issue_date, self.expiry_date
        # sudo: only the zone is read
        today = self.sudo().config_id._today()
        questions = []
        if changed and issued and expires and expires < issued:
            questions.append(
                env._(
                    "The expiry date, %(expires)s, lies before the issue date, "
                    "%(issued)s.",
                    expires=format_date(env, expires),
                    issued=format_date(env, issued),
                )
            )
        if "issue_date" in changed and issued and issued > today:
            questions.append(
                env._("The issue date, %s, lies ahead.", format_date(env, issued))
            )
        far = today + relativedelta(years=FAR_YEARS)
        if "expiry_date" in changed and expires and expires > far:
            questions.append(
                env._(
                    "The expiry date, %(expires)s, is more than %(years)s years ahead.",
                    expires=format_date(env, expires),
                    years=FAR_YEARS,
                )
            )
        return questions

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
            permit._follow_date()

    def _follow_date(self):
        """Give this permit the status that follows from its date today."""
        status = self._status_today()
        if status != self.status:
            self.write({"status": status})

    def _mail_track(self, tracked_fields, initial_values):
        """A year that mail cannot note counts as no date: it can be corrected."""
        values = {
            name: False if _is_unnoted(value) else value
            for name, value in initial_values.items()
            if not _is_unnoted(self[name])
        }
        return super()._mail_track(tracked_fields, values)


def _is_unnoted(value):
    return isinstance(value, date) and value.year < FIRST_NOTED_YEAR
