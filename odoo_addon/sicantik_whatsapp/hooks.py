def uninstall_hook(env):
    """Take along what Odoo would leave behind."""
    # Odoo forgets those that have an external id, and those of models that go.
    mine = [("module.name", "=", "sicantik_whatsapp"), ("type", "=", "f")]
    env["ir.model.constraint"].search(mine).unlink()
    # What its models inherit by way of one of the connector, Odoo filed there.
    own = {
        name.replace(".", "_")
        for name, model in env.registry.items()
        if model._original_module == "sicantik_whatsapp"
    }
    filed = env["ir.model.data"].search(
        [("module", "=", "sicantik_connector"), ("model", "=", "ir.model.inherit")]
    )
    filed.filtered(lambda one: one.name.split("__")[1] in own).unlink()
