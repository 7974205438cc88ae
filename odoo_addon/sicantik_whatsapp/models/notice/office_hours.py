"""People of the office and officials are written to in the office's hours only: what
comes outside them begins when the office opens. Applicants keep the night's rule.

The hours are Odoo's working time of the company, with its holidays, in the office's own
zone: where *Resource* made that calendar by itself it has the zone of whoever installed
it. Without a calendar they are Monday to Friday, 7:30 to 16:00.
"""

from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import fields, models

from odoo.addons.sicantik_notice.models.notice import APPLICANT

OPENS, CLOSES = time(7, 30), time(16, 0)
SATURDAY = 5
# So far ahead the calendar is asked; with no hour of work in it the usual hours hold.
LOOKED_AHEAD = (timedelta(days=14), timedelta(days=400))


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    def _office_time(self):
        """From when on people of the office may be written to, in UTC: now in the
        office's hours, else when it opens."""
        self.ensure_one()
        now = fields.Datetime.now()
        local = utc.localize(now).astimezone(timezone(self.tz))
        opening = self._opening_of_calendar(local) or self._usual_opening(local)
        return max(now, opening.astimezone(utc).replace(tzinfo=None))

    def _office_closes(self):
        """When the office closes today, in UTC; asked for while it is open."""
        self.ensure_one()
        zone = timezone(self.tz)
        local = utc.localize(fields.Datetime.now()).astimezone(zone)
        day = local.date()
        midnight = zone.localize(datetime.combine(day + timedelta(days=1), time()))
        ends = [end for _begin, end in self._hours_of_calendar(local, midnight)]
        usual = zone.localize(datetime.combine(day, CLOSES))
        return max(ends, default=usual).astimezone(utc).replace(tzinfo=None)

    def _opening_of_calendar(self, local):
        """The next hour of work from ``local`` on; None where no calendar says one."""
        for ahead in LOOKED_AHEAD:
            for begin, _end in self._hours_of_calendar(local, local + ahead):
                return begin
        return None

    def _hours_of_calendar(self, begin, end):
        """``[(begin, end)]`` of the company's working time; none without a calendar."""
        # sudo: whoever causes a notice need not see working times
        company = self.sudo().company_id
        if "resource_calendar_id" not in company._fields:
            return []
        calendar = company.resource_calendar_id
        if not calendar:
            return []
        zone = timezone(self.tz)
        hours = calendar._work_intervals_batch(begin, end, tz=zone)[False]
        return [(since, until) for since, until, _attendance in hours]

    def _usual_opening(self, local):
        """The next of the usual hours from ``local`` on."""
        zone, day = timezone(self.tz), local.date()
        while True:
            closes = zone.localize(datetime.combine(day, CLOSES))
            if day.weekday() < SATURDAY and local < closes:
                return zone.localize(datetime.combine(day, OPENS))
            day += timedelta(days=1)


class SicantikNotice(models.Model):
    _inherit = "sicantik.notice"

    def _choose_channel(self):
        result = super()._choose_channel()
        kept = self.filtered(
            lambda notice: notice.state == "due" and notice._keeps_office_hours()
        )
        for config, notices in kept.grouped("config_id").items():
            notices.date_due = config._office_time()
        return result

    def _keeps_office_hours(self):
        own = self.recipient_type != APPLICANT
        return own and self.channel == "whatsapp"

    def _out_before_morning(self):
        """An office may open before applicants are written to."""
        early = self.filtered(lambda notice: notice._keeps_office_hours())
        return super()._out_before_morning() | early

    def _put_off(self):
        now, late = fields.Datetime.now(), self.browse()
        kept = self.filtered(lambda notice: notice._keeps_office_hours())
        for config, notices in kept.grouped("config_id").items():
            opens = config._office_time()
            if opens > now:
                notices.date_due = opens
                late |= notices
        late._wake_action()
        return super()._put_off() | late
