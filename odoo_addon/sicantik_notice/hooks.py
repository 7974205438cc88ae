from odoo.exceptions import UserError

from odoo.addons.sicantik_connector.tools.uninstall import take_along

from .models.notice import FAILED_NOTICES, NOTIFY, TELL


def pre_init_hook(env):
    """UserError where the connector still has what is this addon's: only its upgrade
    hands that over."""
    if env.ref("sicantik_connector.model_sicantik_notice", raise_if_not_found=False):
        raise UserError(
            env._(
                "Upgrade SICANTIK Connector: it brings SICANTIK Notices with all its "
                "data. Nothing was changed."
            )
        )


def post_init_hook(env):
    """Where a worker was met before this addon came, notices begin today, and who
    connected it answers for them where that user may."""
    for config in env["sicantik.config"]._every_config().filtered("worker_seen"):
        config._begin_notices()
        config._make_responsible(config.worker_paired_by)


def uninstall_hook(env):
    """Take along what Odoo would leave behind, or would stumble over."""
    take_along(env, "sicantik_notice", (FAILED_NOTICES, NOTIFY, TELL))
