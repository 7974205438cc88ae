from odoo.exceptions import UserError

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
    # Odoo removes no type of activity that is in use.
    names = (FAILED_NOTICES, NOTIFY, TELL)
    types = [env.ref(name, raise_if_not_found=False) for name in names]
    activities = env["mail.activity"].with_context(active_test=False)
    used = [kind.id for kind in types if kind]
    activities.search([("activity_type_id", "in", used)]).unlink()
    # Odoo forgets those that have an external id, and those of models that go.
    mine = [("module.name", "=", "sicantik_notice"), ("type", "=", "f")]
    env["ir.model.constraint"].search(mine).unlink()
    # What its models inherit by way of one of the connector, Odoo filed there.
    own = {
        name.replace(".", "_")
        for name, model in env.registry.items()
        if model._original_module == "sicantik_notice"
    }
    filed = env["ir.model.data"].search(
        [("module", "=", "sicantik_connector"), ("model", "=", "ir.model.inherit")]
    )
    filed.filtered(lambda one: one.name.split("__")[1] in own).unlink()
