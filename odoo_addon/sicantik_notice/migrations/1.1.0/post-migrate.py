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
        today, user = config._today(), config.worker_paired_by
        if config.go_live_date and config.go_live_date < today:
            config.go_live_date = today
        if not config.user_id and config._may_answer(user):
            config.user_id = user
