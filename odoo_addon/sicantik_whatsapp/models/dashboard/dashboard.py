"""What the dashboard says of WhatsApp: one call beside that of the permits, by the
user's own rights, nothing kept."""

from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from pytz import timezone, utc

from odoo import api, fields, models
from odoo.tools import format_datetime

from odoo.addons.sicantik_connector.tools.constants import MANAGER

from ..message import OPEN
from ..statistic import LOST

# The rows of the table, and the states of which a message counts there.
ROWS = {
    "waiting": OPEN,
    "sent": ("accepted", "sent"),
    "delivered": ("delivered",),
    "read": ("read",),
    "failed": LOST,
    "unknown": ("unknown",),
}


class SicantikWhatsappDashboard(models.AbstractModel):
    """FIGURE = ``{"key": str, "label": str, "count": int, "terms": list}``: whoever
    searches by ``terms`` finds ``count``, messages or answers."""

    _name = "sicantik.whatsapp.dashboard"
    _inherit = "sicantik.mixin"
    _description = "SICANTIK Dashboard of WhatsApp"

    @api.model
    @api.readonly
    def figures(self):
        """Everything that the dashboard says of WhatsApp; viewers only.

        ``{"accounts": [ACCOUNT], "spans": [{"key": "today" or "month", "label",
        "figures": [FIGURE]}], "answers": [FIGURE], "agreed": int, "may": {"configure":
        bool}}``. Spans count messages by the day on which they were made, without
        tests, each with the same rows in the same order; ``answers`` count the contacts
        of permits, and ``agreed`` is the share of those that agreed in per cent, None
        without a contact. ACCOUNT = ``{"id", "name", "state": "held", "failed",
        "never" or "ok", "state_label", "reason": sentence or ""}``, those to be looked
        at first.
        """
        self.env["sicantik.dashboard"]._require_viewer()
        answers = self._answer_figures()
        whole = sum(figure["count"] for figure in answers)
        return {
            "accounts": self._accounts(),
            "spans": self._spans(),
            "answers": answers,
            "agreed": self._share(answers[0]["count"], whole),
            "may": {"configure": self.env.user.has_group(MANAGER)},
        }

    @api.model
    def _share(self, part, whole):
        """In per cent, never 0 or 100 of what is neither; None of nothing."""
        if not whole:
            return None
        percent = round(100 * part / whole)
        return min(max(percent, 1 if part else 0), 100 if part == whole else 99)

    @api.model
    def _accounts(self):
        """``[ACCOUNT]`` of the active accounts."""
        env = self.env
        accounts = env["sicantik.whatsapp.account"].search([("active", "=", True)])
        labels = {
            "held": env._("Held"),
            "failed": env._("Does Not Work"),
            "never": env._("Not Checked"),
            "ok": env._("Works"),
        }
        found = []
        for account in accounts:
            held = bool(account.held_why)
            state = "held" if held else account.check_state
            reason = account.held_reason if held else account.check_reason
            if held and account.held_until:
                zone = account.config_id.tz
                moment = format_datetime(
                    env, account.held_until, tz=zone, dt_format="short"
                )
                until = env._("Held until %s.", moment)
                reason = f"{reason} {until}"
            found.append(
                {
                    "id": account.id,
                    "name": account.name,
                    "state": state,
                    "state_label": labels[state],
                    "reason": reason or "",
                }
            )
        return sorted(found, key=lambda account: list(labels).index(account["state"]))

    @api.model
    def _spans(self):
        """Today and this month, in the zone of the first office that the user sees."""
        config = self.env["sicantik.config"].search([("active", "=", True)], limit=1)
        zone = timezone(config.tz or "Asia/Jakarta")
        today = utc.localize(fields.Datetime.now()).astimezone(zone).date()
        begins = {
            "today": (self.env._("Today"), today),
            "month": (self.env._("This Month"), today + relativedelta(day=1)),
        }
        spans = []
        for key, (label, day) in begins.items():
            moment = zone.localize(datetime.combine(day, time())).astimezone(utc)
            since = fields.Datetime.to_string(moment.replace(tzinfo=None))
            span = [("date_queued", ">=", since), ("is_test", "=", False)]
            spans.append(
                {"key": key, "label": label, "figures": self._message_figures(span)}
            )
        return spans

    @api.model
    def _message_figures(self, span):
        """``[FIGURE]`` of messages, a row of the table each."""
        env, messages = self.env, self.env["sicantik.whatsapp.message"]
        counts = dict(messages._read_group(span, ["state"], ["__count"]))
        labels = {
            "waiting": env._("Waiting"),
            "sent": env._("Sent"),
            "delivered": env._("Delivered"),
            "read": env._("Read"),
            "failed": env._("Failed"),
            "unknown": env._("Unknown"),
        }
        return [
            {
                "key": key,
                "label": labels[key],
                "count": sum(counts.get(state, 0) for state in states),
                "terms": [*span, ("state", "in", list(states))],
            }
            for key, states in ROWS.items()
        ]

    @api.model
    def _answer_figures(self):
        """``[FIGURE]`` of contacts of permits, those that agreed first."""
        answers = self.env["sicantik.whatsapp.answer"]
        counts = dict(answers._read_group([], ["consent"], ["__count"]))
        labels = dict(answers._fields["consent"]._description_selection(self.env))
        return [
            {
                "key": key,
                "label": labels[key],
                "count": counts.get(key, 0),
                "terms": [("consent", "=", key)],
            }
            for key in ("opted_in", "opted_out", "unknown")
        ]
