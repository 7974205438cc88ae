"""Scheduled runs that fail one after another: one activity and one e-mail to whoever
answers for the office, gone with the first run that comes to its end.

Failures are counted by kind, because one kind may fail night after night while the
others go well. A kind that was in trouble and comes to its end ends the whole trouble:
it was SICANTIK's, and the other kinds begin to count anew.
"""

from markupsafe import Markup

from odoo import fields, models

from ...tools.constants import KINDS

FAILED_SYNCS = "sicantik_connector.mail_activity_failed_syncs"
# Failures in a row that are told: one may be a restart of SICANTIK.
TELL_AFTER = 2
# What the schedule orders; a run of everything is one of each.
COUNTED = ("types", "permits", "expiry")


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    def _counted_kinds(self):
        """The kinds of which the run says how they go; few permits say nothing."""
        if self.limit or self.restricted:
            return ()
        kinds = COUNTED if self.kind == "all" else (self.kind,)
        return [kind for kind in kinds if kind in COUNTED]

    def _broke_off(self):
        """Whether the run ended by itself before it came to its end."""
        broke_off = self.state == "partial" and bool(self.error_code)
        return broke_off or self.state in ("failed", "lost")


class SicantikConfig(models.Model):
    _inherit = "sicantik.config"

    sync_failures = fields.Json(
        "Scheduled Syncs Failing",
        readonly=True,
        copy=False,
        help="How often scheduled syncs of each kind have failed in a row.",
    )
    failures_user_id = fields.Many2one(
        "res.users",
        "Told of Failing Syncs",
        readonly=True,
        copy=False,
        help="Who was told that scheduled syncs fail, until one succeeds.",
    )

    def _note_result(self, run):
        """Count the end of ``run``, and tell of failures, or that they are over."""
        self.ensure_one()
        failures, kinds = dict(self.sync_failures or {}), run._counted_kinds()
        if run._broke_off() and run.origin == "schedule":
            failures |= {kind: failures.get(kind, 0) + 1 for kind in kinds}
        elif run.state in ("done", "partial") and not run._broke_off():
            ended = [failures.pop(kind, 0) for kind in kinds]
            if any(count >= TELL_AFTER for count in ended):
                failures = {}
        if failures != (self.sync_failures or {}):
            self.sync_failures = failures or False
        if any(count >= TELL_AFTER for count in failures.values()):
            self._tell_of_failing(run)
        elif self.failures_user_id:
            self._activity_of_failing().unlink()
            self.failures_user_id = False

    def _activity_of_failing(self):
        """The open activity; Odoo answers False where somebody deleted its type."""
        found = self.activity_search([FAILED_SYNCS])
        return found or self.env["mail.activity"]

    def _responsible(self):
        """Who answers for the office, the first one first."""
        return self.worker_paired_by

    def _tell_of_failing(self, run):
        """An activity and an e-mail, once for each trouble, and again when the person
        may not answer any more, whose activity may have gone with that person."""
        told = self.failures_user_id
        if not self.active or (told and self._may_answer(told)):
            return
        user = self._whom_to_tell(self._responsible())
        if not user:
            return
        self._activity_of_failing().unlink()
        config = self.with_context(lang=user.lang or self.env.lang)
        summary = config.env._("SICANTIK: scheduled syncs fail")
        note = config._words_of_failing(run.with_env(config.env))
        # The e-mail below tells of it, whatever the person wants of Odoo.
        config.with_context(mail_activity_quick_update=True).activity_schedule(
            FAILED_SYNCS,
            date_deadline=self._today(),
            user_id=user.id,
            summary=summary,
            note=note,
        )
        config._mail_of_failing(user, summary, note)
        self.failures_user_id = user

    def _words_of_failing(self, run):
        """Which syncs fail, why the last one did, and what to do."""
        labels = dict(run._fields["kind"]._description_selection(self.env))
        failing = [labels[kind] for kind, _label in KINDS if self._is_failing(kind)]
        return self.env._(
            "Scheduled syncs of “%(config)s” fail again and again: %(kinds)s. "
            "%(reason)s The schedule goes on trying, nothing in Odoo is lost, and this "
            "activity goes by itself when a sync succeeds.",
            config=self.name,
            kinds=", ".join(failing),
            reason=run.error_text or "",
        )

    def _is_failing(self, kind):
        return (self.sync_failures or {}).get(kind, 0) >= TELL_AFTER

    def _mail_of_failing(self, user, subject, note):
        """Put the e-mail to ``user`` into Odoo's queue; nothing without an address."""
        if not user.email:
            return
        link = f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"
        body = Markup('<p>{}</p><p><a href="{}">{}</a></p>')
        self.env["mail.mail"].create(
            {
                "subject": f"{subject} ({self.name})",
                "body_html": body.format(note, link, self.name),
                "email_from": self.company_id.email_formatted or user.email_formatted,
                "email_to": user.email_formatted,
            }
        )
        # Else the e-mail waits for the next hour of Odoo's own action.
        self._start_action("mail.ir_cron_mail_scheduler_action")
