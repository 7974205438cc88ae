"""What Odoo leaves behind of an addon that builds on this one, or stumbles over."""


def take_along(env, addon, activity_types):
    """Remove it; for the ``uninstall_hook`` of ``addon``. ``activity_types``: external
    ids of its types of activities."""
    # Odoo removes no type of activity that is in use.
    types = [env.ref(name, raise_if_not_found=False) for name in activity_types]
    activities = env["mail.activity"].with_context(active_test=False)
    used = [kind.id for kind in types if kind]
    activities.search([("activity_type_id", "in", used)]).unlink()
    # Odoo forgets those that have an external id, and those of models that go.
    mine = [("module.name", "=", addon), ("type", "=", "f")]
    env["ir.model.constraint"].search(mine).unlink()
    # What its models inherit by way of one of the connector, Odoo filed there.
    own = {
        name.replace(".", "_")
        for name, model in env.registry.items()
        if model._original_module == addon
    }
    filed = env["ir.model.data"].search(
        [("module", "=", "sicantik_connector"), ("model", "=", "ir.model.inherit")]
    )
    filed.filtered(lambda one: one.name.split("__")[1] in own).unlink()
