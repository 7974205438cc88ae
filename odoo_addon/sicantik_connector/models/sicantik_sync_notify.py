"""One sentence to the person who ordered a run, when it has ended."""

from odoo import models

TYPES = {"done": "success", "partial": "warning", "failed": "danger", "lost": "danger"}


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    def _tell_user(self):
        """A pop-up in the browser of who ordered the run, in that person's language."""
        self.ensure_one()
        user = self.user_id
        if not user.active:
            return
        run = self.with_context(lang=user.lang or self.env.lang)
        labels = dict(run._fields["kind"]._description_selection(run.env))
        self.env["bus.bus"]._sendone(
            user.partner_id,
            "simple_notification",
            {
                "type": TYPES.get(run.state, "info"),
                "title": f"SICANTIK: {labels[run.kind]}",
                "message": run._sentence(),
                "sticky": run.state in ("failed", "lost"),
            },
        )

    def _result(self):
        """What came of the run, to be read beside its state; empty for a connection
        that was good, because what is known of it is the last test's."""
        if self.state == "done" and self.kind == "probe":
            return ""
        if self.state == "done" and self.kind != "compare":
            return self._counts_sentence()
        return self._sentence()

    def _sentence(self):
        """What came of the run, with counts or the error."""
        if self.state == "cancelled":
            return self.env._("The sync was stopped. What was done until then stays.")
        if self.state in ("failed", "lost"):
            reason = self.error_text or self.env._("Unknown error.")
            return self.env._("The sync failed: %(reason)s", reason=reason)
        if self.kind == "probe":
            return self._probe_sentence()
        if self.kind == "compare" and not self.error_text:
            return self._comparison_sentence()
        counts = self._counts_sentence()
        if self.state == "partial":
            reason = self.error_text or self.env._("See the issues of the run.")
            return self.env._(
                "Partly done: %(counts)s %(failed)s refused. %(reason)s",
                counts=counts,
                failed=self.failed,
                reason=reason,
            )
        return self.env._("Done: %(counts)s", counts=counts)

    def _counts_sentence(self):
        return self.env._(
            "%(created)s new, %(updated)s changed, %(unchanged)s unchanged.",
            created=self.created,
            updated=self.updated,
            unchanged=self.unchanged,
        )

    def _comparison_sentence(self):
        if self.state == "done":
            return self.env._(
                "Odoo is as SICANTIK says: %(count)s permits.", count=self.unchanged
            )
        return self.env._("Odoo and SICANTIK differ. See the issues of the run.")

    def _probe_sentence(self):
        config = self.config_id
        if config.connection_status == "connected":
            return self.env._(
                "SICANTIK answered in %(latency)s ms.", latency=config.latency_ms
            )
        return self.env._(
            "SICANTIK could not be reached: %(reason)s",
            reason=config.last_error or self.env._("Unknown error."),
        )
