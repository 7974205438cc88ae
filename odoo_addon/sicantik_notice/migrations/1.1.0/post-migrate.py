"""From 1.0.0 of the connector, whose version this addon takes over when it is cut out
of it: applicants get notices, for which somebody answers."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Notices begin with the upgrade: 1.0.0 set their first day when the worker came,
    and had none. Who connected the worker answers for them, where that user may."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    configs = env["sicantik.config"].with_context(
        active_test=False, mail_auto_subscribe_no_notify=True
    )
    for config in configs.search([("id", "!=", False)]):
        today = config._today()
        if config.go_live_date and config.go_live_date < today:
            config.go_live_date = today
        config._make_responsible(config.worker_paired_by)
