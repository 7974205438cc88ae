"""SICANTIK: Send Notices. What the action does, and when notices may go out."""

from datetime import time

from odoo import api, fields, models

from .config import CLOCK

NOTICES = "cron_notices"
# The office's daytime begins with the action's own hour. From the evening on nobody is
# written to: what becomes due then waits for the next morning.
EVENING = time(20, 0)
FAILED_NOTICES = "sicantik_connector.mail_activity_failed_notices"


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    @api.model
    def _cron_notices(self):
        """Find what is due, commit, then send it, a batch a transaction."""
        self._repeatable(self._find_notices)
        while self._repeatable(self._send_notices):
            pass

    @api.model
    def _find_notices(self):
        # sudo: as in _scheduled; permits expire without a worker, too
        configs = self.sudo().search([("active", "=", True)], order="id")
        for config in configs:
            config.env["sicantik.notice"]._find_expiring(config)
            config._tell_of_failures()

    @api.model
    def _send_notices(self):
        """Whether there may be more to send."""
        # sudo: as in _scheduled
        return self.sudo().env["sicantik.notice"]._send_due()

    def _is_live(self):
        """Whether notices are made: from the go-live date on, in the office's zone."""
        self.ensure_one()
        begin = self.go_live_date
        return bool(self.active and begin and begin <= self._today())

    def _notice_time(self):
        """From when on a new notice may be sent, in UTC: now in the office's daytime,
        else when the next one begins."""
        self.ensure_one()
        now = fields.Datetime.now()
        local = fields.Datetime.context_timestamp(self.with_context(tz=self.tz), now)
        if time(*CLOCK[NOTICES]) <= local.time() < EVENING:
            return now
        return self._next_call(NOTICES, self.tz)

    def _tell_of_failures(self):
        """An activity for who answers for notices while there are failed ones."""
        self.ensure_one()
        failed = [("config_id", "=", self.id), ("state", "=", "failed")]
        count = self.env["sicantik.notice"].search_count(failed)
        user = self._asked_of_failures()
        if not count:
            self.activity_search([FAILED_NOTICES]).unlink()
        # That of a person who answered for notices earlier tells nobody.
        elif not self.activity_search([FAILED_NOTICES], user_id=user.id):
            config = self.with_context(lang=user.lang or self.env.lang)
            config.activity_schedule(
                FAILED_NOTICES,
                date_deadline=self._today(),
                user_id=user.id,
                summary=config.env._("Notices that could not be sent"),
                note=config.env._(
                    "Notices to applicants could not be sent: %(count)s. Open SICANTIK "
                    "› Notices, filter Failed: each says why. Then send it again, or "
                    "tell the applicant yourself and cancel it.",
                    count=count,
                ),
            )

    def _asked_of_failures(self):
        """Who answers for notices, else who connected the worker, else the
        administrator: there is always somebody who hears of them."""
        users = self.user_id + self.worker_paired_by
        return users.filtered(self._may_answer)[:1] or self.env.ref("base.user_admin")
