"""Notices of a configuration: who answers for them, how long before, how long kept;
what the action *SICANTIK: Send Notices* does, and when notices may go out.
"""

from datetime import time

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from odoo.addons.sicantik_connector.tools.constants import MANAGER
from odoo.addons.sicantik_connector.tools.contacts import phone_key
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

# What people set of a configuration's notices.
SET_BY_PEOPLE = (
    "go_live_date",
    "user_id",
    "notice_steps",
    "tell_staff",
    "keep_addresses_days",
    "all_notices_email",
    "all_notices_phone",
)
MAX_STEP = 365
MIN_KEPT_DAYS = 30

NOTICES = "sicantik_notice.cron_notices"
# The office's daytime, which begins with the action. From the evening on nobody is
# written to: what becomes due then waits for the next morning.
MORNING, EVENING = time(9, 0), time(20, 0)
FAILED_NOTICES = "sicantik_notice.mail_activity_failed_notices"


def steps_of(text):
    """The numbers between commas, the largest first, each once; ValueError."""
    parts = [part.strip() for part in (text or "").split(",")]
    return sorted({int(part) for part in parts if part}, reverse=True)


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    go_live_date = fields.Date(
        "Notices From",
        copy=False,
        tracking=True,
        help="Notices begin on this day; nobody gets one for what passed before. "
        "Set to the day on which the worker first connects. Empty: no notices at all.",
    )
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
    all_notices_email = fields.Char(
        "All Notices To: E-mail",
        tracking=True,
        help="For trials: while this and the phone number are set, every notice goes "
        "there and none to its recipient, whatever the channel.",
    )
    all_notices_phone = fields.Char(
        "All Notices To: Phone",
        tracking=True,
        help="The number to call or write to instead of the recipient's.",
    )
    is_answered = fields.Boolean(
        "Somebody Answers for Notices", compute="_compute_is_answered"
    )

    @api.depends("user_id", "company_id")
    def _compute_is_answered(self):
        """Whether the responsible person is still there and may see permits."""
        for config in self:
            # sudo: whether somebody else is of the company
            user = config.sudo().user_id
            config.is_answered = bool(user) and config._may_answer(user)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_notices(vals) for vals in vals_list])

    def write(self, vals):
        waited = self.filtered(lambda config: config.worker_seen and not config.api_url)
        result = super().write(self._clean_notices(vals))
        if "api_url" in vals:
            waited._begin_notices()
        if "user_id" in vals:
            for config in self:
                config._ask_again()
        return result

    @api.model
    def _clean_notices(self, vals):
        """``vals`` with the steps in order, address and number of *All Notices To* as
        they are compared; what is none stays."""
        vals = self._clean_steps(vals)
        for name, clean in (
            ("all_notices_email", email_normalize),
            ("all_notices_phone", phone_key),
        ):
            if vals.get(name):
                vals = {**vals, name: clean(vals[name]) or vals[name]}
        return vals

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
        return name in SET_BY_PEOPLE or super()._people_may_write(name)

    @api.model
    def _clock(self):
        return {**super()._clock(), NOTICES: (MORNING.hour, MORNING.minute)}

    def _worker_met(self):
        self._begin_notices()
        return super()._worker_met()

    def _begin_notices(self):
        """Notices begin on the day on which the worker first connects; where there is
        no address of SICANTIK yet, on the day on which it is entered."""
        for config in self.filtered("api_url"):
            config.go_live_date = config.go_live_date or config._today()

    @nothing_for_none
    def action_pair_worker(self):
        """Who connects the worker answers for notices where nobody does yet. The
        superuser is no person."""
        action = super().action_pair_worker()
        self._paired_configs()._make_responsible(self.env.user)
        return action

    def _make_responsible(self, user):
        """``user`` answers for notices where nobody does yet and this person may."""
        for config in self:
            if not config.user_id and config._may_answer(user):
                config.user_id = user

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

    @api.constrains("all_notices_email", "all_notices_phone")
    def _check_all_notices(self):
        for config in self:
            email, phone = config.all_notices_email, config.all_notices_phone
            if not (email or phone):
                continue
            if not email or email_normalize(email) != email:
                remedy = self.env._("Give one e-mail address, and a phone number, too.")
                raise config._refusal("all_notices_email", remedy)
            if not phone or phone_key(phone) != phone:
                remedy = self.env._(
                    "Give one number with its country code, as in +6283601000123, and "
                    "an e-mail address, too."
                )
                raise config._refusal("all_notices_phone", remedy)

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for config in self:
            # sudo: managers may not see whether somebody else is of the company
            user = config.sudo().user_id
            if user and not config._may_answer(user):
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
        self._active_configs()._one_by_one(
            "_ask_again", "_find_notices", "_send_notices", "_tell_of_failures"
        )

    def _ask_again(self):
        """What waits for somebody who left goes to who answers for notices now."""
        # sudo: managers choose that person; nobody writes notices
        self.env["sicantik.notice"].sudo()._ask_again(self.sudo())

    def _find_notices(self):
        self.env["sicantik.notice"]._find_expiring(self)

    def _send_notices(self):
        """Whether there may be more to send."""
        return self.env["sicantik.notice"]._send_due(self)

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
        if MORNING <= local.time() < EVENING:
            return now
        return self._next_call(NOTICES, self.tz)

    def _responsible(self):
        """Who answers for notices, then who connected the worker."""
        return self.user_id + super()._responsible()

    def _tell_of_failures(self):
        """An activity for who answers for notices while there are failed ones."""
        self.ensure_one()
        failed = [("config_id", "=", self.id), ("state", "=", "failed")]
        count = self.env["sicantik.notice"].search_count(failed)
        user = self._whom_to_tell(self._responsible())
        earlier = self.activity_search([FAILED_NOTICES])
        gone = earlier.filtered(lambda a: not self._may_answer(a.user_id))
        (gone if count else earlier).unlink()
        # That of a person who answered for notices earlier tells nobody.
        if (
            count
            and user
            and not self.activity_search([FAILED_NOTICES], user_id=user.id)
        ):
            config = self.with_context(lang=user.lang or self.env.lang)
            config.activity_schedule(
                FAILED_NOTICES,
                date_deadline=self._today(),
                user_id=user.id,
                summary=config.env._("Notices that could not be sent"),
                note=config.env._(
                    "Notices could not be sent: %(count)s. Open SICANTIK › Notices, "
                    "filter Failed: each says why. Then press Send Again, or tell the "
                    "recipient yourself and press Called.",
                    count=count,
                ),
            )
