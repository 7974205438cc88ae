"""The dashboard's look at the workers and their last runs."""

from odoo import api, fields, models

from ...tools.constants import OPEN_STATES

# Runs that stand beside the figures.
RUNS = 5
# What is read of them, in one query.
RUN_FIELDS = [
    "config_id",
    "kind",
    "state",
    "create_date",
    "date_end",
    "total",
    "done",
    "created",
    "updated",
    "unchanged",
    "failed",
    "eta_seconds",
    "error_code",
    "error_message",
    "retry",
]
CONFIG_FIELDS = [
    "name",
    "active",
    "api_url",
    "probe",
    "connection_status",
    "connection_reached",
    "worker_seen",
    "last_sync_date",
    "last_expiry_sync_date",
    "permits_ordered",
    "sync_interval",
]


class SicantikDashboard(models.AbstractModel):
    _inherit = "sicantik.dashboard"

    @api.model
    def _workers(self):
        """``[WORKER]`` of the active configurations.

        WORKER = ``{"id", "name", "address", "test_failed": why the last test of the
        address failed, "connection": unknown, connected or error, "reached": when
        SICANTIK last answered, "state": never, connected or silent, "state_label",
        "seen", "last_sync", "last_expiry_sync", "next_look", "key_state": none, valid,
        ending or ended, "key_ends"}``; id and name are the configuration's, texts may
        be empty, times are UTC or False.
        """
        configs = self.env["sicantik.config"].search_fetch(
            [("active", "=", True)], CONFIG_FIELDS
        )
        labels = self._labels(configs, "worker_state")
        looks = configs._next_looks()
        return [
            {
                "id": config.id,
                "name": config.name,
                "address": config.api_url or "",
                "test_failed": config._failed_test(),
                "connection": config.connection_status,
                "reached": self._time(config.connection_reached),
                "state": config.worker_state,
                "state_label": labels[config.worker_state],
                "seen": self._time(config.worker_seen),
                "last_sync": self._time(config.last_sync_date),
                "last_expiry_sync": self._time(config.last_expiry_sync_date),
                "next_look": self._time(looks.get(config)),
                "key_state": config.api_key_state,
                "key_ends": self._time(config.api_key_expires),
            }
            for config in configs
        ]

    @api.model
    def _last_runs(self):
        """``[RUN]``: those that are open, then those that ended last.

        RUN = ``{"id", "config", "kind_label", "state", "state_label", "time": when it
        was ordered or ended, "total", "done", "eta_seconds", "text": what came
        of it; while it is open what it waits for, if anything, "is_waiting": whether
        SICANTIK is asked again}``.
        """
        runs = self.env["sicantik.sync.run"].search_fetch(
            # An open run has no end, which comes first. What somebody asks at the
            # counter stands on the permit.
            [("kind", "!=", "ask")],
            RUN_FIELDS,
            limit=RUNS,
            order="date_end desc, id desc",
        )
        kinds, states = self._labels(runs, "kind"), self._labels(runs, "state")
        return [
            {
                "id": run.id,
                "config": run.config_id.name,
                "kind_label": kinds[run.kind],
                "state": run.state,
                "state_label": states[run.state],
                "time": self._time(run.date_end or run.create_date),
                "total": run.total,
                "done": run.done,
                "eta_seconds": run.eta_seconds,
                "text": run._said(),
                "is_waiting": bool(run.state in OPEN_STATES and run.retry),
            }
            for run in runs
        ]

    @api.model
    def _labels(self, records, name):
        return dict(records._fields[name]._description_selection(self.env))

    @api.model
    def _time(self, value):
        return fields.Datetime.to_string(value)
