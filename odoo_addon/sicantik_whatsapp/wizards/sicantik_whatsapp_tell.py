from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.sicantik_connector.tools.counted import PERMITS, listed
from odoo.addons.sicantik_connector.tools.rights import nothing_for_none

from ..models.tell import CHOSEN, REMINDER

# The dates of a message that say when it went out: the first that is known.
WENT_ON = ("date_accepted", "date_sent", "date_delivered", "date_read")
ROW = Markup('<tr><td class="text-end fw-bold text-nowrap">%s</td><td>%s</td></tr>')
TABLE = Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>')


class SicantikWhatsappTell(models.TransientModel):
    """Tells the contacts of chosen permits one approved text, after it has said who
    gets it, who does not and why, and by which limits it goes out."""

    _name = "sicantik.whatsapp.tell"
    _inherit = "sicantik.mixin"
    _description = "Tell Selected by WhatsApp"

    permit_ids = fields.Many2many("sicantik.permit", required=True)
    kind = fields.Selection(
        lambda self: self._kinds(), "What", required=True, default=CHOSEN[0]
    )
    chosen_count = fields.Integer("Permits", compute="_compute_plan")
    told_count = fields.Integer("Get the Message", compute="_compute_plan")
    left_out = fields.Html("Do Not Get It", compute="_compute_plan", sanitize=False)
    preview = fields.Text("How It Reads", compute="_compute_plan")
    limits = fields.Text("How It Goes Out", compute="_compute_limits")
    is_trial = fields.Boolean("Trial", compute="_compute_limits")

    @api.model
    def _kinds(self):
        kinds = self.env["sicantik.notice"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        return [(kind, labels[kind]) for kind in CHOSEN]

    @api.model_create_multi
    def create(self, vals_list):
        """AccessError for permits that the user may not see: Odoo 18 takes them."""
        wizards = super().create(vals_list)
        wizards.permit_ids.check_access("read")
        return wizards

    def _permits(self):
        """Those of the chosen ones that the user may see, with all rights."""
        # sudo: the plan looks at texts and blocked numbers, too
        return self.permit_ids._origin._filtered_access("read").sudo()

    def _plan(self):
        """``{permit: why not, or None}``."""
        notices = self.env["sicantik.notice"].sudo()
        return notices._why_not_selected(self._permits(), self.kind)

    @api.depends("permit_ids", "kind")
    @api.depends_context("lang", "uid")
    def _compute_plan(self):
        for wizard in self:
            plan = wizard._plan() if wizard.kind else {}
            told = [permit for permit, why in plan.items() if not why]
            wizard.chosen_count = len(plan)
            wizard.told_count = len(told)
            wizard.left_out = wizard._left_out_table(plan)
            shown = (told or list(plan))[:1]
            notices = self.env["sicantik.notice"].sudo()
            wizard.preview = bool(shown) and (
                notices._selected_notice(shown[0], wizard.kind)._selected_preview()
            )

    def _left_out_table(self, plan):
        """A row for each reason, with how many; False when everybody gets it."""
        counts = Counter(filter(None, plan.values()))
        reasons = self.env["sicantik.notice"]._selected_reasons()
        rows = [
            ROW % (formatLang(self.env, counts[code], digits=0), sentence)
            for code, sentence in reasons.items()
            if counts[code]
        ]
        return bool(rows) and TABLE % Markup().join(rows)

    @api.depends("permit_ids", "kind")
    @api.depends_context("lang", "uid")
    def _compute_limits(self):
        for wizard in self:
            configs = wizard._permits().config_id
            accounts = self.env["sicantik.whatsapp.account"].sudo()
            words = [wizard._limits_of(accounts._of(config)[:1]) for config in configs]
            wizard.limits = "\n".join(dict.fromkeys(filter(None, words)))
            wizard.is_trial = any(config.all_notices_phone for config in configs)

    def _limits_of(self, account):
        """The limits of the account that goes first; nothing without one."""
        if not account:
            return ""
        env, day = self.env, fields.Datetime.now() - timedelta(days=1)
        went = self.env["sicantik.whatsapp.message"].sudo()
        # Of some only the later news was heard.
        *earlier, last = WENT_ON
        gone = [(last, ">=", day)]
        for date in reversed(earlier):
            gone = ["|", (date, ">=", day), "&", (date, "=", False), *gone]
        own = [("account_id", "=", account.id), *gone]
        said = [
            env._(
                "At most %(day)s messages in 24 hours and %(minute)s a minute go out; "
                "%(went)s went out in the last 24 hours.",
                day=formatLang(env, account.per_day, digits=0),
                minute=formatLang(env, account.per_minute, digits=0),
                went=formatLang(env, went.search_count(own), digits=0),
            )
        ]
        is_meta = account.provider == "meta"
        people = account.daily_limit if is_meta else account.people_per_day
        if people:
            said.append(
                env._(
                    "Meta lets the office write to %s people in 24 hours.",
                    formatLang(env, people, digits=0),
                )
            )
        said.append(self._how_long())
        return " ".join(said)

    def _how_long(self):
        """Until when what waits is of use, by the rules of ``_whatsapp_expiry``."""
        if self.kind == REMINDER:
            return self.env._(
                "What goes beyond waits and follows by itself, for up to three days "
                "and never after the permit's last day; at night nothing goes out."
            )
        return self.env._(
            "What goes beyond waits and follows by itself, for up to seven days; "
            "at night nothing goes out."
        )

    @nothing_for_none
    def action_tell(self):
        """Queue the notices of those who get it, and list them; operators only."""
        self.ensure_one()
        # The group is checked here: the wizard is made by whoever calls it.
        self.permit_ids._require_operator()
        told = [permit for permit, why in self._plan().items() if not why]
        if not told:
            raise UserError(
                self.env._("Nobody gets this message. The list says why not.")
            )
        permits = self.env["sicantik.permit"].union(*told)
        # sudo: notices are written by methods only; the group was checked above
        notices = self.env["sicantik.notice"].sudo()
        made = notices._tell_selected(permits, self.kind)
        action = "sicantik_notice.sicantik_notice_action"
        return listed(self.env, action, [("id", "in", made.ids)])

    @nothing_for_none
    def action_view_left_out(self):
        """List the permits whose contacts do not get it."""
        self.ensure_one()
        left = [permit.id for permit, why in self._plan().items() if why]
        return listed(self.env, PERMITS.action, [("id", "in", left)])
