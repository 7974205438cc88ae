"""While SICANTIK does not answer, a run asks it again: what went wrong, which try it
was, and when the next one follows.
"""

from datetime import timedelta

from odoo import api, fields, models

from ...tools.constants import OPEN_STATES
from ...wording import error_detail, error_sentence, retry_sentence


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    retry = fields.Json("Asked Again", help="What the run waits for.")
    retry_text = fields.Char("Waiting for SICANTIK", compute="_compute_retry_text")
    retry_detail = fields.Char("Last Answer", compute="_compute_retry_text")

    @api.depends("retry")
    @api.depends_context("lang")
    def _compute_retry_text(self):
        now = fields.Datetime.now()
        for run in self:
            retry = run.retry or {}
            due = retry.get("next") and fields.Datetime.to_datetime(retry["next"])
            seconds = max((due - now).total_seconds(), 0) if due else 0
            said = retry and retry_sentence(run.env, retry, round(seconds))
            run.retry_text = said or False
            run.retry_detail = retry.get("message") or False

    @api.model
    def _retry_of(self, item):
        """RETRY of docs/interfaces.md as it is kept; False while SICANTIK answers."""
        retry = item.get("retry")
        if not retry:
            return False
        wait = timedelta(seconds=max(int(retry.get("seconds") or 0), 0))
        return {
            "attempt": int(retry.get("attempt") or 1),
            "code": str(retry.get("code") or "internal"),
            "message": str(retry.get("message") or ""),
            "next": fields.Datetime.to_string(fields.Datetime.now() + wait),
        }

    def _said(self):
        """What an open run waits for (empty while it works), or what came of it."""
        if self.state in OPEN_STATES:
            return self.retry_text or ""
        return self._result()

    def _was_answered(self):
        """Whether SICANTIK has answered a call of this claim of the run."""
        calls = self.call_ids.filtered(lambda call: call.claim == self.claims)
        return any(call.calls > call.failed for call in calls)

    def _error_in_full(self):
        """Why it failed, with the technical half, for who reads it in a terminal."""
        said = (self.env, self.error_code, self.error_message)
        sentence, detail = error_sentence(*said), error_detail(*said)
        return f"{sentence} ({detail})" if detail else sentence
