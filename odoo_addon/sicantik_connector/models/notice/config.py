"""Notices of a configuration: who answers for them, how long before, how long kept;
what the action *SICANTIK: Send Notices* does, and when notices may go out.
"""

from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.constants import MANAGER, VIEWER
from ...tools.rights import nothing_for_none
from ..config import CLOCK

PEOPLE = {"user_id", "notice_steps", "keep_addresses_days"}
MAX_STEP = 365
MIN_KEPT_DAYS = 30

NOTICES = "cron_notices"
# The office's daytime begins with the action's own hour. From the evening on nobody is
# written to: what becomes due then waits for the next morning.
EVENING = time(20, 0)
FAILED_NOTICES = "sicantik_connector.mail_activity_failed_notices"


def steps_of(text):
    """The numbers between commas, the largest first, each once; ValueError."""
    parts = [part.strip() for part in (text or "").split(",")]
    return sorted({int(part) for part in parts if part}, reverse=True)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        tracking=True,
        copy=False,
        default=lambda self: self._default_user(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Tells applicants who have no e-mail address, and is told of notices that "
        "could not be sent.",
    )
    notice_steps = fields.Char(
        "Days Before Expiry",
        default="90, 60, 30, 7",
        help="How many days before the expiry date the applicant gets a notice. Leave "
        "one out, or empty the field for no such notices at all.",
    )
    keep_addresses_days = fields.Integer(
        "Keep Addresses",
        default=90,
        help="Days after which the address and the text of a notice are erased, 30 or "
        "more. That it was sent, and when, stays.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_steps(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_steps(vals))

    @api.model
    def _clean_steps(self, vals):
        """``vals`` with the steps in order; what is no list of numbers stays."""
        if not vals.get("notice_steps"):
            return vals
        try:
            steps = steps_of(vals["notice_steps"])
        except ValueError:
            return vals
        return {**vals, "notice_steps": ", ".join(map(str, steps))}

    @api.model
    def _default_user(self):
        """The manager who makes the configuration."""
        user = self.env.user
        return user if user.active and user.has_group(MANAGER) else None

    @api.model
    def _people_may_write(self, name):
        return name in PEOPLE or super()._people_may_write(name)

    @nothing_for_none
    def action_pair_worker(self):
        """Who connects the worker answers for notices where nobody does yet."""
        action = super().action_pair_worker()
        own = self.env.user.company_ids
        for config in self._paired_configs():
            if not config.user_id and config.company_id in own:
                config.user_id = self.env.user
        return action

    def _may_answer(self, user):
        """Whether ``user`` can be asked: active, of the company, may see permits."""
        self.ensure_one()
        own = self.company_id in user.company_ids
        return bool(user.active and own and user.has_group(VIEWER))

    @api.constrains("notice_steps")
    def _check_notice_steps(self):
        remedy = self.env._("Give days between commas, 1 to 365, as in 90, 60, 30, 7.")
        for config in self:
            try:
                steps = config._notice_steps_list()
            except ValueError:
                steps = [0]
            if any(not 1 <= step <= MAX_STEP for step in steps):
                raise config._refusal("notice_steps", remedy)

    @api.constrains("keep_addresses_days")
    def _check_keep_addresses_days(self):
        for config in self:
            if config.keep_addresses_days < MIN_KEPT_DAYS:
                remedy = self.env._("Give %(low)s or more.", low=MIN_KEPT_DAYS)
                raise config._refusal("keep_addresses_days", remedy)

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for config in self:
            # sudo: managers may not see whether somebody else is of the company
            user = config.sudo().user_id
            if user and not config.sudo()._may_answer(user):
                raise ValidationError(
                    self.env._(
                        "%(user)s may not see the permits of %(company)s. Choose "
                        "somebody else, or have an administrator give this person the "
                        "group SICANTIK / Viewer.",
                        user=user.name,
                        company=config.company_id.name,
                    )
                )

    def _notice_steps_list(self):
        """The days before expiry as numbers, the largest first."""
        self.ensure_one()
        return steps_of(self.notice_steps)

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
