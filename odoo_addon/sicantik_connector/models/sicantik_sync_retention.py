"""The end of runs that nobody ends, and of runs that nobody needs any more."""

from datetime import timedelta

from odoo import api, fields, models

from ..tools.constants import MAX_ATTEMPTS, OPEN_STATES

# A claimed run whose worker gave no sign for so long is lost.
LOST_AFTER = timedelta(days=1)
# Runs that go in one transaction; the issues of each go with it.
REMOVED_AT_ONCE = 500


class SicantikSyncRun(models.Model):
    _inherit = "sicantik.sync.run"

    @api.model
    def _give_up_silent(self):
        """Close claimed runs whose lease ended more than a day ago; call with sudo."""
        silent = self.search(
            [
                ("state", "=", "claimed"),
                ("lease_until", "<", fields.Datetime.now() - LOST_AFTER),
            ]
        )
        silent.config_id._lock()
        silent._lock()
        for run in silent:
            run._lose(
                self.env._(
                    "Nothing was heard of its worker for a day. See that the worker's "
                    "service runs, then order the sync again."
                )
            )

    def _give_up_tried(self):
        """Close a run that was begun time and again without an end."""
        self._lose(
            self.env._(
                "The worker began it %(count)s times and never came to an end. Look "
                "into the worker's log for what stops it, then order the sync again.",
                count=MAX_ATTEMPTS,
            )
        )

    def _lose(self, reason):
        """Close the run as lost and say so to who asked for it."""
        self.write({"error_code": "lost", "error_message": reason})
        self._close("lost")
        self._free_config()

    @api.model
    def _remove_old(self):
        """Delete ended runs that are older than their configuration keeps them.

        The newest run of each kind stays, as does one that retried issues which stay.
        Returns whether there are more than went in this call; call with sudo.
        """
        now = fields.Datetime.now()

        def old_of(config):
            newest = self._read_group(
                [("config_id", "=", config.id)], ["kind"], ["id:max"]
            )
            return [
                ("state", "not in", OPEN_STATES),
                ("date_end", "<", now - timedelta(days=config.keep_runs_days)),
                ("id", "not in", [newest_id for _kind, newest_id in newest]),
                ("retried_issue_ids", "=", False),
            ]

        configs = self.env["sicantik.config"]
        old, more = configs._some_of_each(self, old_of, REMOVED_AT_ONCE)
        old.unlink()
        return more
