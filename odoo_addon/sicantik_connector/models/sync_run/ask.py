"""One permit is asked for at once, while somebody waits at the counter.

Such a run is of a kind of its own, so that it does not wait for the end of a long one:
the worker that has that one takes it, too, and both share its calls a second.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.constants import OPEN_STATES, RUN_STATES
from ...tools.rights import nothing_for_none

# So long its permit's form shows what came of it.
SHOWN_FOR = timedelta(minutes=15)


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    def _ask_sentence(self):
        """What SICANTIK says of the permit, or why it says nothing."""
        self.ensure_one()
        # sudo: who ordered it may be told, wherever the sentence is read
        permit, issue = self.sudo().permit_ids[:1], self.sudo().issue_ids[:1]
        if self.state in ("failed", "lost", "cancelled") or self.error_code:
            return self.error_text or self.env._("The question was withdrawn.")
        if issue:
            return issue.sentence
        if not permit or permit.detail_run_id != self:
            return self.env._("This permit could not be asked for.")
        if permit.detail_state == "no_data":
            return self.env._("SICANTIK has no details of this permit.")
        date = permit.source_expiry_date
        if not date:
            return self.env._("SICANTIK has no expiry date for this permit.")
        said = self.env._(
            "SICANTIK says: valid until %(date)s.", date=format_date(self.env, date)
        )
        if permit.expiry_source == "manual" and permit.expiry_date != date:
            by_hand = self.env._("The date that was entered by hand stays.")
            said = f"{said} {by_hand}"
        return said

    def _ask_told(self):
        """The same for who has left the permit's page."""
        number = self.sudo().permit_ids[:1].permit_number
        return f"{number}: {self._ask_sentence()}" if number else self._ask_sentence()

    def _ask_text(self):
        """Where the question stands, and what came of it."""
        if self.state == "claimed" and self._lease_lives():
            return self.retry_text or self.env._("SICANTIK is being asked…")
        if self.state in OPEN_STATES:
            remedy = self.config_id._worker_remedy(self)
            return remedy or self.env._("The worker is told to ask SICANTIK…")
        return self._ask_sentence()


class SicantikPermit(models.Model):
    _inherit = "sicantik.permit"

    ask_run_id = fields.Many2one(
        "sicantik.sync.run", "Last Question", compute="_compute_ask"
    )
    ask_state = fields.Selection(
        RUN_STATES, "State of the Question", compute="_compute_ask"
    )
    ask_text = fields.Char("Answer of SICANTIK", compute="_compute_ask")

    @api.depends_context("lang", "uid")
    def _compute_ask(self):
        """The last question about each permit, while it is open or fresh."""
        since = fields.Datetime.now() - SHOWN_FOR
        runs = self.env["sicantik.sync.run"]
        for permit in self:
            run = runs.search(
                [
                    ("kind", "=", "ask"),
                    ("permit_ids", "in", permit.ids),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", since),
                ],
                order="id desc",
                limit=1,
            )
            permit.ask_run_id, permit.ask_state = run, run.state
            permit.ask_text = run._ask_text() if run else False

    @nothing_for_none
    def action_ask_now(self):
        """Ask SICANTIK for this permit at once; operators only. The form shows what
        comes of it."""
        self.ensure_one()
        self._require_operator()
        if not self.permit_number:
            raise UserError(
                self.env._("SICANTIK can only be asked for a permit that has a number.")
            )
        config = self.config_id
        config._require_active()
        if not config.api_url:
            return config._lead_to_address()
        # sudo: nobody may write runs directly; the group was checked above
        runs = self.env["sicantik.sync.run"].sudo()
        runs._order_run(config, "ask", permits=self.sudo())
        return True
