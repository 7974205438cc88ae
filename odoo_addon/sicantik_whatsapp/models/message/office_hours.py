"""A message to somebody of the office that waited for a worker waits on outside the
office's hours. Within them it goes out, also before applicants are written to: until
the office closes. What does not get its turn at the worker by then begins anew when it
opens again.
"""

from odoo import api, fields, models

from odoo.addons.sicantik_notice.models.notice import APPLICANT


class SicantikWhatsappMessage(models.Model):
    _inherit = "sicantik.whatsapp.message"

    office_hours = fields.Boolean("In the Office's Hours Only", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        notices = self.env["sicantik.notice"]
        for vals in vals_list:
            notice = notices.browse(vals.get("notice_id"))
            vals["office_hours"] = notice and notice.recipient_type != APPLICANT
        return super().create(vals_list)

    @api.model
    def _claimable(self, accounts):
        now = fields.Datetime.now()
        closed = accounts.config_id.filtered(lambda one: one._office_time() > now)
        if not closed:
            return super()._claimable(accounts)
        elsewhere = ("config_id", "not in", closed.ids)
        waits = ["|", ("office_hours", "=", False), elsewhere]
        return [*waits, *super()._claimable(accounts)]

    def _claim_values(self, ways):
        values = super()._claim_values(ways)
        if self.office_hours and self.config_id._notice_time() > fields.Datetime.now():
            ends = filter(None, (self.expires_at, self.config_id._office_closes()))
            values["at_night"] = True
            values["expires_at"] = fields.Datetime.to_string(min(ends))
        return values

    def _tell_notice(self, state, at, why):
        early = not self.expires_at or at < self.expires_at
        closed = state == "expired" and self.office_hours and early
        if closed and self.notice_id and not self.cancel_requested:
            self.notice_id._begin_anew(self.notice_attempt)
            return None
        return super()._tell_notice(state, at, why)
